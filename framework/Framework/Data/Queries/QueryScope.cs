using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>
/// The tables of a statement: the listed one, and those that its columns join. Every join carries the tenant, and the rows of a linked
/// DocType that the caller may not see join as if they were not there.
/// </summary>
internal sealed partial class QueryScope
{
    private const int MaxJoins = 10;

    private readonly TenantDb _db;
    private readonly CurrentUser? _user;
    private readonly List<QuerySource> _joins = [];
    private readonly QuerySource? _parent;
    private readonly FrozenDictionary<string, IReadOnlyList<Filter>> _conditions;

    public QueryScope(TenantDb db, DocType docType, ListQuery query, CurrentUser? user)
    {
        (_db, _user, Rules, _conditions) = (db, user, query.Rules, query.PermissionConditions);
        if (docType.Definition.IsVirtual || docType.Definition.IsSingle)
        {
            throw new DataException($"{docType.Name} has no table to list");
        }

        if (query.Parent.Length > 0)
        {
            (Root, _parent) = RowsOf(docType, query.Parent);
            return;
        }

        var access = user is null ? null : Access.Of(user, docType);
        Root = new QuerySource(docType, NeedsAliases(query) ? "t0" : "", access);
        if (!Root.IsVisible)
        {
            throw access!.Denied(Rights.Read);
        }
    }

    /// <summary>The listed table.</summary>
    public QuerySource Root { get; }

    /// <summary>Whose rules apply.</summary>
    public ListRules Rules { get; }

    /// <summary>The day that named spans count from.</summary>
    public DateOnly Today => _db.Today;

    /// <summary>The tenant, as its rows carry it.</summary>
    public string TenantId => _db.Tenant.Id;

    /// <summary>Whether rows may repeat, because child rows are joined.</summary>
    public bool JoinsRows => _joins.Exists(join => join.Tables.Length > 0);

    /// <summary>A column by what a client calls it, or null when there is none: <c>column</c>, <c>`tabX`.`column`</c>, <c>table_field.column</c> or <c>link_field.column</c>.</summary>
    /// <exception cref="DataException">The link leads to a DocType that this service does not have.</exception>
    public ColumnRef? Find(string text, string docType = "")
    {
        var root = Root.DocType;
        if (docType.Length == 0 || docType == root.Name)
        {
            if (root.Column(text) is { } plain)
            {
                return new ColumnRef(Root, plain);
            }
        }
        else
        {
            return Rows(root.Tables.Where(table => table.Child.Name == docType), text);
        }

        var match = Reference().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var name = match.Groups["name"].Value;
        if (match.Groups["table"] is { Success: true, Value: var tableName })
        {
            return tableName == root.TableName ? Column(Root, name) : Rows(root.Tables.Where(table => table.Child.TableName == tableName), name);
        }

        if (match.Groups["path"] is not { Success: true, Value: var path })
        {
            return Column(Root, name);
        }

        return root.Table(path) is { } rows ? Rows([rows], name)
            : root.Column(path) is { Definition.Type: FieldType.Link } link ? Column(Linked(link), name)
            : null;
    }

    /// <summary>A column that a condition, a sort term or a computation uses.</summary>
    /// <exception cref="DataException">There is no such column.</exception>
    /// <exception cref="PermissionException">The caller may not see it; in v2 also when there is none.</exception>
    public ColumnRef Ask(string text, string docType = "")
    {
        var column = Find(text, docType) ?? throw Unknown(text);
        return column.CanAsk ? column : throw new PermissionException($"No permission to read field {text} of {Root.DocType.Name}");
    }

    /// <summary>A column that a condition of the service's own names: of a table itself, or, for the listed one, also through its links.</summary>
    /// <exception cref="DataException">There is no such column.</exception>
    public ColumnRef Of(QuerySource source, Filter condition) =>
        (source == Root ? Find(condition.Field) : Column(source, condition.Field)) ?? throw new DataException($"Field not permitted in query: {condition.Field}");

    /// <summary>The refusal of a column that is not there.</summary>
    public FrameworkException Unknown(string text) =>
        Rules is ListRules.V2 ? new PermissionException($"Field not permitted in query: {text}") : new DataException($"Field not permitted in query: {text}");

    /// <summary>Appends the tables with their joins.</summary>
    public void AppendFrom(SqlText sql)
    {
        sql.Append(" from ").Name(Root.DocType.TableName).Append(Root.Alias.Length > 0 ? " " + Root.Alias : "");
        if (_parent is not null)
        {
            Join(sql, "join", _parent).Column(_parent.Alias, StandardFields.Name).Append("=").Column(Root.Alias, StandardFields.Parent);
            AppendPermissions(sql, _parent);
        }

        foreach (var join in _joins)
        {
            Join(sql, "left join", join);
            if (join.Link is { } link)
            {
                sql.Column(join.Alias, StandardFields.Name).Append("=").Column(Root.Alias, link.Name);
                AppendPermissions(sql, join);
            }
            else
            {
                sql.Column(join.Alias, StandardFields.Parent).Append("=").Column(Root.Alias, StandardFields.Name);
                AppendParent(sql, join, Root.DocType);
            }
        }
    }

