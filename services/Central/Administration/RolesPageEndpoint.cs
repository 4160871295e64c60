using Central.Pages;
using Central.Users;

namespace Central.Administration;

/// <summary>One role of the list.</summary>
internal sealed record RoleRow(string Name, bool RequiresSecondFactor);

/// <summary>What the page shows.</summary>
internal sealed record RolesModel(IReadOnlyList<RoleRow> Roles, Paging Paging, string RoleName, string? Error);

/// <summary><c>/manage/roles</c>: the roles of the manager's tenant; makes one, deletes one, and says which demand a second factor.</summary>
internal sealed class RolesPageEndpoint(VisitorDatabase database) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/manage/roles";

    private const string DocTypeName = "Role";

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
        var (name, action) = (page.Field("role_name").Trim(), page.Field("action"));
        var refusal = await FormRefusal.CatchAsync(() => database.WriteAsync(page, db => DoAsync(db, action, name, page.Cancelled)));
        return refusal is null ? page.SeeOther(Notice.After(Path, action is "make" ? "made" : action is "delete" ? "deleted" : "saved")) : await FormAsync(page, action is "make" ? name : "", refusal);
    }

    private static Task DoAsync(TenantDb db, string action, string name, CancellationToken cancellationToken) => action switch
    {
        "make" => db.InsertAsync(new Role { RoleName = name }, cancellationToken: cancellationToken),
        "delete" => db.DeleteAsync(DocTypeName, name, cancellationToken: cancellationToken),
        "require" or "waive" => db.UpdateAsync<Role>(name, stored => stored.RequireSecondFactor = action is "require", cancellationToken: cancellationToken),
        _ => throw new BadRequestException("Choose what to do"),
    };

    private async Task<IResult> FormAsync(PageContext page, string name, FormRefusal? refusal)
    {
        var (rows, paging) = await Paging.ReadAsync(
            page, Path, new() { Fields = ["name", "require_second_factor"], OrderBy = "name asc" }, searched: ["name"],
            query => database.RunAsync(page, db => db.GetListAsync(DocTypeName, query, page.Cancelled)));
        return await page.RenderAsync<RolesPage>(
            new RolesModel([.. rows.Select(row => new RoleRow(row.Get<string>("name")!, row.Get<bool>("require_second_factor")))], paging, name, refusal?.Message),
            refusal?.Status ?? StatusCodes.Status200OK);
    }
}
