using System.Runtime.CompilerServices;
using Microservices.Data.Queries;
using Microservices.Security;

namespace Microservices.Data;

/// <summary>
/// A SELECT written as an interpolated string: every hole becomes a parameter, or a table that brings its tenant. Text cannot
/// become SQL by way of a hole, and literal text that names a table is refused.
/// </summary>
[InterpolatedStringHandler]
public sealed class TenantSql
{
    private readonly List<object?> _parts = [];

    /// <summary>Called by the compiler.</summary>
    public TenantSql(int literalLength, int formattedCount) => _ = literalLength + formattedCount;

    /// <summary>Called by the compiler for literal text.</summary>
    public void AppendLiteral(string value) => _parts.Add(new Literal(value));

    /// <summary>Called by the compiler for a hole.</summary>
    public void AppendFormatted<T>(T value) => _parts.Add(value);

    internal (string Text, ReadOnlyMemory<object?> Values) Build(Tenant tenant)
    {
        TenantSqlGuard.Check(_parts.Select(part => part switch
        {
            Literal literal => literal.Text,
            TenantTable => TenantSqlGuard.TableHole,
            _ => TenantSqlGuard.ValueHole,
        }));

        var sql = new SqlText();
        foreach (var part in _parts)
        {
            switch (part)
            {
                case Literal literal:
                    sql.Append(literal.Text);
                    break;
                case TenantTable table:
                    AppendTable(sql, table, tenant);
                    break;
                default:
                    sql.Value(part);
                    break;
            }
        }

        return (sql.ToString(), sql.Values);
    }

    private static void AppendTable(SqlText sql, TenantTable table, Tenant tenant)
    {
        // A derived table that the optimizer merges into the query: the tenant column itself is not visible outside.
        sql.Append("(select ");
        for (var i = 0; i < table.DocType.Columns.Length; i++)
        {
            sql.Append(i > 0 ? "," : "").Name(table.DocType.Columns[i].Name);
        }

        sql.Append(" from ").Name(table.DocType.TableName).Append(" where `tenant_id`=").Value(tenant.Id).Append(") as ").Name(table.Alias);
    }

    private sealed record Literal(string Text);
}
