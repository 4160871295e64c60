using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Microservices.Errors;

/// <summary>
/// A text for a person, in any language: an English sentence with numbered places, which is also the key of its translations, and what stands in them.
/// Written as an interpolated string, <c>$"Could not find {label}: {name}"</c>, whose key is <c>Could not find {0}: {1}</c>.
/// </summary>
/// <remarks>A place that holds a <see cref="Message"/> itself, such as a field's label, is translated too; any other value stands as it is.</remarks>
[InterpolatedStringHandler]
public sealed class Message
{
    private readonly StringBuilder _key;
    private readonly List<object?> _arguments = [];
    private readonly string _separator = "";

    /// <summary>Used by the compiler for an interpolated string.</summary>
    public Message(int literalLength, int formattedCount) => _key = new StringBuilder(literalLength + (3 * formattedCount));

    private Message(string key) => _key = new StringBuilder(key);

    private Message(string separator, IEnumerable<Message> parts)
    {
        _key = new StringBuilder();
        _separator = separator;
        _arguments.AddRange(parts);
    }

    /// <summary>The English text with numbered places: what translations are looked up by.</summary>
    public string Key => _key.ToString();

    /// <summary>A text without places.</summary>
    public static implicit operator Message(string text) => new(text);

    /// <summary>Texts in a row, each of them translated.</summary>
    public static Message Join(string separator, IEnumerable<Message> parts) => new(separator, parts);

    /// <summary>Used by the compiler for an interpolated string.</summary>
    public void AppendLiteral(string value) => _key.Append(value);

    /// <inheritdoc cref="AppendLiteral"/>
    public void AppendFormatted<T>(T value)
    {
        _key.Append(CultureInfo.InvariantCulture, $"{{{_arguments.Count}}}");
        _arguments.Add(value);
    }

    /// <inheritdoc cref="AppendLiteral"/>
    public void AppendFormatted<T>(T value, string format)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>The English text.</summary>
    public override string ToString() => In(static _ => null);

    /// <summary>The text in another language.</summary>
    /// <param name="translate">Gives the translation of a key, with the same places in any order; null when it has none.</param>
    public string In(Func<string, string?> translate)
    {
        if (_separator.Length > 0)
        {
            return string.Join(_separator, _arguments.Select(part => Shown(part, translate)));
        }

        var key = Key;
        var pattern = translate(key) ?? key;
        return _arguments.Count == 0 ? pattern : Fill(pattern, translate);
    }

    // Braces that enclose no number of a place are text: a translator's slip must not become a failure.
    private string Fill(string pattern, Func<string, string?> translate)
    {
        var text = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var end = pattern[i] == '{' ? pattern.IndexOf('}', i) : -1;
            if (end > 0 && int.TryParse(pattern.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < _arguments.Count)
            {
                text.Append(Shown(_arguments[place], translate));
                i = end;
            }
            else
            {
                text.Append(pattern[i]);
            }
        }

        return text.ToString();
    }

    private static string Shown(object? value, Func<string, string?> translate) => value switch
    {
        null => "",
        Message message => message.In(translate),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
