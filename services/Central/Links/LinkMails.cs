using System.Globalization;
using Central.Limits;
using Central.Mail;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Links;

/// <summary>
/// Sends links to those who ask. Whom a name belongs to is looked up behind the request, and what comes of it is told to the owner of the
/// mailbox only: no answer and no time of one differs between names of somebody and of nobody.
/// </summary>
internal sealed class LinkMails(
    MailQueue queue, PlatformDatabase platform, MembershipReader memberships, ClientAddress addresses, AuditLog audit,
    CentralSettings site, MailSettings mail, LinkSettings settings, TimeProvider time)
{
    private readonly Limits _login = new(settings.LoginLink, settings.AddressLimitPerMinute, platform, time);
    private readonly Limits _reset = new(settings.PasswordReset, settings.AddressLimitPerMinute, platform, time);

    /// <summary>Sends a link to the user of a name, if there is one and the user has not got too many.</summary>
    /// <exception cref="TooManyRequestsException">The address of the request has asked for too many.</exception>
    public async Task AskAsync(HttpContext context, LinkPurpose purpose, string login)
    {
        await LimitsOf(purpose).ByAddress.CountAsync(addresses.LimitKey(context), context.RequestAborted);
        await audit.DoneAsync(context, AuditEvents.LinkAskedFor, new(Reference: purpose.Name));
        Send(purpose, login);
    }

    /// <summary>Sends a link without being asked by its user, such as to one whom a manager has made.</summary>
    public void Send(LinkPurpose purpose, string login) => queue.Post(purpose.Name, cancellationToken => WriteAsync(purpose, login, cancellationToken));

    private async Task<MailMessage?> WriteAsync(LinkPurpose purpose, string login, CancellationToken cancellationToken)
    {
        var account = await platform.RunAsync(db => AccountStore.FindByLoginAsync(db, login, cancellationToken));
        if (account is null || (await memberships.AllAsync(account, cancellationToken)).Count == 0 || !await LimitsOf(purpose).AllowAsync(account, cancellationToken))
        {
            return null;
        }

        var key = await platform.RunAsync(db => EmailedKeyStore.IssueAsync(db, purpose, account.Name, cancellationToken));
        return new MailMessage(account.Email, $"{mail.SiteName}: {purpose.Subject}", Text(purpose, key, time.GetUtcNow() + purpose.Lifetime));
    }

    private string Text(LinkPurpose purpose, string key, DateTimeOffset end) => string.Create(CultureInfo.InvariantCulture, $"""
        {purpose.Invitation}

        {site.Issuer}{purpose.Path}?key={key}

        The link works once, until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC. If you did not ask for it, leave it: nothing happens then.

        {mail.SiteName}

        """);

    private Limits LimitsOf(LinkPurpose purpose) => purpose == settings.LoginLink ? _login : _reset;

    /// <summary>How often links of one kind are sent.</summary>
    private sealed class Limits(LinkPurpose purpose, int? perMinute, PlatformDatabase platform, TimeProvider time)
    {
        private readonly RequestWindow _byAccount = new(purpose.Name + " by account", purpose.PerHour, TimeSpan.FromHours(1), platform, time);

        public RequestWindow ByAddress { get; } =
            new(purpose.Name + " by address", perMinute ?? purpose.PerHour, perMinute is null ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1), platform, time);

        public async Task<bool> AllowAsync(Account account, CancellationToken cancellationToken)
        {
            try
            {
                await _byAccount.CountAsync(account.Name, cancellationToken);
                return true;
            }
            catch (TooManyRequestsException)
            {
                return false; // telling would tell that there is such an account
            }
        }
    }
}
