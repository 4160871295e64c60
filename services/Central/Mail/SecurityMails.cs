using System.Globalization;
using Central.Platform;
using Central.Settings;
using Central.Users;

namespace Central.Mail;

/// <summary>
/// Tells users what happened to their accounts. Each method returns at once and never fails. Nothing that a stranger may choose, such as a
/// user agent, stands in these mails: people believe what they say.
/// </summary>
internal sealed class SecurityMails(MailQueue queue, PlatformDatabase platform, CentralSettings site, MailSettings settings, TimeProvider time)
{
    /// <summary>A refresh token was used twice, so somebody has a copy.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="client">The registered name of the client.</param>
    public void RefreshTokenReused(string userId, string client) => Post(
        userId, "refresh token reuse", "access was withdrawn", $"A token that {OneLine(client)} holds for your account was used a second time, as if somebody had copied it. The access was withdrawn: sign in to the program again.");

    /// <summary>A sign-in from a browser that had not signed in before.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="address">The address it came from.</param>
    public void NewDevice(string userId, System.Net.IPAddress address) => Post(
        userId, "new device", "sign-in from a new device", $"Somebody signed in to your account from a device that is new to us, at the address {address}.");

    /// <summary>A second factor was added, removed or made anew.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="change">A sentence of ours, such as "An authenticator app was added."</param>
    public void SecondFactorChanged(string userId, string change) => Post(userId, "second factor", "your second factor changed", OneLine(change));

    /// <summary>There is a new password.</summary>
    /// <param name="userId">The user's id.</param>
    public void PasswordChanged(string userId) => Post(userId, "password changed", "your password changed", "The password of your account was changed, and everybody who was signed in with it was signed out.");

    private void Post(string userId, string kind, string subject, string happening)
    {
        var now = time.GetUtcNow();
        queue.Post(kind, async cancellationToken =>
            await platform.RunAsync(db => db.FindDocAsync<Account>(userId, cancellationToken)) is { } account
                ? new MailMessage(account.Email, $"{settings.SiteName}: {subject}", Text(happening, now))
                : null);
    }

    private string Text(string happening, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"""
        {happening}

        When: {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC

        If this was you, there is nothing to do. If not, set a new password at {site.Issuer}/login and tell your administrator.

        {settings.SiteName}

        """);

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
