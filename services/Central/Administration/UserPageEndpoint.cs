using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Administration;

/// <summary>What was typed of a user.</summary>
internal sealed record UserForm(string FullName, string GivenName, string FamilyName, string Language, IReadOnlyList<string> Roles)
{
    /// <summary>What is stored.</summary>
    public static UserForm Of(User user) => new(user.FullName, user.GivenName, user.FamilyName, user.Language, [.. user.Roles.Select(row => row.Role)]);

    /// <summary>Puts it into the user. A role that stays keeps its row.</summary>
    public void ApplyTo(User user)
    {
        (user.FullName, user.GivenName, user.FamilyName, user.Language) = (FullName, GivenName, FamilyName, Language);
        user.Roles.RemoveAll(row => !Roles.Contains(row.Role, StringComparer.Ordinal));
        user.Roles.AddRange(Roles.Except(user.Roles.Select(row => row.Role), StringComparer.Ordinal).ToList().ConvertAll(role => new HasRole { Role = role }));
    }
}

/// <summary>What the page shows.</summary>
internal sealed record UserModel(User User, UserForm Form, IReadOnlyList<string> Roles, bool IsVisitor, string? Error);

/// <summary><c>/manage/users/edit?user=</c>: one user of the manager's tenant; profile, roles, whether enabled, sessions.</summary>
internal sealed class UserPageEndpoint(VisitorDatabase database, PlatformDatabase platform, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/manage/users/edit";

    /// <summary>The address of one user's page.</summary>
    public static string AddressOf(string username) => $"{Path}?user={Uri.EscapeDataString(username)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        AdministrationAccess.RequireManager(page);
        var user = await ReadAsync(page);
        return await FormAsync(page, user, UserForm.Of(user), refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var visitor = AdministrationAccess.RequireManager(page);
        var (user, done) = (await ReadAsync(page), "");
        var typed = page.Field("action") is "save"
            ? new UserForm(page.Field("full_name").Trim(), page.Field("given_name").Trim(), page.Field("family_name").Trim(), page.Field("language"), RoleChoice.Read(page))
            : UserForm.Of(user);
        var refusal = await FormRefusal.CatchAsync(async () => done = await DoAsync(page, visitor, user, typed));
        return refusal is null ? page.SeeOther(Notice.After(AddressOf(user.Name), done)) : await FormAsync(page, user, typed, refusal);
    }

    private async Task<string> DoAsync(PageContext page, Visitor visitor, User user, UserForm typed)
    {
        switch (page.Field("action"))
        {
            case "save":
                await database.WriteAsync(page, db => db.UpdateAsync<User>(user.Name, typed.ApplyTo, cancellationToken: page.Cancelled));
                await AuditAsync(AuditEvents.UserChanged);
                return "saved";
            case "disable" when user.UserId == visitor.Member.UserId:
                throw new ValidationException("You cannot disable yourself");
            case ("disable" or "enable") and var action:
                await database.WriteAsync(page, db => db.UpdateAsync<User>(user.Name, stored => stored.Enabled = action is "enable", cancellationToken: page.Cancelled));
                await AuditAsync(action is "enable" ? AuditEvents.UserEnabled : AuditEvents.UserDisabled);
                return action + "d";
            case "sessions":
                user.RequireChangeableBy(LocalCredentials.OfSession(visitor.Member));
                await database.RunAsync(page, db => db.HasPermissionAsync(Rights.Write, user, throws: true, page.Cancelled));
                await platform.InTransactionAsync(db => SignIns.EndAllAsync(db, user.UserId, visitor.Member.Tenant.Id, page.Cancelled), page.Cancelled);
                await AuditAsync(AuditEvents.AllSessionsEndedByManager);
                return "ended";
            default:
                throw new BadRequestException("Choose what to do");
        }

        Task AuditAsync(string happening) => audit.DoneAsync(page.Http, happening, new(visitor.Member.UserId, visitor.Member.Tenant.Id, Reference: user.UserId));
    }

    private Task<User> ReadAsync(PageContext page) => database.ReadAsync<User>(page, page.Parameter("user"));

    private async Task<IResult> FormAsync(PageContext page, User user, UserForm typed, FormRefusal? refusal) => await page.RenderAsync<UserPage>(
        new UserModel(user, typed, await RoleChoice.AllAsync(database, page), user.UserId == page.RequireVisitor().Member.UserId, refusal?.Message),
        refusal?.Status ?? StatusCodes.Status200OK);
}
