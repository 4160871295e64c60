using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Errors;

namespace Microservices.Resources.Patching;

/// <summary>A list of changes to a JSON document.</summary>
/// <remarks>RFC 6902.</remarks>
internal static class JsonPatch
{
    private const int MaxOperations = 1000;

    /// <summary>One change.</summary>
    public sealed record Operation(string Op, JsonPointer Path, JsonPointer? From, JsonNode? Value);

    /// <summary>Reads a patch.</summary>
    /// <exception cref="DataException">It is malformed; the message names the operation.</exception>
    public static List<Operation> Parse(JsonElement patch)
    {
        if (patch.ValueKind is not JsonValueKind.Array)
        {
            throw new DataException("A JSON patch is a list of operations");
        }

        if (patch.GetArrayLength() > MaxOperations)
        {
            throw new DataException($"A JSON patch has at most {MaxOperations} operations");
        }

        return [.. patch.EnumerateArray().Select(Operation)];

        static Operation Operation(JsonElement item, int index)
        {
            if (item.ValueKind is not JsonValueKind.Object)
            {
                throw new DataException($"Operation {index} is not an object");
            }

            var op = Text(item, "op", index);
            var path = JsonPointer.Parse(Text(item, "path", index));
            return op switch
            {
                "add" or "replace" or "test" => new(op, path, null, item.TryGetProperty("value", out var value) ? ToNode(value) : throw new DataException($"Operation {index} has no value")),
                "remove" => new(op, path, null, null),
                "move" or "copy" => new(op, path, JsonPointer.Parse(Text(item, "from", index)), null),
                _ => throw new DataException($"Operation {index} is '{op}', not add, remove, replace, move, copy or test"),
            };
        }
    }

    /// <summary>Applies a patch and returns the document that comes of it; all operations hold or an exception is thrown.</summary>
    /// <exception cref="PatchTestException">A test does not hold.</exception>
    /// <exception cref="DataException">A path points to nothing.</exception>
    public static JsonNode? Apply(JsonNode? root, IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            root = operation.Op switch
            {
                "add" => Add(root, operation.Path, operation.Value?.DeepClone()),
                "remove" => Remove(root, operation.Path),
                "replace" => Replace(root, operation.Path, operation.Value?.DeepClone()),
                "copy" => Add(root, operation.Path, operation.From!.Get(root)?.DeepClone()),
                "move" => Move(root, operation),
                _ => Test(root, operation),
            };
        }

        return root;
    }

    private static string Text(JsonElement item, string member, int index) =>
        item.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : throw new DataException($"Operation {index} has no {member}");

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(value.Clone()),
        JsonValueKind.Array => JsonArray.Create(value.Clone()),
        _ => JsonValue.Create(value.Clone()),
    };

    private static JsonNode? Add(JsonNode? root, JsonPointer path, JsonNode? value)
    {
        if (path.Segments.Length == 0)
        {
            return value;
        }

        switch (path.Locate(root))
        {
            case (JsonObject map, var key):
                map[key] = value;
                break;
            case (JsonArray list, var key):
                list.Insert(key == "-" ? list.Count : path.Index(key, list.Count), value);
                break;
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, JsonPointer path)
    {
        if (path.Segments.Length == 0)
        {
            return null;
        }

        switch (path.Locate(root))
        {
            case (JsonObject map, var key):
                _ = map.Remove(key) ? true : throw path.Missing();
                break;
            case (JsonArray list, var key):
                list.RemoveAt(path.Index(key, list.Count - 1));
                break;
        }

        return root;
    }

    private static JsonNode? Replace(JsonNode? root, JsonPointer path, JsonNode? value)
    {
        if (path.Segments.Length == 0)
        {
            return value;
        }

        _ = path.Get(root);
        var (holder, key) = path.Locate(root);
        if (holder is JsonArray list)
        {
            list[path.Index(key, list.Count - 1)] = value;
        }
        else
        {
            holder[key] = value;
        }

        return root;
    }

    private static JsonNode? Move(JsonNode? root, Operation operation)
    {
        var (from, to) = (operation.From!, operation.Path);
        if (to.Segments.Length > from.Segments.Length && to.Segments.AsSpan(0, from.Segments.Length).SequenceEqual(from.Segments))
        {
            throw new DataException($"'{from.Text}' cannot move into itself");
        }

        var value = from.Get(root)?.DeepClone();
        return Add(Remove(root, from), to, value);
    }

    private static JsonNode? Test(JsonNode? root, Operation operation) =>
        JsonNode.DeepEquals(operation.Path.Get(root), operation.Value) ? root : throw new PatchTestException($"The test of '{operation.Path.Text}' does not hold");
}
