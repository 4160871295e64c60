using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>Writes documents: one transaction an operation, every event in its order, nothing kept when anything fails.</summary>
internal sealed partial class DocumentStore(Hooks hooks, ControllerRegistry controllers, DocumentNaming naming, DocumentPermissions permissions, DeletedDocuments deleted)
{
    /// <summary>Inserts a new document and its rows.</summary>
    public async Task InsertAsync(TenantDb db, Document document, bool ignorePermissions, CancellationToken cancellationToken)
    {
        var docType = document.DocType ?? db.DocTypes.Get(document.GetType());
        RefuseRow(docType);
        document.AttachTo(docType);
        if (!ignorePermissions)
        {
            var access = await AttachedRecords.AccessToAsync(db, document, cancellationToken);
            foreach (var right in RightsToInsert(document))
            {
                // A share is of another document than a new one, so it gives no right here.
                _ = access.Has(right) ? right : throw access.Denied(right);
            }
        }

        if (document.DocStatus is not DocStatus.Draft && !(document.DocStatus is DocStatus.Submitted && docType.Definition.IsSubmittable))
        {
            throw docType.Definition.IsSubmittable
                ? new DocstatusTransitionException($"A new {docType.Name} is a draft or submitted, not {document.DocStatus}")
                : new DocstatusTransitionException($"A new {docType.Name} is a draft, not {document.DocStatus}");
        }

        await using var transaction = await db.UnitOfWork.BeginAsync(cancellationToken);
        await Tree.LockAsync(db, docType, cancellationToken);
        var context = new DocumentContext(document, stored: null, docType, db, cancellationToken);
        var lifecycle = Lifecycle.Of(hooks, controllers, context);
        DocumentDefaults.Apply(document, db);
        Stamp(document, db);
        if (!ignorePermissions && permissions.DependOnDocument(db.User, docType))
        {
            await permissions.RequireAsync(db, Rights.Create, document, cancellationToken);
            foreach (var right in RightsToInsert(document).Skip(1))
            {
                await permissions.RequireCheckAsync(db, right, document, cancellationToken);
            }
        }

        if (IsAmendment(document))
        {
            await RequireCancelledAsync(db, document, cancellationToken);
        }

        await FetchFrom.ApplyAsync(db, document, cancellationToken);
        await lifecycle.RaiseAsync(DocumentEvent.BeforeInsert);
        await lifecycle.RaiseAsync(DocumentEvent.BeforeNaming);
        document.Name = await naming.NameAsync(db, document, cancellationToken);
        naming.KeepNameField(document);
        PrepareRows(document, db);
        await lifecycle.RaiseAsync(DocumentEvent.BeforeValidate);
        await lifecycle.RaiseAsync(DocumentEvent.Validate);
        var submits = document.DocStatus is DocStatus.Submitted;
        await lifecycle.RaiseAsync(submits ? DocumentEvent.BeforeSubmit : DocumentEvent.BeforeSave);
        PrepareRows(document, db);
        Tree.Protect(document, before: null);
        DocumentValidator.Check(document, before: null);
        await LinkValidator.CheckAsync(db, document, before: null, cancellationToken);

        if (docType.Definition.IsVirtual)
        {
            await VirtualDocuments.Of(db, docType).InsertAsync(db, document, cancellationToken);
        }
        else
        {
            await Tree.InsertAsync(db, document, cancellationToken);
            await InsertRowsAsync(db, docType, [document]);
            foreach (var table in docType.Tables)
            {
                await InsertRowsAsync(db, table.Child, [.. table.Rows(document).Cast<Document>()]);
            }
        }

        await lifecycle.RaiseAsync(DocumentEvent.AfterInsert);
        await lifecycle.RaiseAsync(DocumentEvent.OnUpdate);
        if (submits)
        {
            await lifecycle.RaiseAsync(DocumentEvent.OnSubmit);
        }

        await lifecycle.RaiseAsync(DocumentEvent.OnChange);
        await transaction.CompleteAsync(cancellationToken);
        MarkStored(document);
    }

    /// <summary>Deletes a document and its rows.</summary>
    /// <param name="db">The database.</param>
    /// <param name="docType">The DocType.</param>
    /// <param name="name">The document.</param>
    /// <param name="ignorePermissions">Whether code acts in its own right.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <param name="check">Looks at the document that was found and may refuse.</param>
    public async Task DeleteAsync(TenantDb db, DocType docType, string name, bool ignorePermissions, CancellationToken cancellationToken, Action<Document>? check = null)
    {
        RefuseRow(docType);
        await using var transaction = await db.UnitOfWork.BeginAsync(cancellationToken);
        await Tree.LockAsync(db, docType, cancellationToken);
        var document = await DocumentReader.LoadAsync(db, docType, name, forUpdate: true, cancellationToken);
        if (document is null or { IsNew: true })
        {
            throw NotFound(docType, name);
        }

        if (!ignorePermissions)
        {
            await permissions.RequireAsync(db, Rights.Delete, document, cancellationToken);
        }

        check?.Invoke(document);

        if (document.DocStatus is DocStatus.Submitted)
        {
            throw new ValidationException($"{docType.Name} {document.Name} is submitted: cancel it before deleting it");
        }

        Tree.RequireLeaf(document);
        // What goes is what was found, whatever hooks make of the document in memory.
        var stored = DocumentReader.Copy(document);
        var lifecycle = Lifecycle.Of(hooks, controllers, new DocumentContext(document, stored, docType, db, cancellationToken));
        await lifecycle.RaiseAsync(DocumentEvent.BeforeDelete);
        await lifecycle.RaiseAsync(DocumentEvent.OnTrash);
        await lifecycle.RaiseAsync(DocumentEvent.OnChange);
        await LinkValidator.CheckNothingLinksToAsync(db, stored, "delete", submittedOnly: false, cancellationToken);
        if (docType.Definition.IsVirtual)
        {
            await VirtualDocuments.Of(db, docType).DeleteAsync(db, stored, cancellationToken);
        }
        else
        {
            await DeleteRowsAsync(db, stored);
            await Tree.RemoveAsync(db, stored);
        }

        await References.DeleteAttachedAsync(db, docType, stored.Name, cancellationToken);
        await naming.StepBackAsync(db, stored);
        await lifecycle.RaiseAsync(DocumentEvent.AfterDelete);
        await KeepAsync(db, stored, cancellationToken);
        await transaction.CompleteAsync(cancellationToken);
    }

