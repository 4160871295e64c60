using System.Globalization;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Support;

/// <summary>A DocType of 150 fields and every fieldtype, and the rows of its tables, as files in Frappe's form.</summary>
internal sealed class WideDocType : IDisposable
{
    public const string Name = "Wide Record";

    private static readonly string[] s_types =
    [
        "Data", "Link", "Dynamic Link", "Select", "Read Only", "Color", "Icon", "Phone", "Autocomplete",
        "Small Text", "Text", "Attach", "Attach Image", "Password", "Long Text", "Code", "Text Editor", "HTML Editor", "Markdown Editor", "Signature", "Barcode", "Geolocation",
        "Int", "Check", "Currency", "Float", "Percent", "Duration", "Rating", "Date", "Datetime", "Time", "JSON", "Table", "Table MultiSelect",
        "Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Fold", "Heading",
    ];

    private static readonly string[] s_layout = ["Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Fold", "Heading"];

    public WideDocType()
    {
        Folder = Directory.CreateTempSubdirectory("microservices-wide-").FullName;
        Write(Name, Record());
        Write("Wide Row", Row());
    }

    public string Folder { get; }

    /// <summary>The fields, in order: name and fieldtype.</summary>
    public static IReadOnlyList<(string Name, string Type)> Fields { get; } =
        [.. Enumerable.Range(0, 150).Select(i => (Field(s_types[i % s_types.Length], i / s_types.Length), s_types[i % s_types.Length]))];

    /// <summary>The fields that hold one value.</summary>
    public static IEnumerable<(string Name, string Type)> Values => Fields.Where(entry => !s_layout.Contains(entry.Type) && !entry.Type.StartsWith("Table", StringComparison.Ordinal));

    /// <summary>A value of a fieldtype as a client sends it, and as it is answered.</summary>
    public static (object Sent, string Answered) Value(string type, int number) => type switch
    {
        "Select" => ("Two", "\"Two\""),
        "Int" => (number, number.ToString(CultureInfo.InvariantCulture)),
        "Check" => (1, "1"),
        "Currency" or "Float" or "Percent" or "Duration" => (number + 0.125m, string.Create(CultureInfo.InvariantCulture, $"{number}.125")),
        "Rating" => (0.75m, "0.75"),
        "Date" => ("2026-02-28", "\"2026-02-28\""),
        "Datetime" => ("2026-02-28 23:59:58.000001", "\"2026-02-28 23:59:58.000001\""),
        "Time" => ("09:08:07", "\"9:08:07\""),
        "JSON" => (new { a = new[] { 1, 2 } }, "\"{\\\"a\\\":[1,2]}\""),
        "Phone" => ($"+31 6 1234567{number}", $"\"+31 6 1234567{number}\""),
        "Password" => ("secret", "\"********\""),
        _ => ($"{type} {number} é", $"\"{type} {number} é\""),
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Field(string type, int round) => string.Create(CultureInfo.InvariantCulture, $"{type.ToLowerInvariant().Replace(' ', '_')}_{round}");

    private void Write(string name, JsonObject docType)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name.ToLowerInvariant().Replace(' ', '_')));
        File.WriteAllText(Path.Combine(folder.FullName, folder.Name + ".json"), docType.ToJsonString());
    }

    private static JsonObject Record() => new()
    {
        ["actions"] = new JsonArray(),
        ["autoname"] = "WIDE-.####",
        ["creation"] = "2020-01-01 00:00:00",
        ["doctype"] = "DocType",
        ["engine"] = "InnoDB",
        ["field_order"] = new JsonArray([.. Fields.Select(field => JsonValue.Create(field.Name))]),
        ["fields"] = new JsonArray([.. Fields.Select(field => Describe(field.Name, field.Type))]),
        ["links"] = new JsonArray(),
        ["module"] = "Test",
        ["name"] = Name,
        ["permissions"] = new JsonArray(new JsonObject { ["role"] = "System Manager", ["read"] = 1, ["write"] = 1, ["create"] = 1, ["delete"] = 1 }),
        ["sort_field"] = "modified",
        ["states"] = new JsonArray(),
    };

    private static JsonObject Row() => new()
    {
        ["doctype"] = "DocType",
        ["name"] = "Wide Row",
        ["istable"] = 1,
        ["fields"] = new JsonArray(new JsonObject { ["fieldname"] = "note", ["fieldtype"] = "Data", ["in_list_view"] = 1 }, new JsonObject { ["fieldname"] = "amount", ["fieldtype"] = "Currency" }),
        ["permissions"] = new JsonArray(),
    };

    private static JsonObject Describe(string name, string type)
    {
        var field = new JsonObject { ["fieldname"] = name, ["fieldtype"] = type, ["label"] = name.Replace('_', ' '), ["in_standard_filter"] = 0 };
        switch (type)
        {
            case "Link":
                field["options"] = "Elsewhere";
                field["search_index"] = 1;
                break;
            case "Dynamic Link":
                field["options"] = "data_0";
                break;
            case "Select":
                field["options"] = "\nOne\nTwo";
                break;
            case "Table" or "Table MultiSelect":
                field["options"] = "Wide Row";
                break;
        }

        return field;
    }
}
