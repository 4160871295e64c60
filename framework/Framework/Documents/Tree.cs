using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>
/// Keeps the nested set of a tree: each node's <c>lft</c> and <c>rgt</c> enclose those of the nodes below it, so that one range finds a whole branch. One
/// writer of a tree of a tenant at a time.
/// </summary>
internal static class Tree
{
    private const string Left = "lft";
    private const string Right = "rgt";
    private const string OldParent = "old_parent";

    /// <summary>Keeps other writers of the tree waiting until the transaction ends. Comes before any row is locked.</summary>
    public static async ValueTask LockAsync(TenantDb db, DocType docType, CancellationToken cancellationToken)
    {
        if (docType.Definition.IsTree)
        {
            // A row of its own for each tree of a tenant; no series has a colon in its name.
            await using var row = await db.UnitOfWork.QueryAsync(db.UnitOfWork.Dialect.NextCounter, new object?[] { db.Tenant.Id, "tree:" + docType.Name }, cancellationToken);
            row.Read();
        }
    }

    /// <summary>What no client and no code decides: where the node stands.</summary>
    public static void Protect(Document document, Document? before)
    {
        if (!document.DocType!.Definition.IsTree)
        {
            return;
        }

        foreach (var field in (string[])[Left, Right, OldParent])
        {
            document[field] = before?[field];
        }
    }

    /// <summary>Makes room for a new node, as the last one below its parent.</summary>
    public static async ValueTask InsertAsync(TenantDb db, Document document, CancellationToken cancellationToken)
    {
        if (!document.DocType!.Definition.IsTree)
        {
            return;
        }

        var at = await EndOfAsync(db, document.DocType, ParentOf(document), cancellationToken);
        await ShiftAsync(db, document.DocType, from: at, by: 2);
        (document[Left], document[Right], document[OldParent]) = (at, at + 1, ParentOf(document));
    }

    /// <summary>Moves a node and all below it when its parent has changed.</summary>
    /// <exception cref="ValidationException">The new parent is the node itself or below it.</exception>
    public static async ValueTask UpdateAsync(TenantDb db, Document document, Document before, CancellationToken cancellationToken)
    {
        if (document.DocType!.Definition.IsTree && ParentOf(document) != ParentOf(before))
        {
            await MoveAsync(db, document, ParentOf(document), cancellationToken);
            document[OldParent] = ParentOf(document);
        }
    }

    /// <exception cref="ValidationException">There are nodes below it.</exception>
    public static void RequireLeaf(Document document)
    {
        if (document.DocType!.Definition.IsTree && Number(document, Right) > Number(document, Left) + 1)
        {
            throw new ValidationException($"Cannot delete {document.Name}: it has child nodes");
        }
    }

    /// <summary>Closes the gap that a deleted leaf leaves.</summary>
    public static async ValueTask RemoveAsync(TenantDb db, Document document)
    {
        if (document.DocType!.Definition.IsTree)
        {
            await ShiftAsync(db, document.DocType, from: Number(document, Right) + 1, by: -2);
        }
    }

    /// <summary>Gives all nodes below one node to another, which takes its place.</summary>
    /// <exception cref="ValidationException">One of them is a group and the other is not, or the target is below the node.</exception>
    public static async ValueTask MergeAsync(TenantDb db, Document source, Document target, CancellationToken cancellationToken)
    {
        if (!source.DocType!.Definition.IsTree)
        {
            return;
        }

        if (!Equals(source["is_group"], target["is_group"]))
        {
            throw new ValidationException($"A group is merged with a group: {source.Name} and {target.Name} are not of one kind");
        }

        var parentField = source.DocType.Definition.TreeParentField;
        var children = await db.GetAllAsync(source.DocType.Name, new() { Filters = [new(parentField, source.Name)], OrderBy = Left, Limit = int.MaxValue }, cancellationToken);
        foreach (var child in children)
        {
            var node = await DocumentReader.LoadAsync(db, source.DocType, child.Get<string>(StandardFields.Name)!, forUpdate: false, cancellationToken);
            await MoveAsync(db, node!, target.Name, cancellationToken);
        }

        var emptied = await DocumentReader.LoadAsync(db, source.DocType, source.Name, forUpdate: false, cancellationToken);
        await RemoveAsync(db, emptied!);
    }

    private static async ValueTask MoveAsync(TenantDb db, Document node, string? parent, CancellationToken cancellationToken)
    {
        var docType = node.DocType!;
        var (left, right) = (Number(node, Left), Number(node, Right));
        var to = await EndOfAsync(db, docType, parent, cancellationToken);
        if (parent is not null && to > left && to <= right)
        {
            throw new ValidationException($"{node.Name} cannot be below itself: choose a parent outside its branch");
        }

        // The branch goes to the end of its new parent; what lies between moves the other way by the branch's width.
        var width = right - left + 1;
        var (distance, first, last, shift) = to > right ? (to - 1 - right, right + 1, to - 1, -width) : (to - left, to, left - 1, width);
        var sql = $"update {SqlDialect.Quote(docType.TableName)} set {Moved(Left)},{Moved(Right)} where `tenant_id`=@p6 and `rgt`>=@p7 and `lft`<=@p8";
        await db.UnitOfWork.ExecuteAsync(sql, new object?[] { left, right, distance, first, last, shift, db.Tenant.Id, Math.Min(left, first), Math.Max(right, last) });
        (node[Left], node[Right]) = (left + distance, right + distance);

        static string Moved(string column) =>
            $"`{column}`=case when `{column}` between @p0 and @p1 then `{column}`+@p2 when `{column}` between @p3 and @p4 then `{column}`+@p5 else `{column}` end";
    }

    private static async ValueTask ShiftAsync(TenantDb db, DocType docType, long from, long by) =>
        await db.UnitOfWork.ExecuteAsync(
            $"update {SqlDialect.Quote(docType.TableName)} set `lft`=case when `lft`>=@p0 then `lft`+@p1 else `lft` end,`rgt`=`rgt`+@p1 where `tenant_id`=@p2 and `rgt`>=@p0",
            new object?[] { from, by, db.Tenant.Id });

    /// <summary>Where the next node below a parent begins; without one, behind all others.</summary>
    private static async ValueTask<long> EndOfAsync(TenantDb db, DocType docType, string? parent, CancellationToken cancellationToken)
    {
        var table = SqlDialect.Quote(docType.TableName);
        await using var result = parent is null
            ? await db.UnitOfWork.QueryAsync($"select coalesce(max(`rgt`),0)+1 from {table} where `tenant_id`=@p0", new object?[] { db.Tenant.Id }, cancellationToken)
            : await db.UnitOfWork.QueryAsync($"select `rgt` from {table} where `tenant_id`=@p0 and `name`=@p1", new object?[] { db.Tenant.Id, parent }, cancellationToken);
        return result.Read() ? result.Row.GetInt64(0) : throw DocumentStore.NotFound(docType, parent!);
    }

    private static string? ParentOf(Document document) => document[document.DocType!.Definition.TreeParentField] as string;

    private static long Number(Document document, string field) => document[field] as long? ?? 0;
}
