using System.Text.Json;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Security;

namespace Microservices.Resources.V2;

/// <summary>A document to post as a new one: without its name and stamps, without what is marked as not to be copied, without empty values.</summary>
internal static class DocumentCopy
{
    public static void Write(Utf8JsonWriter writer, Document document, Access access)
    {
        var docType = document.DocType!;
        writer.WriteStartObject();
        foreach (var column in docType.Columns)
        {
            if (Holds(column) && access.CanRead(column) && FieldValue.From(column.Get(document), column) is { } value)
            {
                writer.WritePropertyName(column.JsonName);
                FrappeJson.Write(writer, value);
            }
        }

        writer.WriteString("doctype", docType.Name);
        foreach (var table in docType.Tables.Where(table => !table.Definition.NoCopy && access.CanRead(table)))
        {
            writer.WriteStartArray(table.JsonName);
            foreach (Document row in table.Rows(document))
            {
                Write(writer, row, access);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Whether a field is copied. A password is shown to nobody, and asterisks are none.</summary>
    public static bool Holds(DocField field) => !field.IsStandard && !field.Definition.NoCopy && field.Definition.Type is not FieldType.Password;
}
