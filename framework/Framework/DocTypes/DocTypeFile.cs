using System.IO.Enumeration;
using System.Text;
using System.Text.Json;

namespace Microservices.DocTypes;

/// <summary>A JSON file in parts, each of which knows the line it starts on.</summary>
internal sealed class DocTypeFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _utf8;
    private readonly JsonElement _root;
    private readonly Dictionary<string, List<(JsonElement Value, long Offset)>> _items = new(StringComparer.Ordinal);

    private DocTypeFile(byte[] utf8, string source)
    {
        _utf8 = utf8;
        Source = source;
        try
        {
            _root = JsonElement.Parse(utf8);
            if (IsDocType)
            {
                RememberOffsets();
            }
        }
        catch (JsonException error)
        {
            throw new DocTypeException(source, $"the file is not JSON: {Reason(error)}", (int)(error.LineNumber ?? 0) + 1, error);
        }
        catch (InvalidOperationException error)
        {
            throw BrokenText(source, error);
        }

        Root = new JsonObjectReader(_root, reason => Error(reason, 0));
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>The keys of the file's object.</summary>
    public JsonObjectReader Root { get; }

    /// <summary>Whether the file describes a DocType.</summary>
    public bool IsDocType => _root.ValueKind is JsonValueKind.Object
        && _root.TryGetProperty("doctype", out var kind) && kind.ValueKind is JsonValueKind.String && kind.ValueEquals("DocType");

    /// <summary>Takes a text apart.</summary>
    /// <exception cref="DocTypeException">It is not JSON.</exception>
    public static DocTypeFile Parse(string json, string source) => new(Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF')), source);

    /// <summary>Takes the JSON files of a folder and of the folders in it apart.</summary>
    /// <exception cref="DocTypeException">There is no such folder, or a file is not JSON.</exception>
    public static IEnumerable<DocTypeFile> ReadFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new DocTypeException(path, $"there is no such folder; relative paths start at {Directory.GetCurrentDirectory()}");
        }

        // Mounted configuration is made of linked files; a linked folder could hold itself.
        var files = new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), new() { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.EndsWith(".json", StringComparison.OrdinalIgnoreCase),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            string text;
            try
            {
                text = File.ReadAllText(file, s_utf8);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
            {
                throw new DocTypeException(file, $"the file cannot be read as UTF-8 text: {error.Message}", innerException: error);
            }

            yield return Parse(text, file);
        }
    }

    /// <summary>The objects of a list; none when the key is absent.</summary>
    /// <exception cref="DocTypeException">The value is not a list of objects.</exception>
    public IEnumerable<JsonObjectReader> Objects(string key)
    {
        _ = Root.Array(key);
        foreach (var (value, offset) in _items.GetValueOrDefault(key, []))
        {
            yield return value.ValueKind is JsonValueKind.Object
                ? new JsonObjectReader(value, reason => Error(reason, offset))
                : throw Error($"'{key}' holds something that is not an object", offset);
        }
    }

    /// <summary>A <see cref="JsonElement"/> does not know its place, so the items of lists are read once more with it.</summary>
    private void RememberOffsets()
    {
        var reader = new Utf8JsonReader(_utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            _items.Remove(key); // Of a key that stands twice the last one counts, as in Python.
            if (reader.TokenType is not JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            var items = _items[key] = [];
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var offset = reader.TokenStartIndex;
                items.Add((JsonElement.ParseValue(ref reader), offset));
            }
        }
    }

    /// <summary>The error of half a character, written as an escape; System.Text.Json finds it only when the text is taken.</summary>
    public static DocTypeException BrokenText(string source, InvalidOperationException error) =>
        new(source, $"the file holds a text that is no text: {error.Message}", innerException: error);

    private DocTypeException Error(string reason, long offset) =>
        new(Source, reason, 1 + _utf8.AsSpan(0, (int)offset).Count((byte)'\n'));

    private static string Reason(JsonException error)
    {
        var text = error.Message;
        var place = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? text : text[..place]).TrimEnd('.');
    }
}
