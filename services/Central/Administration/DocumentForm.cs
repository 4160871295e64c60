using System.Text.Json;
using System.Text.Json.Nodes;
using Central.Pages;
using Microservices.Resources;

namespace Central.Administration;

/// <summary>A form of the fields that a DocType declares: what the API takes, typed by a person.</summary>
internal static class DocumentForm
{
    /// <summary>The fields that a person fills in.</summary>
    /// <param name="docType">The DocType.</param>
    /// <param name="isNew">Whether the document is made; what is set only once is left out later.</param>
    /// <param name="except">Fields that the page has a place of its own for.</param>
    public static IReadOnlyList<FieldDefinition> FieldsOf(DocType docType, bool isNew, params string[] except) =>
        [.. docType.Columns.Where(column => !column.IsStandard).Select(column => column.Definition)
            .Where(field => !field.Hidden && !field.ReadOnly && (isNew || !field.SetOnlyOnce) && !except.Contains(field.Name, StringComparer.Ordinal))];

    /// <summary>Puts what was typed into a document, by the rules of the API.</summary>
    /// <exception cref="DataException">A value does not fit its field.</exception>
    public static void Apply(PageContext page, TenantDb db, Document document, IEnumerable<FieldDefinition> fields)
    {
        var body = new JsonObject();
        foreach (var field in fields)
        {
            // A browser sends nothing for a box that is not ticked.
            body[field.Name] = field.Type is FieldType.Check ? (page.Field(field.Name).Length > 0 ? 1 : 0) : page.Field(field.Name).ReplaceLineEndings("\n").Trim();
        }

        DocumentBinder.Apply(document, JsonSerializer.SerializeToElement(body), Access.Of(db.User, document.DocType!), isStrict: true);
    }
}
