using System.Collections.Immutable;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>Whether a caller has a right on one document: roles and owner, user permissions, the service's checks, then shares.</summary>
internal sealed class DocumentPermissions(PermissionChecks checks)
{
    /// <summary>Whether the document itself must be looked at, and not only its owner.</summary>
    public bool DependOnDocument(CurrentUser user, DocType docType) =>
        !user.IsAdministrator && (Access.Of(user, docType).DependsOnDocument || checks.Any(docType));

    /// <summary>Refuses whoever has not the right.</summary>
    /// <returns>The caller's access, for the fields.</returns>
    /// <exception cref="PermissionException">The caller has not the right.</exception>
    public async ValueTask<Access> RequireAsync(TenantDb db, Rights right, Document document, CancellationToken cancellationToken)
    {
        var access = await AttachedRecords.AccessToAsync(db, document, cancellationToken);
        return (await DecideAsync(db, access, right, document, cancellationToken)).IsAllowed ? access : throw access.Denied(right);
    }

    /// <summary>Whether the caller has a right, and by which rule.</summary>
    /// <exception cref="DoesNotExistException">The document hangs on one that the caller may not read.</exception>
    public async ValueTask<PermissionDecision> DecideAsync(TenantDb db, Rights right, Document document, CancellationToken cancellationToken) =>
        await DecideAsync(db, await AttachedRecords.AccessToAsync(db, document, cancellationToken), right, document, cancellationToken);

    /// <summary>
    /// Whether the rules other than shares give the caller a right: of a document that is gone, since a share of its name is of the document that has it now.
    /// </summary>
    public async ValueTask<PermissionDecision> DecideWithoutSharesAsync(TenantDb db, Rights right, Document document, CancellationToken cancellationToken) =>
        db.User.IsAdministrator ? new(PermissionRule.Administrator) : await DecideWithoutSharesAsync(db, Access.Of(db.User, document.DocType!), right, document, cancellationToken);

    /// <summary>Refuses what the service's own checks refuse, where the other rules have been asked already.</summary>
    /// <exception cref="PermissionException">A check refuses.</exception>
    public async ValueTask RequireCheckAsync(TenantDb db, Rights right, Document document, CancellationToken cancellationToken)
    {
        if (!db.User.IsAdministrator && checks.Any(document.DocType!) && !await checks.PassAsync(new PermissionCheck(db, document, right, cancellationToken)))
        {
            throw Access.Of(db.User, document.DocType!).Denied(right);
        }
    }

    /// <summary>Refuses a change that takes a document out of what user permissions allow.</summary>
    /// <exception cref="PermissionException">The document has left it.</exception>
    public static async ValueTask RequireLinksAsync(TenantDb db, Access access, Document document, CancellationToken cancellationToken)
    {
        if (access.DependsOnDocument && await RefusedLinkAsync(db, access, document, isNew: false, cancellationToken) is { } field)
        {
            throw new PermissionException($"No permission to use {field} of {document.DocType!.Name}");
        }
    }

    private async ValueTask<PermissionDecision> DecideAsync(TenantDb db, Access access, Rights right, Document document, CancellationToken cancellationToken)
    {
        if (db.User.IsAdministrator)
        {
            return new(PermissionRule.Administrator);
        }

        var decision = await DecideWithoutSharesAsync(db, access, right, document, cancellationToken);
        return decision.IsAllowed || !await IsSharedAsync(db, access, right, document, cancellationToken) ? decision : new(PermissionRule.Share);
    }

    private async ValueTask<PermissionDecision> DecideWithoutSharesAsync(TenantDb db, Access access, Rights right, Document document, CancellationToken cancellationToken)
    {
        var decision = await OfRolesAsync(db, access, right, document, cancellationToken);
        return decision.IsAllowed && checks.Any(document.DocType!) && !await checks.PassAsync(new PermissionCheck(db, document, right, cancellationToken))
            ? new(PermissionRule.ServiceCheck)
            : decision;
    }

