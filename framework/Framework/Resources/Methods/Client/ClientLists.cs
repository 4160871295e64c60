using System.Text.Json;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.client</c>: lists, counts, and the values that are found by them. The rules are those of the v1 list.</summary>
internal sealed class ClientLists(ServedDocTypes served, IOptions<ResourceApiOptions> options)
{
    // "limit" is not among them: Frappe's method has no such argument.
    private static readonly string[] s_arguments = ["fields", "filters", "or_filters", "group_by", "order_by", "limit_start", "limit_page_length", "parent", "debug", "as_dict", "expand"];

    /// <summary>The rows of a list.</summary>
    public IResult GetList(MethodCall call, TenantDb db, string doctype, string? parent)
    {
        var docType = Listed(doctype, parent);
        return new ListAnswer(db, docType, Request(docType, Given(call, docType, s_arguments)));
    }

    /// <summary>How many rows a list has that the caller may read.</summary>
    public Task<long> GetCountAsync(MethodCall call, TenantDb db, string doctype, string? parent, CancellationToken cancellationToken)
    {
        var docType = Listed(doctype, parent);
        var request = Request(docType, Given(call, docType, ["filters", "or_filters", "parent"]));
        return ListCount.CountAsync(db, docType, request.Query, limit: null, distinct: false, cancellationToken);
    }

    /// <summary>The name of the first document that meets the filters; null when none does.</summary>
    public async Task<string?> FirstAsync(TenantDb db, DocType docType, JsonElement filters, string? parent, CancellationToken cancellationToken) =>
        await ValuesAsync(db, docType, [StandardFields.Name], filters, parent, cancellationToken) is { } found && found[StandardFields.Name] is JsonElement name ? name.ToString() : null;

    /// <summary>Fields of the first document that meets the filters, which may be its name; null when none does.</summary>
    public Task<IReadOnlyDictionary<string, object?>?> ValuesAsync(
        TenantDb db, DocType docType, IReadOnlyList<string> fields, JsonElement? filters, string? parent, CancellationToken cancellationToken) =>
        Says(filters) && filters is { ValueKind: JsonValueKind.String or JsonValueKind.Number } text && text.ToString().AsSpan().TrimStart() is not ['{' or '[', ..]
            ? OneAsync(db, docType, fields, [KeyValuePair.Create(StandardFields.Name, text.ToString()), .. Of(docType, parent)], cancellationToken)
            : OneAsync(db, docType, fields, [.. Says(filters) ? [KeyValuePair.Create("filters", Text(filters!.Value))] : Array.Empty<KeyValuePair<string, string>>(), .. Of(docType, parent)], cancellationToken);

    /// <summary>Fields of the document of a name that also meets filters; null when it does not, or is not there for the caller.</summary>
    public Task<IReadOnlyDictionary<string, object?>?> ByNameAsync(
        TenantDb db, DocType docType, string name, IReadOnlyList<string> fields, JsonElement? filters, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> conditions = [KeyValuePair.Create(StandardFields.Name, name)];
        if (Says(filters))
        {
            conditions.Add(KeyValuePair.Create("filters", Text(filters!.Value)));
        }

        return OneAsync(db, docType, fields, conditions, cancellationToken);
    }

    /// <summary>Whether filters were given at all.</summary>
    public static bool Says(JsonElement? filters) => filters is { } given && given.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.Array => given.GetArrayLength() > 0,
        JsonValueKind.Object => given.EnumerateObject().Any(),
        JsonValueKind.String => given.GetString()!.Length > 0,
        _ => true,
    };

    /// <summary>Field names: one, a list, or the JSON text of a list.</summary>
    /// <exception cref="ParameterTypeException">It is something else.</exception>
    public static IReadOnlyList<string> Names(JsonElement? given, string parameter)
    {
        switch (given)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                return [];
            case { ValueKind: JsonValueKind.String } text when text.GetString() is var name && name!.AsSpan().TrimStart() is not ['[', ..]:
                return name!.Length == 0 ? [] : [name];
            case { ValueKind: JsonValueKind.String or JsonValueKind.Array } list when DocumentArgument.Json(list, parameter) is { ValueKind: JsonValueKind.Array } names
                && names.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String):
                return [.. names.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal)];
            default:
                throw new ParameterTypeException($"{parameter} takes a field's name or a JSON list of names");
        }
    }

    private static KeyValuePair<string, string>[] Of(DocType docType, string? parent) => docType.Definition.IsTable ? [KeyValuePair.Create("parent", parent ?? "")] : [];

    private static IEnumerable<KeyValuePair<string, string>> Given(MethodCall call, DocType docType, string[] arguments) =>
        from name in arguments
        where call.Parameters.ContainsKey(name) && (name != "parent" || docType.Definition.IsTable)
        select KeyValuePair.Create(name, Text(call.Parameters[name]));

    private async Task<IReadOnlyDictionary<string, object?>?> OneAsync(
        TenantDb db, DocType docType, IReadOnlyList<string> fields, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken)
    {
        var request = Request(docType, [KeyValuePair.Create("fields", JsonSerializer.Serialize(fields)), KeyValuePair.Create("limit", "1"), .. conditions]);
        using var buffer = new PooledBuffer();
        await using (var writer = new Utf8JsonWriter(buffer, FrappeJson.WriterOptions))
        {
            await ListRows.WriteAsync(writer, db, docType, request, afterRow: null, cancellationToken);
        }

        using var rows = JsonDocument.Parse(buffer.Written);
        return rows.RootElement.GetArrayLength() == 0 ? null
            : rows.RootElement[0].EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ValueKind is JsonValueKind.Null ? null : (object)property.Value.Clone());
    }

    private ListRequest Request(DocType docType, IEnumerable<KeyValuePair<string, string>> parameters) =>
        ListRequest.Parse(docType, [.. parameters.Select(parameter => KeyValuePair.Create(parameter.Key, new StringValues(parameter.Value)))], options.Value.MaxPageSize, Data.Queries.ListRules.V1);

    /// <summary>What is listed. Rows have the rights of their document's DocType, which the call names as <c>parent</c>.</summary>
    /// <exception cref="PermissionException">They are rows, and the call does not say of what.</exception>
    public DocType Listed(string doctype, string? parent, ResourceVerbs verb = ResourceVerbs.List)
    {
        if (served.FindRows(doctype) is not { } rows || string.IsNullOrEmpty(parent))
        {
            return served.Get(doctype, verb).DocType;
        }

        served.Get(parent, verb);
        return rows;
    }

    private static string Text(ParameterValue value) => value.Text ?? Text(value.Json);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    private sealed class ListAnswer(TenantDb db, DocType docType, ListRequest request) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var response = new JsonResponse(httpContext, StatusCodes.Status200OK);
            response.Writer.WriteStartObject();
            response.Writer.WritePropertyName(ApiVersion.ResultKey(httpContext));
            await ListRows.WriteAsync(response.Writer, db, docType, request, response.FlushIfLargeAsync, httpContext.RequestAborted);
            response.Writer.WriteEndObject();
            await response.CompleteAsync();
        }
    }
}
