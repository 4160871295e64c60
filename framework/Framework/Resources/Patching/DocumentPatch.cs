using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Patching;

/// <summary>A JSON patch of a document as its caller sees it: paths reach fields, rows and the fields of rows, and a change has the rights of a PUT.</summary>
internal static class DocumentPatch
{
    public const string ContentType = "application/json-patch+json";

    private const int MaxDepth = 3; // table, row, field
    private const int MaxTables = 20; // each may copy or compare thousands of rows

    /// <summary>What the patch changes, in the form of a PUT.</summary>
    /// <exception cref="DataException">An operation is malformed or reaches for what is not there.</exception>
    /// <exception cref="PatchTestException">A test does not hold.</exception>
    public static JsonElement Changes(Document document, Access access, JsonElement patch)
    {
        var operations = JsonPatch.Parse(patch);
        foreach (var operation in operations)
        {
            Check(document.DocType!, operation);
        }

        if (operations.Count(operation => operation.Path.Segments is [var field] && document.DocType!.Table(field) is not null) > MaxTables)
        {
            throw new DataException($"A JSON patch has at most {MaxTables} operations on whole tables");
        }

        var before = Shown(document, access);
        var after = (JsonObject)JsonPatch.Apply(before.DeepClone(), operations)!;
        var changes = new JsonObject();
        foreach (var name in before.Select(member => member.Key).Union(after.Select(member => member.Key)).ToList())
        {
            if (!JsonNode.DeepEquals(before[name], after[name]))
            {
                changes[name] = after[name]?.DeepClone();
            }
        }

        return JsonSerializer.SerializeToElement(changes);
    }

    private static void Check(DocType docType, JsonPatch.Operation operation)
    {
        CheckPath(docType, operation.Path, isRead: operation.Op is "test");
        if (operation.From is { } from)
        {
            CheckPath(docType, from, isRead: operation.Op is "copy");
            // A table copied into one of its rows would double with every operation.
            if (from.Segments.Length != operation.Path.Segments.Length)
            {
                throw new DataException($"'{from.Text}' and '{operation.Path.Text}' are not of one kind: fields go to fields and rows to rows");
            }
        }
    }

    private static void CheckPath(DocType docType, JsonPointer path, bool isRead)
    {
        if (path.Segments.Length is 0 or > MaxDepth)
        {
            throw new DataException($"'{path.Text}' is not the path of a field, a row or a field of a row");
        }

        var field = path.Segments[0];
        var isOfRows = docType.Table(field) is not null;
        var isField = docType.Column(field) is { } column && (isRead || !column.IsStandard || field == StandardFields.DocStatus);
        if ((!isOfRows && !isField) || (path.Segments.Length > 1 && !isOfRows))
        {
            throw new DataException($"{docType.Name} has no field at '{path.Text}' that can be {(isRead ? "read" : "changed")}");
        }
    }

    private static JsonObject Shown(Document document, Access access)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, FrappeJson.WriterOptions))
        {
            DocumentJson.Write(writer, document, access, withNulls: true);
        }

        return JsonNode.Parse(buffer.Written.Span)!.AsObject();
    }
}
