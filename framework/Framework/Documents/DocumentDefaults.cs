using Microservices.Data;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>Values that a new document or row gets where it has none.</summary>
internal static class DocumentDefaults
{
    public static void Apply(Document document, TenantDb db)
    {
        var docType = document.DocType!;
        foreach (var column in docType.Columns)
        {
            if (column.IsStandard || document.LeftEmpty?.Contains(column) == true || (column.Get(document) is { } value && !IsUnset(column, value)))
            {
                continue;
            }

            column.Set(document, FieldValue.From(AllowedLink(column, docType, db) ?? DefaultOf(column, db), column));
        }

        foreach (var table in docType.Tables)
        {
            foreach (Document row in table.Rows(document))
            {
                Apply(row, db);
            }
        }
    }

    /// <summary>
    /// Whether a value looks like that of a number property that nobody set: code cannot tell it from zero, so a declared default stands in for it,
    /// unless a request said zero.
    /// </summary>
    public static bool IsUnset(DocField column, object? value) =>
        column.Definition.Property is not null && column.Definition.Default is not null && Equals(value, FieldValue.Empty(column));

    private static object? DefaultOf(DocField column, TenantDb db)
    {
        var definition = column.Definition;
        return definition.Default switch
        {
            null or "" when definition.Type is FieldType.Select && column.Name != "naming_series" => FirstOption(definition),
            null or "" => null,
            "__user" => db.User.Name,
            "Today" or "today" when column.Kind is ValueKind.Date or ValueKind.Datetime => DateOnly.FromDateTime(db.Now),
            "Now" or "now" when column.Kind is ValueKind.Time => db.Now.TimeOfDay,
            "Now" or "now" when column.Kind is ValueKind.Datetime or ValueKind.Date => db.Now,
            // ":Company" takes the value from the user's default record, which tenants of this service do not keep.
            [':', ..] => null,
            var literal => literal,
        };
    }

    // A user who may use one document of a DocType only, or has a default one, means that one.
    private static string? AllowedLink(DocField column, DocType docType, TenantDb db) =>
        column.Definition is { Type: FieldType.Link, IgnoreUserPermissions: false } link && !db.User.Rules.Restrictions.IsEmpty
            ? db.User.Rules.DefaultOf(link.Options, docType.Name)
            : null;

    // As in Frappe, a Select starts with its first option, which is often the empty one.
    private static string? FirstOption(FieldDefinition definition)
    {
        var end = definition.Options.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? definition.Options : definition.Options[..end];
    }
}
