using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary>A document that takes the place of the stored one as a whole.</summary>
internal static class DocumentReplacement
{
    /// <summary>Refuses a document that was made from another state than the stored one.</summary>
    /// <exception cref="TimestampMismatchException"><c>modified</c> is missing or another one.</exception>
    /// <exception cref="CannotChangeConstantException"><c>owner</c> or <c>creation</c> is another one.</exception>
    public static void Check(Document stored, JsonElement sent)
    {
        var docType = stored.DocType!;
        // A Single that was never saved has no state to be made from.
        if (!stored.IsNew && DocumentBinder.ModifiedOf(docType, sent) != stored.Modified)
        {
            throw DocumentStore.Changed(stored);
        }

        if (stored.IsNew)
        {
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)[StandardFields.Owner, StandardFields.Creation])
        {
            var column = docType.Column(name)!;
            if (sent.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null && !Equals(FieldValue.From(value, column), column.Get(stored)))
            {
                throw new CannotChangeConstantException($"{name} of {docType.Name} {stored.Name} cannot be changed");
            }
        }
    }

    /// <summary>Empties what was not sent, as far as the caller may write it. Passwords stay: no answer ever showed them.</summary>
    public static void Empty(Document document, JsonElement sent, Access access)
    {
        foreach (var column in document.DocType!.Columns)
        {
            if (!column.IsStandard && column.Definition.Type is not FieldType.Password && access.CanWrite(column.PermLevel) && !sent.TryGetProperty(column.Name, out _))
            {
                column.Set(document, FieldValue.Empty(column));
            }
        }

        foreach (var table in document.DocType.Tables)
        {
            if (access.CanWrite(table.Definition.PermLevel) && !sent.TryGetProperty(table.Name, out _))
            {
                table.SetRows(document, []);
            }
        }
    }
}
