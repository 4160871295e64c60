namespace Microservices.Data;

/// <summary>A query of one's own that could leave its tenant, refused before it is sent.</summary>
public sealed class TenantSqlException(string message) : Exception(message);

/// <summary>
/// Reads the text of a query the way a database would and accepts a table only where a hole made by <see cref="TenantDb.Table"/> stands:
/// after FROM, JOIN and the commas of a FROM clause there is such a hole, a bracket or the name of a WITH.
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
    };

    private static readonly HashSet<string> s_endsFrom = new(StringComparer.OrdinalIgnoreCase)
    {
        "where", "group", "having", "order", "limit", "union", "except", "intersect", "window", "on", "using", "for",
    };

    private static readonly HashSet<string> s_functionsWithFrom = new(StringComparer.OrdinalIgnoreCase) { "extract", "trim", "substring", "substr", "position" };

    /// <exception cref="TenantSqlException">The text is refused; the message says why.</exception>
    public static void Check(IEnumerable<string> parts)
    {
        var tokens = Tokenize(string.Concat(parts));
        if (tokens.Count == 0 || !(Is(tokens[0], "select") || Is(tokens[0], "with")))
        {
            throw new TenantSqlException("A query of your own is one SELECT or WITH; documents are written through TenantDb.");
        }

        var withNames = WithNames(tokens);
        var frames = new Stack<Frame>([new Frame()]);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var frame = frames.Peek();
            if (frame.ExpectsTable)
            {
                frame.ExpectsTable = Is(token, "lateral");
                if (token is not (TableHole or "(") && !frame.ExpectsTable && !withNames.Contains(token.Trim('`', '"')))
                {
                    throw new TenantSqlException($"'{token}' stands where a table must: name tables with {{db.Table(\"...\")}}.");
                }
            }

            if (token == "(")
            {
                // Brackets right after FROM may hold more tables; those of extract(... from x) hold none.
                var opensTables = frame.InFrom && i > 0 && (IsAny(tokens[i - 1], "from", "join") || tokens[i - 1] is "," or "(");
                frames.Push(new Frame { IsFunctionWithFrom = i > 0 && s_functionsWithFrom.Contains(tokens[i - 1]), InFrom = opensTables, ExpectsTable = opensTables && i + 1 < tokens.Count && !IsAny(tokens[i + 1], "select", "with") });
            }
            else if (token == ")")
            {
                if (frames.Count == 1)
                {
                    throw new TenantSqlException("The brackets of the query do not match.");
                }

                frames.Pop();
            }
            else if (Is(token, "from") && !frame.IsFunctionWithFrom)
            {
                (frame.InFrom, frame.ExpectsTable) = (true, true);
            }
            else if (IsAny(token, "join", "straight_join"))
            {
                (frame.InFrom, frame.ExpectsTable) = (true, true);
            }
            else if (token == "," && frame.InFrom)
            {
                frame.ExpectsTable = true;
            }
            else if (s_endsFrom.Contains(token))
            {
                frame.InFrom = false;
            }
            else if (s_forbidden.Contains(token.Trim('`', '"')))
            {
                throw new TenantSqlException($"'{token}' is not allowed in a query of your own.");
            }
        }
    }

    private static HashSet<string> WithNames(List<string> tokens)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; Is(tokens[0], "with") && i + 2 < tokens.Count; i++)
        {
            if (Is(tokens[i + 1], "as") && tokens[i + 2] == "(")
            {
                names.Add(tokens[i].Trim('`', '"'));
            }
        }

        return names;
    }

    private static List<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            if (c is ';' or '#' || text.AsSpan(i).StartsWith("--") || text.AsSpan(i).StartsWith("/*"))
            {
                throw new TenantSqlException("A query of your own is one statement without comments.");
            }

            var start = i;
            if (c is '\'' or '`' or '"')
            {
                i = text.IndexOf(c, i + 1) + 1;
                if (i == 0 || text.AsSpan(start, i - start).Contains('\\') || text.AsSpan(start, i - start).ContainsAny(TableHole + ValueHole))
                {
                    throw new TenantSqlException("A quoted text of the query is not closed, or holds a backslash or a hole: pass values as holes.");
                }
            }
            else if (char.IsAsciiLetterOrDigit(c) || c is '_' or '@' or '$' || c > 127)
            {
                while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '@' or '$' || text[i] > 127))
                {
                    i++;
                }
            }
            else
            {
                i++;
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }

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
    }
}
