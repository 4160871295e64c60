using System.Globalization;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>
/// Records that hang on a document. Their rights follow it: who may read the document acts on its records in the role of its reader,
/// and the record of a document that may not be read is not there. A System Manager needs no such role.
/// </summary>
internal static class AttachedRecords
{
    /// <summary>A permission level that no role has.</summary>
    public const int NobodysLevel = 64;

    /// <summary>Whether records of a DocType hang on documents.</summary>
    public static bool Are(DocType docType) => typeof(IAttachedRecord).IsAssignableFrom(docType.DocumentClass);

    /// <summary>What the caller may do with one record, or with documents of any other DocType.</summary>
    /// <exception cref="DoesNotExistException">The record hangs on a document that the caller may not read.</exception>
    public static ValueTask<Access> AccessToAsync(TenantDb db, Document record, CancellationToken cancellationToken)
    {
        var own = Access.Of(db.User, record.DocType!);
        return record is IAttachedRecord attached && !own.Has(Rights.Read, record.Owner, db.User)
            ? OfReaderAsync(db, record, record.Text(attached.DocTypeField), record.Text(attached.NameField), cancellationToken)
            : ValueTask.FromResult(own);
    }

    /// <summary>
    /// As whom the caller lists: himself, or, for records whose filters name one document that he may read, its reader. The filters that name it are
    /// equalities.
    /// </summary>
    /// <exception cref="DoesNotExistException">The caller may not read the document.</exception>
    /// <exception cref="PermissionException">The filters name no document.</exception>
    public static async ValueTask<CurrentUser> ListerAsync(TenantDb db, DocType docType, IReadOnlyList<Filter> filters, CancellationToken cancellationToken)
    {
        var own = Access.Of(db.User, docType);
        if (!Are(docType) || (own.Has(Rights.Read) && !own.IsOwnerOnly(Rights.Read)))
        {
            return db.User;
        }

        var record = (IAttachedRecord)Document.Create(docType);
        if (ValueOf(filters, record.DocTypeField) is not { } referenceType || ValueOf(filters, record.NameField) is not { } name)
        {
            return own.Has(Rights.Read) ? db.User : throw new PermissionException($"A list of {docType.Name} is that of one document: filter by {record.DocTypeField} and {record.NameField}");
        }

        return await DocumentAccess.MayAsync(db, referenceType, name, Rights.Read, cancellationToken)
            ? ReaderOf(db.User)
            : own.Has(Rights.Read) ? db.User
            : throw new DoesNotExistException($"{referenceType} {name} not found");
    }

    /// <summary>A caller as the reader of a document that he is known to read.</summary>
    public static CurrentUser ReaderOf(CurrentUser user) => With(user, DocumentRoles.Reader);

    private static async ValueTask<Access> OfReaderAsync(TenantDb db, Document record, string docType, string name, CancellationToken cancellationToken) =>
        !await HangsTooFarAsync(db, docType, name, cancellationToken) && await DocumentAccess.MayAsync(db, docType, name, Rights.Read, cancellationToken)
            ? Access.Of(With(db.User, [DocumentRoles.Reader, .. await IsWriterAsync(db, record, docType, name, cancellationToken) ? (string[])[DocumentRoles.Writer] : []]), record.DocType!)
        : record.IsNew ? throw new DoesNotExistException($"{docType} {name} not found")
        : throw DocumentStore.NotFound(record.DocType!, record.Name);

    // A record may hang on a record, as a comment on a file; that one hangs on a document. Otherwise they could hang in a circle, which no question would leave.
    private static async ValueTask<bool> HangsTooFarAsync(TenantDb db, string docType, string name, CancellationToken cancellationToken) =>
        db.DocTypes.Find(docType) is { } holder && Are(holder)
        && await DocumentReader.LoadAsync(db, holder, name, forUpdate: false, cancellationToken) is { } record
        && db.DocTypes.Find(record.Text(((IAttachedRecord)record).DocTypeField)) is { } further && Are(further);

    private static async ValueTask<bool> IsWriterAsync(TenantDb db, Document record, string docType, string name, CancellationToken cancellationToken) =>
        Access.RowsOf(record.DocType!).Any(row => row.Role == DocumentRoles.Writer) && await DocumentAccess.MayAsync(db, docType, name, Rights.Write, cancellationToken);

    private static CurrentUser With(CurrentUser user, params string[] roles) =>
        new(user.Subject, user.Name, user.Tenant, [.. user.AssignedRoles, .. roles], user.GrantedScopes, user.Kind) { Rules = user.Rules, Language = user.Language };

    private static string? ValueOf(IReadOnlyList<Filter> filters, string field) =>
        filters.FirstOrDefault(filter => filter.Field == field && filter.Operator.Trim() == "=")?.Value switch
        {
            string text => text,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
}
