using System.Globalization;
using System.Text.Json.Nodes;
using Microservices.DocTypes;
using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>What a field takes and answers, as a schema.</summary>
internal static class FieldSchema
{
    private const string DatePattern = "^\\d{4}-\\d{2}-\\d{2}$";
    private const string TimePattern = "^\\d{1,2}:\\d{2}:\\d{2}(\\.\\d{6})?$";
    private const string DateTimePattern = "^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}(\\.\\d{6})?$";

    /// <summary>The value in an answer: of the field's type, or null in a list.</summary>
    public static OpenApiSchema Answered(DocField field)
    {
        var schema = Of(field);
        schema.ReadOnly = field.IsStandard || field.Definition.ReadOnly;
        return IsNullable(field) ? OrNull(schema) : schema;
    }

    /// <summary>The value in a body; null empties the field.</summary>
    public static OpenApiSchema Sent(DocField field, bool isRequired)
    {
        var schema = Of(field);
        schema.ReadOnly = field.Definition.ReadOnly && !isRequired;
        schema.Default = DefaultOf(field);
        if (field.Kind is ValueKind.Json)
        {
            schema.Type = null; // any JSON is kept as its text
        }

        return isRequired ? schema : OrNull(schema);
    }

    /// <summary>Whether a new document gets a value where none is sent.</summary>
    public static bool HasDefault(DocField field) =>
        field.Definition.Type.IsNeverNull
        || !string.IsNullOrEmpty(field.Definition.Default)
        || field.Definition.FetchFrom.Length > 0
        || (field.Definition.Type is FieldType.Select && field.Definition.Options is { Length: > 0 } options && options[0] != '\n');

    private static bool IsNullable(DocField field) => !field.Definition.Type.IsNeverNull && !field.IsStandard;

    private static OpenApiSchema Of(DocField field)
    {
        var definition = field.Definition;
        var schema = field.Kind switch
        {
            ValueKind.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = definition.Length > 11 ? "int64" : "int32" },
            ValueKind.Check => new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [0, 1] },
            ValueKind.Decimal => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "decimal" },
            ValueKind.Date => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date", Pattern = DatePattern },
            ValueKind.Datetime => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = DateTimePattern, Examples = ["2026-01-31 09:30:00"] },
            ValueKind.Time => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = TimePattern, Examples = ["9:30:00"] },
            ValueKind.Text => new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = definition.Length > 0 ? Math.Max(definition.Length, 64) : StandardFields.NameLength },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };
        if (definition.Type is FieldType.Rating)
        {
            (schema.Minimum, schema.Maximum) = ("0", "1");
        }
        else if (definition.NonNegative)
        {
            schema.Minimum = "0";
        }

        if (definition.Type is FieldType.Password)
        {
            schema.Format = "password";
        }

        if (definition.Type is FieldType.Select && field.Name != "naming_series" && Options(definition) is { Count: > 0 } options)
        {
            schema.Enum = options;
        }

        schema.Title = definition.DisplayLabel;
        schema.Description = Description(definition);
        schema.Deprecated = definition.Deprecation is not null;
        return schema;
    }

    private static List<JsonNode> Options(FieldDefinition definition) =>
        [.. definition.Options.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Select(option => (JsonNode)option)];

    private static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        if (schema.Type is not null)
        {
            schema.Type |= JsonSchemaType.Null;
            schema.Enum?.Add(JsonNullSentinel.JsonNull);
        }

        return schema;
    }

    private static string? Description(FieldDefinition definition)
    {
        IEnumerable<string> sentences =
        [
            definition.Description.Trim(),
            definition.Type switch
            {
                FieldType.Link => $"Name of a {definition.Options}.",
                FieldType.DynamicLink => $"Name of a document of the DocType in `{definition.Options}`.",
                FieldType.Password => "Answered as asterisks.",
                FieldType.Duration => "Seconds.",
                FieldType.Json => "JSON as text; an object or a list that is sent is kept as its text.",
                FieldType.SmallText or FieldType.Text or FieldType.Attach or FieldType.AttachImage => "At most 65,535 bytes.",
                _ => "",
            },
            definition.Unique ? "Unique within the tenant." : "",
            definition.SetOnlyOnce ? "Does not change once set." : "",
            definition.AllowOnSubmit ? "May change after submit." : "",
            definition.FetchFrom.Length > 0 ? $"Copied from `{definition.FetchFrom}`." : "",
            definition.PermLevel > 0 ? string.Create(CultureInfo.InvariantCulture, $"Permission level {definition.PermLevel}.") : "",
            definition.Default is "Today" or "today" or "Now" or "now" or "__user" ? $"Default: {definition.Default.Trim('_').ToLowerInvariant()}." : "",
        ];
        var text = string.Join(' ', sentences.Where(sentence => sentence.Length > 0));
        return text.Length > 0 ? text : null;
    }

    // A default that depends on the day or the user stands in the description.
    private static JsonNode? DefaultOf(DocField field)
    {
        try
        {
            return field.Definition.Default is null or "" or "Today" or "today" or "Now" or "now" or "__user" or [':', ..] ? null
                : FieldValue.From(field.Definition.Default, field) switch
                {
                    string text => text,
                    long number => number,
                    bool flag => flag ? 1 : 0,
                    decimal number => number,
                    DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    _ => null,
                };
        }
        catch (Errors.DataException)
        {
            return null; // published files hold defaults that do not fit their field
        }
    }
}
