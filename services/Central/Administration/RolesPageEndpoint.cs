using Central.Pages;
using Central.Users;

namespace Central.Administration;

/// <summary>What the page shows.</summary>
internal sealed record RolesModel(IReadOnlyList<string> Roles, Paging Paging, string RoleName, string? Error);

/// <summary><c>/manage/roles</c>: the roles of the manager's tenant; makes one.</summary>
internal sealed class RolesPageEndpoint(VisitorDatabase database) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/manage/roles";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        return FormAsync(page, "", refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        var name = page.Field("role_name").Trim();
        var refusal = await FormRefusal.CatchAsync(() => database.WriteAsync(page, db => db.InsertAsync(new Role { RoleName = name }, cancellationToken: page.Cancelled)));
        return refusal is null ? page.SeeOther(Notice.After(Path, "made")) : await FormAsync(page, name, refusal);
    }

    private async Task<IResult> FormAsync(PageContext page, string name, FormRefusal? refusal)
    {
        var (rows, paging) = await Paging.ReadAsync(page, Path, (search, offset, limit) => database.RunAsync(page, db => db.GetListAsync(
            "Role", new() { OrFilters = Paging.Contains(search, "name"), OrderBy = "name asc", Offset = offset, Limit = limit }, page.Cancelled)));
        return await page.RenderAsync<RolesPage>(
            new RolesModel([.. rows.Select(row => row.Get<string>("name")!)], paging, name, refusal?.Message), refusal?.Status ?? StatusCodes.Status200OK);
    }
}
