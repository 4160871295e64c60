using Central.Mail;
using Central.Seed;
using Central.Settings;

namespace Central.Links;

/// <summary>Settings of links by mail, read as <see cref="CentralSettings"/> are.</summary>
internal sealed class LinkSettings
{
    private const int Hour = 3600;

    private readonly bool _isLoginLinkEnabled;
    private readonly MailSettings _mail;

    /// <exception cref="StartupException">A setting is wrong; the message names every one of them.</exception>
    public LinkSettings(IConfiguration configuration, CentralSettings site, SeedFile seed, MailSettings mail)
    {
        var reader = new SettingReader(configuration, seed.Settings);
        _mail = mail;
        _isLoginLinkEnabled = reader.Switch("login_link_enabled", fallback: false);
        LoginLink = new LinkPurpose(
            "login link", LinkServices.LoginLinkPath,
            reader.Seconds("login_link_lifetime_s", 600, 1, Hour), reader.Number("login_links_per_hour", 5, 1, 1000),
            "your link to sign in", "Somebody, you we hope, asked to sign in with this address. To go on, open:");
        PasswordReset = new LinkPurpose(
            "password reset", LinkServices.NewPasswordPath,
            reader.Seconds("password_reset_lifetime_s", Hour, 1, 24 * Hour), reader.Number("password_resets_per_hour", 3, 1, 1000),
            "a new password", "Somebody, you we hope, asked for a new password of your account. To choose one, open:");
        AddressLimitPerMinute = reader.Has("rate_limit_per_ip_per_minute") ? site.RateLimitPerIpPerMinute : null;
        reader.ThrowIfAnyIsWrong();
    }

    /// <summary>The names that a seed's <c>settings</c> may use.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["login_link_enabled", "login_link_lifetime_s", "login_links_per_hour", "password_reset_lifetime_s", "password_resets_per_hour"];

    /// <summary>Signing in without a password. A link lasts 10 minutes; 5 an hour.</summary>
    public LinkPurpose LoginLink { get; }

    /// <summary>Choosing a new password. A link lasts an hour; 3 an hour.</summary>
    public LinkPurpose PasswordReset { get; }

    /// <summary>What an address may ask for in a minute, when that was set for every door; then there is no limit by the hour for it.</summary>
    public int? AddressLimitPerMinute { get; }

    /// <summary>Whether links to sign in are sent: when that is switched on, and mails leave.</summary>
    public bool IsLoginLinkOn => _isLoginLinkEnabled && _mail.IsConfigured;

    /// <summary>Whether links to choose a new password are sent: when mails leave.</summary>
    public bool IsPasswordResetOn => _mail.IsConfigured;
}