    /// <summary>Appends <c>where</c> with the tenant and the rows that the caller may see.</summary>
    public void AppendWhere(SqlText sql)
    {
        sql.Append(" where ").Column(Root.Alias, StandardFields.TenantId).Append("=").Value(_db.Tenant.Id);
        if (_parent is not null)
        {
            AppendParent(sql, Root, _parent.DocType);
        }
        else
        {
            AppendPermissions(sql, Root);
        }
    }

    /// <summary>Refuses a caller who may see nothing of a DocType.</summary>
    /// <exception cref="PermissionException">The caller has neither read nor select.</exception>
    public void RequireSight(DocType docType)
    {
        if (_user is not null && Access.Of(_user, docType) is var access && !access.Has(Rights.Select) && !access.MayHave(Rights.Read))
        {
            throw access.Denied(Rights.Read);
        }
    }

    private void AppendPermissions(SqlText sql, QuerySource source)
    {
        if (_user is not null)
        {
            PermissionCondition.Append(sql, this, source, _user, _conditions);
        }
    }

    private SqlText Join(SqlText sql, string kind, QuerySource source) =>
        sql.Append($" {kind} ").Name(source.DocType.TableName).Append($" {source.Alias} on ")
            .Column(source.Alias, StandardFields.TenantId).Append("=").Value(_db.Tenant.Id).Append(" and ");

    private static void AppendParent(SqlText sql, QuerySource rows, DocType parent)
    {
        sql.Append(" and ").Column(rows.Alias, StandardFields.ParentType).Append("=").Value(parent.Name)
            .Append(" and ").Column(rows.Alias, StandardFields.ParentField).Append(" in (");
        for (var i = 0; i < rows.Tables.Length; i++)
        {
            sql.Append(i > 0 ? "," : "").Value(rows.Tables[i].Name);
        }

        sql.Append(")");
    }

    private static ColumnRef? Column(QuerySource source, string name) => source.DocType.Column(name) is { } field ? new ColumnRef(source, field) : null;

    private ColumnRef? Rows(IEnumerable<ChildTable> candidates, string name)
    {
        ImmutableArray<ChildTable> tables = [.. candidates];
        return tables.IsEmpty ? null
            : Column(_joins.Find(join => join.Tables.SequenceEqual(tables)) ?? Add(new QuerySource(tables[0].Child, NextAlias(), Root.Access) { Tables = tables }), name);
    }

    private QuerySource Linked(DocField link)
    {
        if (_joins.Find(join => join.Link == link) is { } known)
        {
            return known;
        }

        var target = LinkTarget(link);
        return Add(new QuerySource(target, NextAlias(), _user is null ? null : Access.Of(_user, target)) { Link = link, IsBehindHiddenLink = !Root.CanList(link) });
    }

    /// <summary>The DocType that a link leads to.</summary>
    /// <exception cref="DataException">It is not in this service, or has no table.</exception>
    public static DocType LinkTarget(DocField link) =>
        link.Target is not { } target ? throw new DataException($"{link.Name} links to {link.Definition.Options}, which is not in this service")
        : target.Definition.IsVirtual || target.Definition.IsSingle ? throw new DataException($"{link.Name} links to {target.Name}, which has no table")
        : target;

    private string NextAlias() => $"t{_joins.Count + 1}";

    private QuerySource Add(QuerySource source)
    {
        if (_joins.Count == MaxJoins)
        {
            throw new DataException($"A list follows at most {MaxJoins} links and tables");
        }

        _joins.Add(source);
        return source;
    }

    private (QuerySource Rows, QuerySource Parent) RowsOf(DocType docType, string parentName)
    {
        var parent = _db.DocTypes.Find(parentName) ?? throw new DoesNotExistException($"DocType {parentName} not found");
        var access = _user is null ? null : Access.Of(_user, parent);
        access?.Require(Rights.Read);
        ImmutableArray<ChildTable> tables = [.. parent.Tables.Where(table => table.Child == docType)];
        if (tables.IsEmpty)
        {
            throw new DataException($"{parentName} has no rows of {docType.Name}");
        }

        tables = [.. tables.Where(table => access?.CanRead(table) ?? true)];
        return tables.IsEmpty
            ? throw access!.Denied(Rights.Read)
            : (new QuerySource(docType, "t0", access) { Tables = tables }, new QuerySource(parent, "p", access));
    }

    // Where only one table takes part, and no alias can be taken for a column, columns need no prefix and the statement stays short.
    private static bool NeedsAliases(ListQuery query) =>
        query.Where is not null || query.OrderBy.Contains('.', StringComparison.Ordinal) || query.GroupBy.Contains('.', StringComparison.Ordinal)
        || query.Fields.Any(field => field.AsSpan().ContainsAny('.', '{', ' ') || UserTags.Are(field))
        || query.Filters.Any(IsFar) || query.OrFilters.Any(IsFar)
        || (query.PermissionConditions.Count > 0 && query.PermissionConditions.Values.Any(conditions => conditions.Any(IsFar)));

    private static bool IsFar(Filter filter) => filter.DocType.Length > 0 || filter.Field.Contains('.', StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(?:`(?<table>tab[^`]{1,64})`\.|`?(?<path>[A-Za-z_]\w{0,63})`?\.)?`?(?<name>[A-Za-z_]\w{0,63})`?\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
