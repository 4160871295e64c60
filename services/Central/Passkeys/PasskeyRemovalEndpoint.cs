using Central.Factors;
using Central.Mail;
using Central.Pages;
using Central.Platform;
using Central.Sessions;

namespace Central.Passkeys;

/// <summary><c>POST /account/passkeys/remove</c>: takes a passkey away.</summary>
internal sealed class PasskeyRemovalEndpoint(PlatformDatabase platform, SecondFactors factors, AccountChanges account, SecurityMails mails, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = PasskeysPageEndpoint.Path + "/remove";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => Task.FromResult(page.SeeOther(PasskeysPageEndpoint.Path));

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var (visitor, name) = (page.RequireVisitor(), page.Field("passkey"));
        var member = visitor.Member;
        if (!await account.MayChangeFactorsAsync(visitor.Session, page.Cancelled))
        {
            return page.SeeOther(LoginAddress.To(PasskeysPageEndpoint.Path, isFresh: true));
        }

        if (await IsLastFactorAsync(page) && await factors.IsRequiredAsync(member.Account, page.Cancelled))
        {
            throw new ValidationException("This is your only second factor, and you must have one: set up an authenticator app or another passkey first");
        }

        if (!await platform.RunAsync(db => PasskeyStore.RemoveAsync(db, member.UserId, name, page.Cancelled)))
        {
            throw new DoesNotExistException("You have no such passkey");
        }

        await audit.DoneAsync(page.Http, AuditEvents.PasskeyRemoved, new(member.UserId, member.Tenant.Id, Reference: name));
        mails.SecondFactorChanged(member.UserId, "A passkey was removed.");
        return page.SeeOther(PasskeysPageEndpoint.Path);
    }

    private Task<bool> IsLastFactorAsync(PageContext page) => platform.RunAsync(async db =>
    {
        var userId = page.RequireVisitor().Member.UserId;
        return !await TotpStore.HasAsync(db, userId, page.Cancelled) && (await PasskeyStore.OfUserAsync(db, userId, page.Cancelled)).Count <= 1;
    });
}
