using Central.Factors;
using Central.Mail;
using Central.Pages;
using Central.Platform;
using Central.Sessions;
using Central.Users;

namespace Central.Administration;

/// <summary>What the page shows.</summary>
internal sealed record AccountModel(Account Account, IReadOnlyList<string> FurtherTenants, int Sessions, bool IsVisitor, string? Error);

/// <summary><c>/admin/users/edit?user=</c>: one account; its tenants, whether it is enabled, and where it is signed in.</summary>
internal sealed class AccountPageEndpoint(
    VisitorDatabase database, PlatformDatabase platform, SessionStore sessions, AdministrationAccess access, SecurityMails mails, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/users/edit";

    private const string Membership = "Tenant Membership";
    private const int MaxTenants = 100;

    /// <summary>The address of one account's page.</summary>
    public static string AddressOf(string userId) => $"{Path}?user={Uri.EscapeDataString(userId)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        return await FormAsync(page, await ReadAsync(page), refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var visitor = access.RequirePlatform(page);
        var (account, done) = (await ReadAsync(page), "");
        var refusal = await FormRefusal.CatchAsync(async () => done = await DoAsync(page, visitor, account));
        return refusal is null ? page.SeeOther(Notice.After(AddressOf(account.Name), done)) : await FormAsync(page, account, refusal);
    }

    private async Task<string> DoAsync(PageContext page, Visitor visitor, Account account)
    {
        var tenant = page.Field("tenant").Trim();
        switch (page.Field("action"))
        {
            case "join":
                await database.WriteAsync(page, db => db.InsertAsync(new TenantMembership { UserId = account.Name, Tenant = tenant }, cancellationToken: page.Cancelled));
                await AuditAsync(AuditEvents.MembershipCreated, tenant);
                return "saved";
            case "leave":
                await database.WriteAsync(page, db => db.DeleteAsync(Membership, TenantMembership.NameOf(account.Name, tenant), cancellationToken: page.Cancelled));
                await AuditAsync(AuditEvents.MembershipEnded, tenant);
                return "ended";
            case "sessions":
                await platform.InTransactionAsync(db => SignIns.EndAllAsync(db, account.Name, tenant: null, page.Cancelled), page.Cancelled);
                await AuditAsync(AuditEvents.AllSessionsEndedByManager, account.HomeTenant);
                return "ended";
            case "factors" when account.Name != visitor.Member.UserId: // one's own go on the account pages, which ask for them first
                await platform.InTransactionAsync(db => SecondFactors.RemoveAllAsync(db, account.Name, page.Cancelled), page.Cancelled);
                await AuditAsync(AuditEvents.FactorsRemoved, account.HomeTenant);
                mails.SecondFactorChanged(account.Name, SecondFactors.RemovedByAdministrator);
                return "removed";
            case "disable" when account.Name == visitor.Member.UserId:
                throw new ValidationException("You cannot disable yourself");
            case ("disable" or "enable") and var action:
                await platform.InTransactionAsync(db => AccountStore.SetEnabledAsync(db, account.Name, action is "enable", page.Cancelled), page.Cancelled);
                await AuditAsync(action is "enable" ? AuditEvents.UserEnabled : AuditEvents.UserDisabled, account.HomeTenant);
                return action + "d";
            default:
                throw new BadRequestException("Choose what to do");
        }

        Task AuditAsync(string happening, string tenant) => audit.DoneAsync(page.Http, happening, new(visitor.Member.UserId, tenant, Reference: account.Name));
    }

    private async Task<Account> ReadAsync(PageContext page) =>
        await platform.RunAsync(db => db.FindDocAsync<Account>(page.Parameter("user"), page.Cancelled)) ?? throw new DoesNotExistException("There is no such account");

    private async Task<IResult> FormAsync(PageContext page, Account account, FormRefusal? refusal)
    {
        var memberships = await database.RunAsync(page, db => db.GetListAsync(
            Membership, new() { Fields = ["tenant"], Filters = [new("user_id", account.Name)], OrderBy = "tenant asc", Limit = MaxTenants }, page.Cancelled));
        var live = await platform.RunAsync(db => sessions.LiveOfUserAsync(db, account.Name, page.Cancelled));
        return await page.RenderAsync<AccountPage>(
            new AccountModel(account, [.. memberships.Select(row => row.Get<string>("tenant")!)], live.Count, account.Name == page.RequireVisitor().Member.UserId, refusal?.Message),
            refusal?.Status ?? StatusCodes.Status200OK);
    }
}
