using Central.Clients;
using Central.OAuth.Consents;
using Central.Pages;
using Central.Platform;

namespace Central.AccountPages;

/// <summary>One consent on the page; its name is what takes it back.</summary>
internal sealed record ConsentRow(string Name, string Client, string Tenant, string Resource, IReadOnlyList<string> Scopes, DateTime Since);

/// <summary>What the page shows.</summary>
internal sealed record ConsentsModel(IReadOnlyList<ConsentRow> Consents);

/// <summary><c>/account/consents</c>: what the user lets programs do; takes it back.</summary>
internal sealed class ConsentsEndpoint(PlatformDatabase platform, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/consents";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        var userId = page.RequireVisitor().Member.UserId;
        var rows = await platform.RunAsync(async db =>
        {
            var rows = new List<ConsentRow>();
            foreach (var consent in await ConsentStore.OfUserAsync(db, userId, page.Cancelled))
            {
                var client = await db.FindDocAsync<OAuthClient>(consent.ClientId, page.Cancelled);
                rows.Add(new ConsentRow(consent.Name, client?.DisplayName ?? consent.ClientId, consent.Tenant, consent.Resource, [.. OAuthClient.Words(consent.Scope).Select(ConsentModel.Describe)], consent.Creation));
            }

            return rows;
        });
        return await page.RenderAsync<ConsentsPage>(new ConsentsModel(rows));
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var (member, name, isWithdrawn) = (page.RequireVisitor().Member, page.Field("consent"), false);
        await platform.InTransactionAsync(async db => isWithdrawn = await ConsentStore.WithdrawAsync(db, member.UserId, name, page.Cancelled), page.Cancelled);
        if (!isWithdrawn)
        {
            throw new DoesNotExistException("You have given no such consent: it may have been taken back meanwhile");
        }

        await audit.DoneAsync(page.Http, AuditEvents.ConsentWithdrawn, new(member.UserId, member.Tenant.Id, Reference: name));
        return page.SeeOther(Notice.After(Path, "withdrawn"));
    }
}
