using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Data;
using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>The copies of deleted documents: of which DocTypes they are kept, and their content.</summary>
/// <param name="kept">The DocTypes.</param>
internal sealed class DeletedDocuments(IEnumerable<string> kept)
{
    /// <summary>
    /// The largest content that is kept, in bytes of UTF-8. A copy travels to the database as one value, which MariaDB takes up to <c>max_allowed_packet</c>, 16 MiB
    /// unless it is set: a document of any size can be deleted.
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_asText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FrozenSet<string> _kept = kept.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The copy to keep of a document; null when none is kept.</summary>
    public DeletedDocument? Of(Document document)
    {
        if (!_kept.Contains(document.DocType!.Name))
        {
            return null;
        }

        var content = Json(document, access: null).ToJsonString(s_asText);
        var isTooLarge = Encoding.UTF8.GetByteCount(content) > MaxBytes;
        return new DeletedDocument { DeletedDoctype = document.DocType.Name, DeletedName = document.Name, Stored = isTooLarge ? null : content, TooLarge = isTooLarge };
    }

    /// <summary>The conditions of a list of copies: those of DocTypes that the caller may not read are not in it.</summary>
    public static IEnumerable<Filter> Known(PermissionQuery query)
    {
        string[] unknown = [.. query.Db.DocTypes.All.Where(docType => !docType.Definition.IsTable && !MayKnowOf(query.User, docType)).Select(docType => docType.Name)];
        return unknown.Length == 0 ? [] : [new Filter("deleted_doctype", "not in", unknown)];
    }

    /// <summary>Whether the caller may know of a copy. That of a DocType which the service has no more has no content that anybody could see.</summary>
    public static bool IsKnown(PermissionCheck check) =>
        check.Db.DocTypes.Find(((DeletedDocument)check.Document).DeletedDoctype) is not { } docType || MayKnowOf(check.User, docType);

    // Whose own documents are all that he may read is not told of the others' names.
    private static bool MayKnowOf(CurrentUser user, DocType docType) => Access.Of(user, docType).HasAlways(Rights.Read);

    /// <summary>Leaves in a copy that was read what the caller might see of the document.</summary>
    public static async ValueTask ShowToAsync(TenantDb db, DocumentPermissions permissions, DeletedDocument copy, CancellationToken cancellationToken)
    {
        copy.Data = Document(db, copy) is { } document && (await permissions.DecideWithoutSharesAsync(db, Rights.Read, document, cancellationToken)).IsAllowed
            ? Json(document, Access.Of(db.User, document.DocType!)).ToJsonString(s_asText)
            : null;
        copy.Stored = null;
    }

    /// <summary>The document that a copy holds, as a new one; null when the service has its DocType no more, or the content was too large to be kept.</summary>
    public static Document? Document(TenantDb db, DeletedDocument copy)
    {
        if (db.DocTypes.Find(copy.DeletedDoctype) is not { } docType || copy.Stored is not { } stored)
        {
            return null;
        }

        using var json = JsonDocument.Parse(stored);
        return Read(docType, json.RootElement);
    }

    private static Document Read(DocType docType, JsonElement json)
    {
        var document = Documents.Document.Create(docType);
        document.IsRestored = true;
        foreach (var property in json.EnumerateObject())
        {
            if (docType.Column(property.Name) is { } column)
            {
                try
                {
                    column.Set(document, FieldValue.From(property.Value, column));
                    (document.LeftEmpty ??= []).Add(column);
                }
                catch (DataException)
                {
                    // The field has become another since, and the value does not fit it any more.
                }
            }
            else if (docType.Table(property.Name) is { } table && property.Value.ValueKind is JsonValueKind.Array)
            {
                table.SetRows(document, property.Value.EnumerateArray().Where(row => row.ValueKind is JsonValueKind.Object).Select(row => Read(table.Child, row)).ToList());
            }
        }

        return document;
    }

    /// <param name="document">What to write.</param>
    /// <param name="access">What its reader may see. Null: all.</param>
    private static JsonObject Json(Document document, Access? access)
    {
        var docType = document.DocType!;
        var json = new JsonObject { ["doctype"] = docType.Name };
        foreach (var column in docType.Columns)
        {
            if (column.Definition.Type is not FieldType.Password && access?.CanRead(column) != false)
            {
                json[column.Name] = VersionData.Shown(column, FieldValue.From(column.Get(document), column));
            }
        }

        foreach (var table in docType.Tables.Where(table => access?.CanRead(table) != false))
        {
            json[table.Name] = new JsonArray([.. table.Rows(document).Cast<Document>().Select(row => Json(row, access))]);
        }

        return json;
    }
}
