namespace Microservices.Data;

/// <summary>A query of one's own that could leave its tenant, refused before it is sent.</summary>
public sealed class TenantSqlException(string message) : Exception(message);

/// <summary>
/// Reads the text of a query the way a database would and accepts a table only where a hole made by <see cref="TenantDb.Table"/> stands:
/// after FROM, JOIN and the commas of a FROM clause there is such a hole, a bracket or the name of a WITH. What the databases could
/// read in two ways is refused.
/// </summary>
internal static class TenantSqlGuard
{
    public const string TableHole = "\u0001";
    public const string ValueHole = "\u0002";

    private static readonly HashSet<string> s_forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "insert", "update", "delete", "replace", "merge", "create", "alter", "drop", "truncate", "grant", "revoke", "call", "exec", "execute", "prepare",
        "attach", "detach", "pragma", "vacuum", "load", "outfile", "dumpfile", "load_file", "handler", "lock", "unlock", "set", "use", "show", "describe",
        "information_schema", "performance_schema", "mysql", "sys", "sqlite_master", "sqlite_schema", "sqlite_temp_master", "tenant_id", "into", "procedure", "table",
        "force", "ignore", // index hints, whose own ORDER BY and GROUP BY stand inside a FROM clause
    };

    // What follows ON and USING is still the FROM clause: its next comma brings another table.
    private static readonly HashSet<string> s_endsFrom = new(StringComparer.OrdinalIgnoreCase)
    {
        "where", "group", "having", "order", "limit", "union", "except", "intersect",
    };

    private static readonly HashSet<string> s_functionsWithFrom = new(StringComparer.OrdinalIgnoreCase) { "extract", "trim", "substring", "substr" };

    /// <exception cref="TenantSqlException">The text is refused; the message says why.</exception>
    public static void Check(IEnumerable<string> parts)
    {
        var tokens = TenantSqlTokens.Read(string.Concat(parts));
        if (tokens.Count == 0 || !(Is(tokens[0], "select") || Is(tokens[0], "with")))
        {
            throw new TenantSqlException("A query of your own is one SELECT or WITH; documents are written through TenantDb.");
        }

        var withNames = WithNames(tokens);
        var frames = new Stack<Frame>([new Frame()]);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var next = i + 1 < tokens.Count ? tokens[i + 1] : "";
            var frame = frames.Peek();
            if (frame.ExpectsTable)
            {
                frame.ExpectsTable = false;
                // A name with a dot is a table of a schema, whatever a WITH calls by the same name.
                if (token is not (TableHole or "(") && (next == "." || !withNames.Contains(Unquoted(token))))
                {
                    throw new TenantSqlException($"'{token}' stands where a table must: name tables with {{db.Table(\"...\")}}.");
                }
            }
            else if (token == TableHole)
            {
                throw new TenantSqlException("{db.Table(\"...\")} stands where no table can: after FROM, JOIN or a comma of FROM.");
            }

            if (token == "(")
            {
                // Brackets right after FROM may hold more tables; those of extract(... from x) hold none.
                var opensTables = frame.InFrom && (IsAny(tokens[i - 1], "from", "join") || tokens[i - 1] is "," or "(") && !IsAny(next, "select", "with");
                frames.Push(new Frame
                {
                    IsFunctionWithFrom = i > 0 && s_functionsWithFrom.Contains(tokens[i - 1]),
                    IsFunctionWithIn = i > 0 && Is(tokens[i - 1], "position"),
                    InFrom = opensTables,
                    ExpectsTable = opensTables,
                });
            }
            else if (token == ")")
            {
                if (frames.Count == 1)
                {
                    throw NotClosed();
                }

                frames.Pop();
            }
            else if ((Is(token, "from") && !frame.IsFunctionWithFrom) || IsAny(token, "join", "straight_join"))
            {
                (frame.InFrom, frame.ExpectsTable) = (true, true);
            }
            else if (token == "," && frame.InFrom)
            {
                frame.ExpectsTable = true;
            }
            else if (Is(token, "in") && next != "(" && !frame.IsFunctionWithIn)
            {
                throw new TenantSqlException("IN takes a list or a query in brackets: without them SQLite reads a table's name.");
            }
            else if (s_endsFrom.Contains(token) || (Is(token, "window") && i + 2 < tokens.Count && Is(tokens[i + 2], "as")))
            {
                frame.InFrom = false;
            }
            else if (s_forbidden.Contains(Unquoted(token)))
            {
                throw new TenantSqlException($"'{token}' is not allowed in a query of your own.");
            }
        }

        if (frames.Count > 1 || frames.Peek().ExpectsTable)
        {
            throw NotClosed();
        }
    }

    /// <summary>
    /// The names that WITH gives. Where such a name is not in force (before its own definition, outside its brackets) a database looks
    /// for a table, and all tables of DocTypes are called tab something: no WITH may be.
    /// </summary>
    private static HashSet<string> WithNames(List<string> tokens)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 1; Is(tokens[0], "with") && i < tokens.Count; i++)
        {
            if (tokens[i] == "(" && i >= 2 && IsAny(tokens[i - 1], "as", "materialized"))
            {
                var end = i - 2;
                while (end > 0 && IsAny(tokens[end], "as", "not"))
                {
                    end--;
                }

                // "name (column, column) as (": the name stands before the brackets.
                end = tokens[end] == ")" ? tokens.LastIndexOf("(", end) - 1 : end;
                var name = end > 0 ? Unquoted(tokens[end]) : "";
                if (name.StartsWith("tab", StringComparison.OrdinalIgnoreCase) || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
                {
                    throw new TenantSqlException($"A WITH cannot be called '{name}', as a table is: choose a name that does not start with tab.");
                }

                names.Add(name);
            }
        }

        return names;
    }

    private static string Unquoted(string token) => token.Trim('`', '"', '\'');

    private static TenantSqlException NotClosed() => new("The brackets of the query do not match, or it ends where a table must stand.");

    private static bool Is(string token, string word) => token.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsAny(string token, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Is(token, word))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Frame
    {
        public bool InFrom { get; set; }

        public bool ExpectsTable { get; set; }

        public bool IsFunctionWithFrom { get; init; }

        public bool IsFunctionWithIn { get; init; }
    }
}
