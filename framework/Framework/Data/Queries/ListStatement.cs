using Microservices.Data.Dialects;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>The statement of a list, and what its rows hold.</summary>
internal sealed class ListStatement
{
    /// <summary>The statement.</summary>
    public required SqlText Sql { get; init; }

    /// <summary>The columns of the answer; what a row holds after them is for the framework.</summary>
    public required List<SelectColumn> Columns { get; init; }

    /// <summary>Child rows that are answered inside each row, by its name.</summary>
    public required IReadOnlyList<NestedRows> Nested { get; init; }

    /// <summary>Where a row holds its name, for <see cref="Nested"/>.</summary>
    public int NameOrdinal { get; init; }

    /// <summary>The cursors of the list, when they were asked for; the values of the order follow the columns.</summary>
    public ListCursor? Cursor { get; init; }

    /// <summary>Whether the database computes with what the client wrote, and may find that it cannot.</summary>
    public bool Computes { get; init; }

    /// <summary>Whether an error of the database is the client's: a number out of range, a pattern that it cannot take.</summary>
    public bool IsRefusal(DatabaseException exception) => Computes && IsRefused(exception);

    /// <summary>The same of a count, which computes with the conditions and the groups of a list.</summary>
    public static bool IsRefusal(DatabaseException exception, ListQuery query) => (query.GroupBy.Length > 0 || query.HasPatterns) && IsRefused(exception);

    private static bool IsRefused(DatabaseException exception) => exception.Fault.Kind is FaultKind.Other;

    /// <summary>What the client is told then.</summary>
    public static DataException Refusal() => new("The database cannot compute what fields or filters ask for");
}
