using System.Collections.Immutable;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>One table of a statement, and whose permissions say which of its columns may be seen.</summary>
internal sealed class QuerySource(DocType docType, string alias, Access? access)
{
    /// <summary>What its rows are.</summary>
    public DocType DocType => docType;

    /// <summary>What the statement calls it; empty where it is the only table.</summary>
    public string Alias => alias;

    /// <summary>The permissions of the table, or of its parent's for child rows; null when code lists everything of the tenant.</summary>
    public Access? Access => access;

    /// <summary>For child rows: the table fields they stand in.</summary>
    public ImmutableArray<ChildTable> Tables { get; init; } = [];

    /// <summary>For a linked document: the link.</summary>
    public DocField? Link { get; init; }

    /// <summary>Whether the caller may not see the link: what it leads to would tell its value.</summary>
    public bool IsBehindHiddenLink { get; init; }

    /// <summary>Whether the rows hang on another document.</summary>
    private bool IsChild => Tables.Length > 0;

    /// <summary>The right that lets the caller see rows: read, or select when there is no read.</summary>
    public Rights Right => access!.Has(Rights.Read) ? Rights.Read : Rights.Select;

    /// <summary>Whether a list may show a column.</summary>
    public bool CanList(DocField field) =>
        access is null
        || (IsChild ? access.Has(Rights.Read) && Tables.All(access.CanRead) && access.CanRead(field) : !IsBehindHiddenLink && IsVisible && access.CanList(field));

    /// <summary>Whether the caller may see any row: by a role, or because one is shared.</summary>
    public bool IsVisible => access is null || access.Has(Rights.Select) || access.MayHave(Rights.Read);

    /// <summary>Whether a list may be filtered, sorted, grouped or computed by a column.</summary>
    public bool CanAsk(DocField field) =>
        access is null || (CanList(field) && field.Definition.Type is not FieldType.Password);
}

/// <summary>A column of one of the tables of a statement.</summary>
internal readonly record struct ColumnRef(QuerySource Source, DocField Field)
{
    public bool CanList => Source.CanList(Field);

    public bool CanAsk => Source.CanAsk(Field);

    public SqlText AppendTo(SqlText sql) => sql.Column(Source.Alias, Field.Name);
}