    private static async ValueTask<PermissionDecision> OfRolesAsync(TenantDb db, Access access, Rights right, Document document, CancellationToken cancellationToken)
    {
        // Own documents stay in reach of who may because of owning them; a new document is not owned yet.
        var isOwn = right is not Rights.Create && access.HasAsOwner(right) && string.Equals(document.Owner, db.User.Name, StringComparison.Ordinal);
        if (isOwn)
        {
            return new(PermissionRule.Owner);
        }

        if (!access.HasAlways(right) && !(right is Rights.Create && access.Has(right)))
        {
            return new(access.Has(right) ? PermissionRule.NotOwner : PermissionRule.NoRole);
        }

        return await RefusedLinkAsync(db, access, document, isNew: right is Rights.Create, cancellationToken) is { } field
            ? new(PermissionRule.UserPermission, field)
            : new(PermissionRule.Role);
    }

    /// <summary>The first field that user permissions refuse, or null.</summary>
    private static async ValueTask<string?> RefusedLinkAsync(TenantDb db, Access access, Document document, bool isNew, CancellationToken cancellationToken)
    {
        foreach (var restriction in access.Restrictions)
        {
            // A document that is being made has no name to be allowed yet.
            if (!(isNew && restriction.Field == document.DocType!.NameField) && !await AllowsAsync(db, restriction, document, cancellationToken))
            {
                return restriction.Field.Name;
            }
        }

        foreach (var (name, restrictions) in access.RowRestrictions)
        {
            foreach (Document row in document.DocType!.Table(name)!.Rows(document))
            {
                foreach (var restriction in restrictions)
                {
                    if (!await AllowsAsync(db, restriction, row, cancellationToken))
                    {
                        return $"{name}.{restriction.Field.Name}";
                    }
                }
            }
        }

        return null;
    }

    private static async ValueTask<bool> AllowsAsync(TenantDb db, LinkRestriction restriction, Document document, CancellationToken cancellationToken)
    {
        if (restriction.Field.Get(document) is not string { Length: > 0 } value)
        {
            return restriction.MayBeEmpty;
        }

        return restriction.Values.Contains(value)
            || (restriction.Branches.Length > 0 && await IsBelowAsync(db, restriction.Target!, value, restriction.Branches, cancellationToken));
    }

    private static async ValueTask<bool> IsBelowAsync(TenantDb db, DocType tree, string name, ImmutableArray<string> branches, CancellationToken cancellationToken)
    {
        var nodes = await db.GetAllAsync(tree.Name, new() { Fields = ["name", "lft", "rgt"], Filters = [new("name", "in", branches.Append(name).ToList())], Limit = int.MaxValue }, cancellationToken);
        var node = nodes.FirstOrDefault(row => string.Equals(row["name"] as string, name, StringComparison.OrdinalIgnoreCase));
        return node is not null && nodes.Any(top => top != node && Left(top) < Left(node) && Right(node) < Right(top));

        static long Left(Row row) => Convert.ToInt64(row["lft"], System.Globalization.CultureInfo.InvariantCulture);
        static long Right(Row row) => Convert.ToInt64(row["rgt"], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async ValueTask<bool> IsSharedAsync(TenantDb db, Access access, Rights right, Document document, CancellationToken cancellationToken)
    {
        var shared = right is Rights.Select or Rights.Print or Rights.Email ? Rights.Read : right;
        if ((access.Shared & shared) == 0)
        {
            return false;
        }

        var rows = await db.GetAllAsync(
            "DocShare",
            new()
            {
                Fields = ["user", "everyone"],
                Filters = [new("share_doctype", document.DocType!.Name), new("share_name", document.Name), new(shared.ToString().ToLowerInvariant(), "=", true)],
                OrFilters = [new("everyone", "=", true), new("user", db.User.Name)],
                Limit = int.MaxValue,
            },
            cancellationToken);
        return rows.Any(row => row["everyone"] is true || row["user"] as string == db.User.Name);
    }
}
