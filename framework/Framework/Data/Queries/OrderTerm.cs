using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Data.Queries;

/// <summary>Reads <c>order_by</c> and <c>group_by</c>: columns of the DocType or aliases of the list, nothing else.</summary>
internal static partial class OrderTerm
{
    /// <exception cref="DataException">A term is not a column, or its direction is none.</exception>
    /// <exception cref="PermissionException">The caller may not read the column.</exception>
    public static void AppendOrder(SqlText sql, DocType docType, string orderBy, IReadOnlyList<SelectColumn> columns, Access? access) =>
        Append(sql, docType, orderBy, columns, access, allowDirection: true);

    /// <inheritdoc cref="AppendOrder"/>
    public static void AppendGroup(SqlText sql, DocType docType, string groupBy, IReadOnlyList<SelectColumn> columns, Access? access) =>
        Append(sql, docType, groupBy, columns, access, allowDirection: false);

    private static void Append(SqlText sql, DocType docType, string terms, IReadOnlyList<SelectColumn> columns, Access? access, bool allowDirection)
    {
        var separator = "";
        foreach (var term in terms.Split(',', StringSplitOptions.TrimEntries))
        {
            var match = Term().Match(term);
            var direction = match.Groups["direction"].Value.ToLowerInvariant();
            if (!match.Success || (direction.Length > 0 && !allowDirection))
            {
                throw new DataException($"Cannot order or group by: {term}");
            }

            var name = match.Groups["name"].Value;
            var table = match.Groups["table"].Value;
            if (table.Length > 0 && table != docType.TableName)
            {
                throw new DataException($"Cannot order or group by another table: {table}");
            }

            if (docType.Column(name) is { } field)
            {
                if (!(access?.CanAsk(field) ?? true))
                {
                    throw new PermissionException($"No permission to read field {name} of {docType.Name}");
                }
            }
            else if (!columns.Any(column => column.Alias == name))
            {
                throw new DataException($"Field not permitted in query: {name}");
            }

            sql.Append(separator).Name(name).Append(direction.Length > 0 ? " " + direction : "");
            separator = ", ";
        }
    }

    [GeneratedRegex(@"^(?:`(?<table>tab[^`]{1,64})`\.)?`?(?<name>[A-Za-z_]\w{0,63})`?(?:\s+(?<direction>asc|desc))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Term();
}
