using Central.Pages;

namespace Central.Administration;

/// <summary>The roles of a tenant as boxes of a form.</summary>
internal static class RoleChoice
{
    private const string Prefix = "role-";
    private const int MaxRoles = 90; // a form has at most 100 fields

    /// <summary>The name of a box.</summary>
    public static string FieldOf(int index) => Prefix + index;

    /// <summary>What was ticked.</summary>
    public static IReadOnlyList<string> Read(PageContext page) =>
        [.. page.Form.Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(field => field.Value).Distinct(StringComparer.Ordinal)];

    /// <summary>The roles that the visitor's tenant has.</summary>
    public static async Task<IReadOnlyList<string>> AllAsync(VisitorDatabase database, PageContext page) =>
        [.. (await database.RunAsync(page, db => db.GetListAsync("Role", new() { OrderBy = "name asc", Limit = MaxRoles }, page.Cancelled))).Select(row => row.Get<string>("name")!)];
}