    // The framework's own record of what went, which raises no events.
    private async ValueTask KeepAsync(TenantDb db, Document gone, CancellationToken cancellationToken)
    {
        if (deleted.Of(gone) is { } copy)
        {
            var docType = db.DocTypes.Get(copy.GetType());
            copy.AttachTo(docType);
            Stamp(copy, db);
            copy.Name = await naming.NameAsync(db, copy, cancellationToken);
            await InsertRowsAsync(db, docType, [copy]);
        }
    }

    /// <summary>What a missing document answers, and one of another tenant alike.</summary>
    public static DoesNotExistException NotFound(DocType docType, string name) => new($"{docType.Name} {name} not found");

    /// <summary>What a caller is told whose copy of a document is no longer the stored one.</summary>
    public static TimestampMismatchException Changed(Document document) =>
        new($"{document.DocType!.Name} {document.Name} has been modified after you have opened it. Please refresh to get the latest document.");

    private static void RefuseRow(DocType docType)
    {
        if (docType.Definition.IsTable)
        {
            throw new ValidationException($"{docType.Name} holds rows of other documents: write it through its parent");
        }

        if (docType.Definition is { IsVirtual: true, VirtualClass: null })
        {
            throw new ValidationException($"{docType.Name} has no table to write to");
        }
    }

    private static IEnumerable<Rights> RightsToInsert(Document document)
    {
        yield return Rights.Create;
        if (document.DocStatus is DocStatus.Submitted && document.DocType!.Definition.IsSubmittable)
        {
            yield return Rights.Submit;
        }

        if (IsAmendment(document))
        {
            yield return Rights.Amend;
        }
    }

    private static void Stamp(Document document, TenantDb db)
    {
        (document.ModifiedBy, document.Modified) = (db.User.Name, db.Now);
        if (!document.IsRestored)
        {
            (document.Owner, document.Creation) = (document.ModifiedBy, document.Modified);
        }
    }

    /// <summary>Gives rows their position, their parent and, when new, their name and stamps.</summary>
    private static void PrepareRows(Document document, TenantDb db)
    {
        foreach (var table in document.DocType!.Tables)
        {
            var idx = 0;
            var names = new Queue<string>(HashName.CreateMany(db.Now, table.Rows(document).Cast<Document>().Count(row => row.IsNew && row.Name.Length == 0)));
            foreach (Document row in table.Rows(document))
            {
                row.Idx = ++idx;
                row.AttachTo(table.Child);
                if (row.IsNew)
                {
                    if (row.Name.Length == 0)
                    {
                        row.Name = names.Dequeue();
                        DocumentDefaults.Apply(row, db);
                    }

                    if (!row.IsRestored)
                    {
                        (row.Owner, row.Creation) = (db.User.Name, document.Modified);
                    }

                    (row.ModifiedBy, row.Modified) = (db.User.Name, document.Modified);
                }

                (row.Parent, row.ParentType, row.ParentField) = (document.Name, document.DocType!.Name, table.Name);
                row.DocStatus = document.DocStatus;
            }
        }
    }

    private static async ValueTask InsertRowsAsync(TenantDb db, DocType docType, List<Document> rows)
    {
        var width = docType.Columns.Length + 1;
        var done = 0;
        foreach (var chunk in DocTypeSql.Chunks(rows.Count))
        {
            var values = new object?[chunk * width];
            for (var r = 0; r < chunk; r++)
            {
                values[r * width] = db.Tenant.Id;
                for (var c = 1; c < width; c++)
                {
                    values[(r * width) + c] = Stored(db, docType.Columns[c - 1], rows[done + r]);
                }
            }

            await WriteAsync(db, DocTypeSql.Of(docType).Insert(chunk), values, docType, rows[done]);
            done += chunk;
        }
    }

    private static object? Stored(TenantDb db, DocField column, Document document) => FieldValue.From(column.Get(document), column) switch
    {
        string password when column.Definition.Type is FieldType.Password => PasswordVault.Stored(db, column, document, password),
        var value => value,
    };

    private static async ValueTask<int> WriteAsync(TenantDb db, string sql, object?[] values, DocType docType, Document document)
    {
        try
        {
            return await db.UnitOfWork.ExecuteAsync(sql, values);
        }
        catch (DatabaseException exception) when (exception.Fault.Kind is Data.Dialects.FaultKind.Duplicate)
        {
            // A unique field that is the name tells of the name, whichever of the two keys the database looks at first.
            throw docType.Column(exception.Fault.Key) is { IsStandard: false } unique && !Equals(unique.Get(document), document.Name)
                ? new UniqueValidationException($"{unique.Definition.Caption} must be unique: {unique.Get(document)} is taken already")
                : new DuplicateEntryException($"{docType.Name} {document.Name} already exists");
        }
    }

    private static void MarkStored(Document document)
    {
        document.IsNew = false;
        PasswordVault.Hide(document);
        foreach (var table in document.DocType!.Tables)
        {
            foreach (Document row in table.Rows(document))
            {
                row.IsNew = false;
                PasswordVault.Hide(row);
            }
        }
    }
}
