using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Microservices.Central.Tests.Links;

/// <summary>A site of its own that sends links to a mail server of its own; time stands still unless it is moved.</summary>
public sealed partial class LinkSite : IAsyncDisposable
{
    public const string LoginLink = "/api/method/frappe.www.login.send_login_link";
    public const string PasswordReset = "/api/method/frappe.core.doctype.user.user.reset_password";

    private readonly SiteStorage _storage = new();

    private LinkSite(MailServer mail) => Mail = mail;

    public TestSite Site { get; private set; } = null!;

    public MailServer Mail { get; }

    internal ManualTimeProvider Clock { get; } = new();

    /// <summary>Starts a site with some users of the seed.</summary>
    /// <param name="users">Who.</param>
    /// <param name="change">Changes the seed's settings.</param>
    /// <param name="totpSecret">The second factor of all of them, base32; null for none.</param>
    public static async Task<LinkSite> StartAsync(string[] users, Action<JsonObject>? change = null, string? totpSecret = null)
    {
        var seed = TestSeed.Of(users);
        var settings = seed["settings"]!.AsObject();
        settings["login_link_enabled"] = true;
        change?.Invoke(settings);
        foreach (var user in totpSecret is null ? [] : seed["users"]!.AsArray())
        {
            user!["totp_secret"] = totpSecret;
        }

        var site = new LinkSite(new MailServer());
        site.Site = await site._storage.StartAsync(new SiteOptions
        {
            Clock = site.Clock,
            Seed = seed,
            Settings = new Dictionary<string, string> { ["CENTRAL_SMTP_URL"] = site.Mail.Url, ["CENTRAL_MAIL_FROM"] = "no-reply@site.example" },
        });
        return site;
    }

    public Task<Answer> AskForLoginLinkAsync(string email, params (string Name, string Value)[] headers) => Site.PostJsonAsync(LoginLink, new { email }, headers);

    public Task<Answer> AskForResetAsync(string user, params (string Name, string Value)[] headers) => Site.PostJsonAsync(PasswordReset, new { user }, headers);

    /// <summary>The key of the link in the mail that came as the <paramref name="count"/>th.</summary>
    public async Task<string> KeyOfAsync(int count) => KeyIn().Match((await Mail.NextMailAsync(count)).Data).Groups[1].Value;

    /// <summary>The mails to an address, after a moment for those that must not come.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> MailsToAsync(string address)
    {
        await Task.Delay(300, TestContext.Current.CancellationToken);
        return [.. Mail.Mails.Where(mail => mail.To == address)];
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Mail.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [GeneratedRegex(@"^https://site\.example/\S+\?key=([A-Za-z0-9_-]{43})\r?$", RegexOptions.Multiline)]
    private static partial Regex KeyIn();
}
