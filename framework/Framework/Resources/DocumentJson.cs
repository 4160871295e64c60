using System.Text.Json;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources;

/// <summary>Writes documents as the API answers them: no empty values, no field above the caller's permission level, child rows as arrays.</summary>
internal static class DocumentJson
{
    public const string Asterisks = StandardFields.Asterisks;

    private static readonly JsonEncodedText s_docType = JsonEncodedText.Encode("doctype");

    /// <summary>Writes a document that is in memory.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="document">The document.</param>
    /// <param name="access">What its reader may see.</param>
    /// <param name="withNulls">Whether empty values are written as null. The default is to leave them out.</param>
    /// <param name="links">Linked documents that stand in place of their names. The default is none.</param>
    public static void Write(Utf8JsonWriter writer, Document document, Access access, bool withNulls = false, ExpandedLinks? links = null)
    {
        var docType = document.DocType!;
        writer.WriteStartObject();
        foreach (var column in docType.Columns)
        {
            if (!access.CanRead(column))
            {
                continue;
            }

            // A Single that was never saved was not made by anybody at any time.
            if (FieldValue.From(column.Get(document), column) is { } value && value is not DateTime { Ticks: 0 })
            {
                writer.WritePropertyName(column.JsonName);
                if (column.IsNumberName)
                {
                    FrappeJson.WriteNumberName(writer, (string)value);
                }
                else if (links is not null && value is string name && links.Find(column, name) is { } linked)
                {
                    Write(writer, linked.Document, linked.Access, withNulls);
                }
                else
                {
                    FrappeJson.Write(writer, Shown(column, value));
                }
            }
            else if (withNulls)
            {
                writer.WriteNull(column.JsonName);
            }
        }

        writer.WriteString(s_docType, docType.Name);
        foreach (var table in docType.Tables.Where(access.CanRead))
        {
            writer.WriteStartArray(table.JsonName);
            foreach (Document row in table.Rows(document))
            {
                Write(writer, row, access, withNulls, links);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a document straight from the database, one query for it and one for each of its tables.</summary>
    /// <exception cref="DoesNotExistException">This tenant has no such document.</exception>
    /// <exception cref="PermissionException">The caller may not read it.</exception>
    /// <returns>The document's <c>modified</c>; null for a Single that was never saved.</returns>
    public static async ValueTask<DateTime?> WriteAsync(Utf8JsonWriter writer, TenantDb db, DocType docType, string name, bool withNulls, CancellationToken cancellationToken)
    {
        var access = Access.Of(db.User, docType);
        var permissions = db.Services.GetRequiredService<DocumentPermissions>();
        if (AttachedRecords.Are(docType))
        {
            return await WriteLoadedAsync(writer, db, docType, name, permissions, withNulls, cancellationToken);
        }

        access.Require(Rights.Read);
        if (docType.Definition.IsVirtual || ShownRecords.Are(docType) || permissions.DependOnDocument(db.User, docType))
        {
            return await WriteLoadedAsync(writer, db, docType, name, permissions, withNulls, cancellationToken);
        }

        string? stored = null;
        DateTime? modified = null;
        await using (var result = await db.UnitOfWork.QueryAsync(DocTypeSql.Of(docType).SelectOne, new object?[] { db.Tenant.Id, name }, cancellationToken))
        {
            if (!result.Read())
            {
                stored = DocumentReader.IsSingle(docType, name) ? null : throw DocumentStore.NotFound(docType, name);
            }
            else if (access.IsOwnerOnly(Rights.Read) && !access.Has(Rights.Read, result.Row.GetString(docType.Column(StandardFields.Owner)!.Ordinal), db.User))
            {
                throw access.Denied(Rights.Read);
            }
            else
            {
                stored = result.Row.GetString(docType.NameField.Ordinal);
                modified = db.UnitOfWork.Dialect.GetDateTime(result.Row, docType.ModifiedField.Ordinal);
                writer.WriteStartObject();
                WriteRow(writer, result, docType, access, db, withNulls);
            }
        }

        if (stored is null)
        {
            return await WriteLoadedAsync(writer, db, docType, name, permissions, withNulls, cancellationToken);
        }

        foreach (var table in docType.Tables.Where(access.CanRead))
        {
            writer.WriteStartArray(table.JsonName);
            await using var rows = await db.UnitOfWork.QueryAsync(
                DocTypeSql.Of(table.Child).SelectRows, new object?[] { db.Tenant.Id, stored, docType.Name, table.Name }, cancellationToken);
            while (rows.Read())
            {
                writer.WriteStartObject();
                WriteRow(writer, rows, table.Child, access, db, withNulls);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        return modified;
    }

    private static async ValueTask<DateTime?> WriteLoadedAsync(
        Utf8JsonWriter writer, TenantDb db, DocType docType, string name, DocumentPermissions permissions, bool withNulls, CancellationToken cancellationToken)
    {
        var record = await DocumentReader.LoadAsync(db, docType, name, forUpdate: false, cancellationToken) ?? throw DocumentStore.NotFound(docType, name);
        var access = await permissions.RequireAsync(db, Rights.Read, record, cancellationToken);

        await ShownRecords.ShowToAsync(db, permissions, record, cancellationToken);

        Write(writer, record, access, withNulls);
        return record.IsNew ? null : record.Modified;
    }

    private static void WriteRow(Utf8JsonWriter writer, QueryResult result, DocType docType, Access access, TenantDb db, bool withNulls)
    {
        foreach (var column in docType.Columns)
        {
            var isNull = result.Row.IsDBNull(column.Ordinal);
            if (!access.CanRead(column) || (isNull && !withNulls))
            {
                continue;
            }

            writer.WritePropertyName(column.JsonName);
            if (isNull)
            {
                writer.WriteNullValue();
            }
            else if (column.IsNumberName)
            {
                FrappeJson.WriteNumberName(writer, result.Row.GetString(column.Ordinal));
            }
            else if (column.Definition.Type is FieldType.Password)
            {
                writer.WriteStringValue(Asterisks);
            }
            else
            {
                FrappeJson.Write(writer, result.Row, column.Ordinal, column.Kind, db.UnitOfWork.Dialect);
            }
        }

        writer.WriteString(s_docType, docType.Name);
    }

    private static object Shown(DocField column, object value) => column.Definition.Type is FieldType.Password ? Asterisks : value;
}
