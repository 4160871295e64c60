using System.Globalization;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Resources.OpenApi;

/// <summary>Who may ask, told in the description of an operation.</summary>
internal static class Permissions
{
    public static string Describe(DocType docType, ResourceVerbs verb)
    {
        var right = verb switch
        {
            ResourceVerbs.List => Rights.Select | Rights.Read,
            ResourceVerbs.Get => Rights.Read,
            ResourceVerbs.Create => Rights.Create,
            ResourceVerbs.Update => Rights.Write,
            _ => Rights.Delete,
        };
        var rows = Access.RowsOf(docType);
        var lines = new List<string> { $"**Roles:** {Roles(rows.Where(row => row.PermLevel == 0), right)}." };
        if (docType.Definition.IsSubmittable && verb is ResourceVerbs.Create or ResourceVerbs.Update)
        {
            lines.Add($"**Submit:** {Roles(rows.Where(row => row.PermLevel == 0), Rights.Submit)}.");
            if (verb is ResourceVerbs.Update)
            {
                lines.Add($"**Cancel:** {Roles(rows.Where(row => row.PermLevel == 0), Rights.Cancel)}.");
            }
        }

        var levels = docType.Columns.Select(field => field.PermLevel).Concat(docType.Tables.Select(table => table.Definition.PermLevel)).Where(level => level > 0).Distinct().Order();
        var needed = verb is ResourceVerbs.Create or ResourceVerbs.Update ? Rights.Write | Rights.Create : Rights.Read;
        if (verb is not ResourceVerbs.Delete)
        {
            lines.AddRange(levels.Select(level => string.Create(CultureInfo.InvariantCulture, $"**Fields of permission level {level}:** {Roles(rows.Where(row => row.PermLevel == level), needed)}.")));
        }

        return string.Join("\n\n", lines);
    }

    private static string Roles(IEnumerable<DocPermission> rows, Rights right)
    {
        var roles = rows
            .Where(row => (row.Rights & right) != 0)
            .GroupBy(row => row.Role, StringComparer.Ordinal)
            // A role that has a right for all documents is not told of the same right for its own.
            .Select(role => role.Any(row => !row.IfOwner) ? role.Key : role.Key + " (own documents)")
            .ToList();
        return roles.Count > 0 ? string.Join(", ", roles) : "none but the administrator";
    }
}
