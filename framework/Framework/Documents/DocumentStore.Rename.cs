using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

internal sealed partial class DocumentStore
{
    /// <summary>Gives a document another name, in every place that holds it, or merges it into the document that has that name.</summary>
    /// <param name="db">The database.</param>
    /// <param name="docType">The DocType.</param>
    /// <param name="name">What it is called now.</param>
    /// <param name="newName">What it shall be called.</param>
    /// <param name="merge">Whether a document of that name takes over what points to this one, which is then deleted.</param>
    /// <param name="ignorePermissions">Whether code acts in its own right.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <returns>The name it got: hooks may have changed it.</returns>
    /// <exception cref="DoesNotExistException">There is no such document.</exception>
    /// <exception cref="ValidationException">It may not be renamed so.</exception>
    /// <exception cref="NameException">The new name is not allowed.</exception>
    public async Task<string> RenameAsync(TenantDb db, DocType docType, string name, string newName, bool merge, bool ignorePermissions, CancellationToken cancellationToken)
    {
        RefuseRow(docType);
        if (!docType.Definition.AllowRename || docType.Definition.IsSingle || docType.Definition.IsVirtual || docType.Definition.BuiltInOf.Length > 0 || naming.IsAutoincrement(docType))
        {
            throw new ValidationException($"{docType.Name} documents are not allowed to be renamed");
        }

        await using var transaction = await db.UnitOfWork.BeginAsync(cancellationToken);
        await Tree.LockAsync(db, docType, cancellationToken);
        var document = await DocumentReader.LoadAsync(db, docType, name, forUpdate: true, cancellationToken) ?? throw NotFound(docType, name);
        await RequireRenameAsync(db, document, ignorePermissions, cancellationToken);
        if (merge)
        {
            await RequireGoingAsync(db, document, ignorePermissions, cancellationToken);
        }

        var rename = new DocumentRename { OldName = document.Name, NewName = newName, IsMerge = merge };
        var before = DocumentReader.Copy(document);
        var lifecycle = Lifecycle.Of(hooks, controllers, new DocumentContext(document, before, docType, db, cancellationToken) { Rename = rename });
        await lifecycle.RaiseAsync(DocumentEvent.BeforeRename);
        rename.NewName = DocumentName.Check(docType.Name, rename.NewName);
        var target = await FindTargetAsync(db, before, rename, ignorePermissions, cancellationToken);

        if (target is null)
        {
            await MoveAsync(db, document, before, rename.NewName);
            await PasswordVault.RenameAsync(db, docType, before.Name, rename.NewName, cancellationToken);
        }
        else
        {
            await Tree.MergeAsync(db, before, target, cancellationToken);
            await References.DeleteSharesAsync(db, docType, before.Name);
        }

        await RepointAsync(db, before, target?.Name ?? rename.NewName);
        if (target is not null)
        {
            await DeleteRowsAsync(db, before);
        }

        document.Name = target?.Name ?? rename.NewName;
        await lifecycle.RaiseAsync(DocumentEvent.AfterRename);
        await InsertAsync(
            db,
            new Comment { CommentType = "Edit", ReferenceDoctype = docType.Name, ReferenceName = document.Name, Content = $"{(merge ? "merged" : "renamed")} from {System.Net.WebUtility.HtmlEncode(before.Name)}" },
            ignorePermissions: true,
            cancellationToken);
        await transaction.CompleteAsync(cancellationToken);
        return document.Name;
    }

    private async ValueTask RequireRenameAsync(TenantDb db, Document document, bool ignorePermissions, CancellationToken cancellationToken)
    {
        if (!ignorePermissions && !(await permissions.DecideAsync(db, Rights.Write, document, cancellationToken)).IsAllowed)
        {
            throw new ValidationException($"You need write permission on {document.DocType!.Name} {document.Name} to rename it"); // Frappe's 417, not a 403
        }
    }

    // A merge deletes the document that it is asked for.
    private async ValueTask RequireGoingAsync(TenantDb db, Document document, bool ignorePermissions, CancellationToken cancellationToken)
    {
        if (!ignorePermissions && !(await permissions.DecideAsync(db, Rights.Delete, document, cancellationToken)).IsAllowed)
        {
            throw new ValidationException($"You need delete permission on {document.DocType!.Name} {document.Name} to merge it");
        }

        if (document.DocStatus is DocStatus.Submitted)
        {
            throw new ValidationException($"{document.DocType!.Name} {document.Name} is submitted: cancel it before merging it");
        }
    }

    /// <summary>The document to merge into; null when the name is free.</summary>
    private async ValueTask<Document?> FindTargetAsync(TenantDb db, Document source, DocumentRename rename, bool ignorePermissions, CancellationToken cancellationToken)
    {
        var docType = source.DocType!;
        if (rename.NewName == source.Name)
        {
            throw new ValidationException($"{docType.Name} {source.Name} is called so already: choose another name");
        }

        var target = await DocumentReader.LoadAsync(db, docType, rename.NewName, forUpdate: true, cancellationToken);
        if (target?.Name == source.Name)
        {
            // Only letter case or accents differ, which keys do not tell apart.
            return rename.IsMerge ? throw new ValidationException($"{docType.Name} {source.Name} cannot be merged with itself") : null;
        }

        switch (target)
        {
            case null when rename.IsMerge:
                throw new ValidationException($"{docType.Name} {rename.NewName} does not exist: choose another document to merge with");
            case not null when !rename.IsMerge:
                throw new ValidationException($"{docType.Name} {rename.NewName} already exists: choose another name");
            case not null:
                await RequireRenameAsync(db, target, ignorePermissions, cancellationToken);
                break;
        }

        return target;
    }

    private async ValueTask MoveAsync(TenantDb db, Document document, Document before, string newName)
    {
        var docType = document.DocType!;
        document.Name = newName;
        naming.KeepNameField(document);
        (document.ModifiedBy, document.Modified) = (db.User.Name, NextModified(before, db));
        await WriteChangesAsync(db, docType, document, before);
        foreach (var child in docType.Tables.Select(table => table.Child).Distinct())
        {
            await db.UnitOfWork.ExecuteAsync(
                $"update {SqlDialect.Quote(child.TableName)} set `parent`=@p0 where `tenant_id`=@p1 and `parent`=@p2 and `parenttype`=@p3",
                new object?[] { newName, db.Tenant.Id, before.Name, docType.Name });
        }
    }

    private static async ValueTask RepointAsync(TenantDb db, Document before, string newName)
    {
        try
        {
            await References.RepointAsync(db, before.DocType!, before.Name, newName);
        }
        catch (DatabaseException exception) when (exception.Fault.Kind is FaultKind.Duplicate)
        {
            throw new UniqueValidationException($"{before.DocType!.Name} {before.Name} and {newName} are both linked to by a field whose values must be unique");
        }
    }

    private static async ValueTask DeleteRowsAsync(TenantDb db, Document stored)
    {
        var docType = stored.DocType!;
        foreach (var table in docType.Tables)
        {
            await db.UnitOfWork.ExecuteAsync(DocTypeSql.Of(table.Child).DeleteRows, new object?[] { db.Tenant.Id, stored.Name, docType.Name, table.Name });
        }

        if (await db.UnitOfWork.ExecuteAsync(DocTypeSql.Of(docType).Delete, new object?[] { db.Tenant.Id, stored.Name, stored.Modified }) == 0)
        {
            throw Changed(stored);
        }
    }
}
