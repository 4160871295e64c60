using System.Collections.Immutable;
using Microservices.Data;
using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Methods.Client;
using Microservices.Security;

namespace Microservices.Resources.Methods;

/// <summary>
/// <c>permissions.explain</c>: tells an administrator whether somebody has a right, by which rule, and what a list is narrowed to. It shows rules and
/// the text of the SQL, never a value of a row.
/// </summary>
internal sealed class PermissionExplanation(ServedDocTypes served, DocumentPermissions permissions, UserRulesCache rules, QueryConditions conditions)
{
    /// <summary>Who may ask.</summary>
    public static readonly MethodOptions Options = new()
    {
        Verbs = ["GET", "POST"],
        Roles = ["System Manager"],
        Summary = "Explains a permission: who, which rule, which SQL",
    };

    /// <param name="db">The database.</param>
    /// <param name="doctype">The DocType.</param>
    /// <param name="name">A document of it; none asks about the DocType.</param>
    /// <param name="right">The right, such as <c>read</c>.</param>
    /// <param name="user">Whose permissions; none asks about the caller.</param>
    /// <param name="roles">The roles of that user, which this service does not know.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <exception cref="ValidationException">There is no such right, or the roles of another user are missing.</exception>
    public async Task<Explanation> ExplainAsync(
        TenantDb db, string doctype, string? name = null, string right = "read", string? user = null, List<string>? roles = null, CancellationToken cancellationToken = default)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        if (!Enum.TryParse<Rights>(right, ignoreCase: true, out var asked) || asked is Rights.None or Rights.All || !Enum.IsDefined(asked))
        {
            throw new ValidationException($"{right} is no permission");
        }

        var subject = await SubjectAsync(db, user, roles, cancellationToken);
        var view = db.As(subject);
        var access = Access.Of(subject, docType);
        PermissionDecision? decision = name is null ? null : await permissions.DecideAsync(view, asked, await ReadAsync(db, docType, name, cancellationToken), cancellationToken);
        return new Explanation(
            subject.Name,
            [.. subject.Roles.Order(StringComparer.Ordinal)],
            docType.Name,
            name,
            NameOf(asked),
            decision?.IsAllowed ?? (subject.IsAdministrator || access.MayHave(asked)),
            decision is { } made ? Words(made) : null,
            [.. access.Rows(subject).Select(row => new Row(row.Role, row.PermLevel, row.IfOwner, [.. Enum.GetValues<Rights>().Where(one => IsOne(one) && (row.Rights & one) != 0).Select(NameOf)]))],
            docType.Definition.AllowCustomPermissions && subject.Rules.CustomRows.ContainsKey(docType.Name),
            [.. access.Restrictions.Select(rule => new Restriction(rule.Field.Name, rule.Allow, rule.Values.Count, rule.MayBeEmpty))],
            [.. Enum.GetValues<Rights>().Where(one => IsOne(one) && (access.Shared & one) != 0).Select(NameOf)],
            await SqlAsync(view, docType, cancellationToken));
    }

    private async ValueTask<CurrentUser> SubjectAsync(TenantDb db, string? user, List<string>? roles, CancellationToken cancellationToken)
    {
        if (user is null || (user == db.User.Name && roles is null))
        {
            return db.User;
        }

        var subject = new CurrentUser(user, user, db.Tenant, roles ?? throw new ValidationException($"roles: say which roles {user} has; they are known to the central site only"), [], CredentialKind.Service);
        await rules.ApplyAsync(db.UnitOfWork, subject, cancellationToken);
        return subject;
    }

    private static async ValueTask<Document> ReadAsync(TenantDb db, DocType docType, string name, CancellationToken cancellationToken) =>
        (await ReadableDocuments.LoadAsync(db, docType, name, Rights.Read, cancellationToken)).Document;

    // A DocType without a table, or whose list the subject may not have at all, has no statement.
    private async ValueTask<string?> SqlAsync(TenantDb view, DocType docType, CancellationToken cancellationToken)
    {
        if (docType.Definition.IsVirtual || docType.Definition.IsSingle || AttachedRecords.Are(docType))
        {
            return null;
        }

        try
        {
            return SelectStatement.Build(view, docType, await conditions.ApplyAsync(view, docType, new(), cancellationToken), view.User).Sql.ToString();
        }
        catch (PermissionException)
        {
            return null;
        }
    }

    private static bool IsOne(Rights right) => right is not (Rights.None or Rights.All);

    private static string NameOf(Rights right) => right.ToString().ToLowerInvariant();

    private static string Words(PermissionDecision decision) => decision.Rule switch
    {
        PermissionRule.Administrator => "The role Administrator passes every rule",
        PermissionRule.Role => "A role has the right",
        PermissionRule.Owner => "A role has the right for own documents, and this is one",
        PermissionRule.Share => "The document is shared with the user",
        PermissionRule.NoRole => "No role has the right",
        PermissionRule.NotOwner => "The right holds for own documents only",
        PermissionRule.UserPermission => $"A user permission leaves out what {decision.Field} says",
        _ => "A check of the service refused",
    };

    /// <summary>The answer.</summary>
    internal sealed record Explanation(
        string User, ImmutableArray<string> Roles, string Doctype, string? Name, string Right, bool Allowed, string? Rule, ImmutableArray<Row> Rows, bool CustomRows,
        ImmutableArray<Restriction> UserPermissions, ImmutableArray<string> Shared, string? ListSql);

    /// <summary>A permission row of one of the roles.</summary>
    internal sealed record Row(string Role, int Permlevel, bool IfOwner, ImmutableArray<string> Rights);

    /// <summary>What user permissions demand of a field: how many documents it may name, not which.</summary>
    internal sealed record Restriction(string Field, string Allow, int Values, bool MayBeEmpty);
}
