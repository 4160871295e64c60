using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

internal sealed partial class DocumentStore
{
    /// <summary>Loads a document for update, applies a change and writes what differs.</summary>
    /// <param name="db">The database.</param>
    /// <param name="docType">The DocType.</param>
    /// <param name="name">The document.</param>
    /// <param name="change">Changes the loaded document.</param>
    /// <param name="expectedModified">What the caller saw as <c>modified</c>; null leaves the last write to win.</param>
    /// <param name="ignorePermissions">Whether code acts in its own right.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    public async Task<Document> UpdateAsync(
        TenantDb db, DocType docType, string name, Action<Document> change, DateTime? expectedModified, bool ignorePermissions, CancellationToken cancellationToken)
    {
        RefuseRow(docType);
        await using var transaction = await db.UnitOfWork.BeginAsync(cancellationToken);
        await Tree.LockAsync(db, docType, cancellationToken);
        var document = await DocumentReader.LoadAsync(db, docType, name, forUpdate: true, cancellationToken) ?? throw NotFound(docType, name);
        var access = ignorePermissions ? null : await permissions.RequireAsync(db, Rights.Write, document, cancellationToken);
        if (document.IsNew)
        {
            change(document);
            await InsertAsync(db, document, ignorePermissions: true, cancellationToken);
            await transaction.CompleteAsync(cancellationToken);
            return document;
        }

        if (expectedModified is { } expected && expected != document.Modified)
        {
            throw Changed(document);
        }

        var before = DocumentReader.Copy(document);
        change(document);
        var step = StepOf(before, document);
        if (access is not null)
        {
            if (RightOf(step) is var right and not Rights.Write)
            {
                await permissions.RequireAsync(db, right, before, cancellationToken);
            }

            await DocumentPermissions.RequireLinksAsync(db, access, document, cancellationToken);
        }

        if (step is Step.Cancel)
        {
            RefuseChangesAfterSubmit(document, before);
        }

        var status = document.DocStatus;
        Protect(document, before, db);
        await FetchFrom.ApplyAsync(db, document, cancellationToken);
        var context = new DocumentContext(document, before, docType, db, cancellationToken);
        var lifecycle = Lifecycle.Of(hooks, controllers, context);
        await RaiseBeforeAsync(lifecycle, step);
        if (document.DocStatus != status)
        {
            throw new InvalidOperationException($"A hook of {docType.Name} changed docstatus in the middle of another step: submit or cancel by an update of its own.");
        }

        Protect(document, before, db);
        PrepareRows(document, db);
        // A document that old rules let in can be cancelled: only what changes with it is checked.
        DocumentValidator.Check(document, before, changesOnly: step is Step.Cancel);
        // A target may have been cancelled since the draft began to link to it.
        await LinkValidator.CheckAsync(db, document, step is Step.Submit ? null : before, cancellationToken);

        if (step is Step.UpdateAfterSubmit)
        {
            RefuseChangesAfterSubmit(document, before);
        }

        await WriteAllAsync(db, document, before, cancellationToken);

        await RaiseAfterAsync(lifecycle, step, context);
        await transaction.CompleteAsync(cancellationToken);
        MarkStored(document);
        return document;
    }

    private enum Step
    {
        Update,
        Submit,
        UpdateAfterSubmit,
        Cancel,
    }

    private static Step StepOf(Document before, Document after) => (before.DocStatus, after.DocStatus) switch
    {
        (DocStatus.Cancelled, _) => throw new ValidationException($"{before.DocType!.Name} {before.Name} is cancelled and cannot be changed"),
        (DocStatus.Draft, DocStatus.Draft) => Step.Update,
        (DocStatus.Draft, DocStatus.Submitted) when before.DocType!.Definition.IsSubmittable => Step.Submit,
        (DocStatus.Submitted, DocStatus.Submitted) => Step.UpdateAfterSubmit,
        (DocStatus.Submitted, DocStatus.Cancelled) => Step.Cancel,
        var (from, to) => throw new DocstatusTransitionException($"Cannot change docstatus from {(int)from} ({from}) to {(int)to} ({to})"),
    };

    private static Rights RightOf(Step step) => step switch
    {
        Step.Submit or Step.UpdateAfterSubmit => Rights.Submit,
        Step.Cancel => Rights.Cancel,
        _ => Rights.Write,
    };

    private static async ValueTask RaiseBeforeAsync(Lifecycle lifecycle, Step step)
    {
        switch (step)
        {
            case Step.UpdateAfterSubmit:
                await lifecycle.RaiseAsync(DocumentEvent.BeforeUpdateAfterSubmit);
                break;
            case Step.Cancel:
                await lifecycle.RaiseAsync(DocumentEvent.BeforeCancel);
                break;
            default:
                await lifecycle.RaiseAsync(DocumentEvent.BeforeUpdate);
                await lifecycle.RaiseAsync(DocumentEvent.BeforeValidate);
                await lifecycle.RaiseAsync(DocumentEvent.Validate);
                await lifecycle.RaiseAsync(step is Step.Submit ? DocumentEvent.BeforeSubmit : DocumentEvent.BeforeSave);
                break;
        }
    }

    private async ValueTask RaiseAfterAsync(Lifecycle lifecycle, Step step, DocumentContext context)
    {
        switch (step)
        {
            case Step.UpdateAfterSubmit:
                await lifecycle.RaiseAsync(DocumentEvent.OnUpdateAfterSubmit);
                break;
            case Step.Cancel:
                await lifecycle.RaiseAsync(DocumentEvent.OnCancel);
                await LinkValidator.CheckNothingLinksToAsync(context.Db, context.Document, "cancel", submittedOnly: true, context.CancellationToken);
                break;
            default:
                await lifecycle.RaiseAsync(DocumentEvent.OnUpdate);
                await lifecycle.RaiseAsync(DocumentEvent.AfterUpdate);
                if (step is Step.Submit)
                {
                    await lifecycle.RaiseAsync(DocumentEvent.OnSubmit);
                }

                break;
        }

        await KeepVersionAsync(context);
        await lifecycle.RaiseAsync(DocumentEvent.OnChange);
    }

    private async ValueTask KeepVersionAsync(DocumentContext context)
    {
        if (context.DocType.Definition.TrackChanges && VersionData.Of(context.Stored!, context.Document) is { } version)
        {
            await InsertAsync(context.Db, version, ignorePermissions: true, context.CancellationToken);
        }
    }

    /// <summary>What no update changes, whatever code or a client did to the document; and the stamps of this one.</summary>
    private void Protect(Document document, Document before, TenantDb db)
    {
        (document.Name, document.Owner, document.Creation, document.Idx) = (before.Name, before.Owner, before.Creation, before.Idx);
        document.ModifiedBy = db.User.Name;
        naming.KeepNameField(document);
        if (document.DocType!.Definition.IsSubmittable && document.DocType.Column(ImpliedFields.AmendedFrom) is { } amendedFrom)
        {
            amendedFrom.Set(document, amendedFrom.Get(before));
        }

        Tree.Protect(document, before);
        document.Modified = NextModified(before, db);
    }

    // The lock of the next update must differ from this one even when the clock has not moved on.
    private static DateTime NextModified(Document before, TenantDb db) => db.Now is var now && now > before.Modified ? now : before.Modified.AddMicroseconds(1);

    private static void RefuseChangesAfterSubmit(Document document, Document before)
    {
        var docType = document.DocType!;
        var changed = docType.Columns.FirstOrDefault(column => !column.IsStandard && !column.Definition.AllowOnSubmit && !Equals(column.Get(document), column.Get(before)))?.Definition
            ?? docType.Tables.FirstOrDefault(table => !table.Definition.AllowOnSubmit && DocumentValidator.RowsDiffer(table, document, before))?.Definition;
        if (changed is not null)
        {
            throw new UpdateAfterSubmitException($"Not allowed to change {changed.Caption} after submission");
        }
    }

    private static async ValueTask WriteAllAsync(TenantDb db, Document document, Document before, CancellationToken cancellationToken)
    {
        var docType = document.DocType!;
        if (docType.Definition.IsVirtual)
        {
            await VirtualDocuments.Of(db, docType).UpdateAsync(db, document, before, cancellationToken);
            return;
        }

        await Tree.UpdateAsync(db, document, before, cancellationToken);
        await WriteChangesAsync(db, docType, document, before);
        foreach (var table in docType.Tables)
        {
            await WriteRowsAsync(db, table, document, before);
        }
    }

    private static async ValueTask WriteChangesAsync(TenantDb db, DocType docType, Document document, Document before)
    {
        var changed = new List<DocField>();
        foreach (var column in docType.Columns)
        {
            if (!Equals(column.Get(document), column.Get(before)))
            {
                changed.Add(column);
            }
        }

        var values = new object?[changed.Count + 3];
        for (var i = 0; i < changed.Count; i++)
        {
            values[i] = Stored(db, changed[i], document);
        }

        (values[^3], values[^2], values[^1]) = (db.Tenant.Id, before.Name, before.Modified);
        if (await WriteAsync(db, DocTypeSql.Of(docType).Update(changed), values, docType, document) == 0)
        {
            throw Changed(document);
        }
    }

    private static async ValueTask WriteRowsAsync(TenantDb db, ChildTable table, Document document, Document before)
    {
        var sql = DocTypeSql.Of(table.Child);
        var stored = table.Rows(before).Cast<Document>().ToDictionary(row => row.Name, StringComparer.Ordinal);
        var added = new List<Document>();
        foreach (Document row in table.Rows(document))
        {
            if (row.IsNew || !stored.Remove(row.Name, out var old))
            {
                added.Add(row);
            }
            else if (table.Child.Columns.Any(column => column.Name is not (StandardFields.Modified or StandardFields.ModifiedBy) && !Equals(column.Get(row), column.Get(old))))
            {
                (row.ModifiedBy, row.Modified) = (db.User.Name, document.Modified);
                await WriteChangesAsync(db, table.Child, row, old);
            }
        }

        foreach (var name in stored.Keys)
        {
            await db.UnitOfWork.ExecuteAsync(sql.DeleteRow, new object?[] { db.Tenant.Id, document.Name, document.DocType!.Name, table.Name, name });
        }

        await InsertRowsAsync(db, table.Child, added);
    }
}
