using System.Text.Json.Nodes;
using Microservices.Data.Queries;
using Microservices.Resources.V2;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The parameters of a list, in all their spellings.</summary>
internal static class ListParameters
{
    public static List<IOpenApiParameter> All() =>
    [
        Text("fields", Texts.Fields, """["name","modified"]"""),
        Text("filters", Texts.Filters),
        Text("or_filters", Texts.OrFilters),
        Text("order_by", Texts.OrderBy, "modified desc"),
        Text("group_by", Texts.GroupBy),
        Number("limit_page_length", $"Rows of the page. 0 means as many as one page may hold. The default is {ListQuery.DefaultLimit}."),
        Number("limit", "Another name of `limit_page_length`, which wins."),
        Number("limit_start", "Rows to leave out first. The default is 0."),
        Number("start", "Another name of `limit_start`."),
        Number("offset", "Another name of `limit_start`."),
        OneOf("as_dict", Texts.AsDict, "true", "false", "1", "0"),
        Text("cursor", Texts.Cursor),
        OneOf("with_total", Texts.WithTotal, "true", "false", "1", "0"),
        Text("expand", Texts.Expand),
        OneOf("format", Texts.Format, "json", "csv"),
        OneOf("debug", Texts.Debug, "true", "false", "1", "0"),
    ];

    /// <summary>Those of the second API.</summary>
    public static List<IOpenApiParameter> V2() =>
    [
        Text("fields", Texts.Fields + " Fields that there are not are left out.", """["name","modified"]"""),
        Text("filters", Texts.FiltersV2),
        Text("or_filters", Texts.OrFilters),
        Text("order_by", Texts.OrderByV2, "modified desc"),
        Text("group_by", Texts.GroupBy),
        Number("limit", $"Rows of the page; 0 is an empty page. The default is {ListQuery.DefaultLimit}."),
        Number("start", "Rows to leave out first. The default is 0."),
        OneOf("include", "`count` adds `count` and `count_capped`.", "count"),
        Text("cursor", Texts.Cursor),
        Text("expand", Texts.Expand),
        OneOf("format", Texts.Format, "json", "csv"),
        OneOf("debug", Texts.Debug, "true", "false", "1", "0"),
    ];

    /// <summary>The parts beside a document.</summary>
    public static IOpenApiParameter Include() => Text("include", $"What hangs on the document, beside it, comma-separated: {string.Join(", ", DocumentParts.Known)}.");

    /// <summary>Those of a search.</summary>
    public static List<IOpenApiParameter> Search() =>
    [
        Text("txt", "A part of the name, the title or a search field; empty finds all."),
        Text("filters", Texts.FiltersV2),
        Number("start", "Documents to leave out first. The default is 0."),
        Number("limit", "Documents at most. 0, the default, is ten."),
    ];

    /// <summary>Those of a count.</summary>
    public static List<IOpenApiParameter> Count() =>
    [
        Text("filters", Texts.FiltersV2),
        Text("or_filters", Texts.OrFilters),
        Number("limit", "Where counting stops. Without it, nowhere."),
        OneOf("distinct", "Whether a document counts once, however many of its rows meet the conditions.", "true", "false", "1", "0"),
    ];

    /// <summary>A parameter that takes some words.</summary>
    public static OpenApiParameter OneOf(string name, string description, params string[] values) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))] },
    };

    private static OpenApiParameter Text(string name, string description, string? example = null) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Examples = example is null ? null : new Dictionary<string, IOpenApiExample> { ["example"] = new OpenApiExample { Value = JsonValue.Create(example) } },
    };

    private static OpenApiParameter Number(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0" },
    };
}
