using Central.Links;
using Central.Passkeys;
using Central.Seed;

namespace Central.Settings;

/// <summary>
/// Settings of the central site. Each is read from the environment as <c>CENTRAL_</c> and its name in capitals, such as
/// <c>CENTRAL_SESSION_IDLE_TIMEOUT_S</c>, or from the <c>settings</c> of a seed.
/// </summary>
internal sealed class CentralSettings
{
    private const int Day = 86_400;
    private const int Unlimited = 1_000_000;
    private const int DefaultDeviceRequests = 10;
    private const int DefaultClientFailures = 100;

    /// <exception cref="StartupException">A setting is wrong; the message names every one of them.</exception>
    public CentralSettings(IConfiguration configuration, CentralSiteOptions site, SeedFile seed)
    {
        Issuer = site.Issuer;
        Audience = site.Audience!;
        var platform = configuration["CENTRAL_PLATFORM_TENANT"] is { Length: > 0 } text ? text : "platform";
        PlatformTenant = Tenant.IsValid(platform)
            ? new Tenant(platform)
            : throw new StartupException("CENTRAL_PLATFORM_TENANT must be 1 to 64 lower-case letters, digits, '-', '_' or '.'.");

        var reader = new SettingReader(configuration, seed.Settings);
        AccessTokenLifetime = reader.Seconds("access_token_lifetime_s", 600, 1, MaxAccessTokenLifetime);
        IdTokenLifetime = reader.Seconds("id_token_lifetime_s", 600, 1, 3600);
        AuthorizationCodeLifetime = reader.Seconds("authorization_code_lifetime_s", 60, 1, MaxAuthorizationCodeLifetime);
        RefreshTokenIdleLifetime = reader.Seconds("refresh_token_idle_lifetime_s", 7 * Day, 1, 90 * Day);
        RefreshTokenAbsoluteLifetime = reader.Seconds("refresh_token_absolute_lifetime_s", 30 * Day, 1, 365 * Day);
        RefreshTokenReuseLeeway = reader.Seconds("refresh_token_reuse_leeway_s", 0, 0, 10);
        DeviceCodeLifetime = reader.Seconds("device_code_lifetime_s", 600, 1, 3600);
        DevicePollInterval = reader.Seconds("device_poll_interval_s", 5, 1, 60);
        IsPasswordGrantEnabled = reader.Switch("password_grant_enabled", fallback: false);
        SessionIdleTimeout = reader.Seconds("session_idle_timeout_s", 8 * 3600, 1, 30 * Day);
        SessionAbsoluteTimeout = reader.Seconds("session_absolute_timeout_s", 72 * 3600, 1, 90 * Day);
        MaxSessionsPerUser = reader.Number("max_sessions_per_user", 10, 1, 1000);
        LoginMaxFailuresPerAccount = reader.Number("login_max_failures_per_account", 5, 1, Unlimited);
        LoginLockout = reader.Seconds("login_lockout_s", 60, 1, Day);
        LoginLockoutDoubles = !reader.Has("login_lockout_s");
        ClientAuthMaxFailures = reader.Number("client_auth_max_failures", 20, 1, Unlimited);
        ClientAuthLockout = reader.Seconds("client_auth_lockout_s", 60, 1, Day);
        RateLimitPerIpPerMinute = reader.Number("rate_limit_per_ip_per_minute", 20, 1, Unlimited);
        DeviceRequestsPerIpPerMinute = reader.Has("rate_limit_per_ip_per_minute") ? RateLimitPerIpPerMinute : DefaultDeviceRequests;
        ClientFailuresPerIpPerMinute = reader.Has("rate_limit_per_ip_per_minute") ? RateLimitPerIpPerMinute : DefaultClientFailures;
        TokenRateLimitPerClientPerMinute = reader.Number("token_rate_limit_per_client_per_minute", 60, 1, Unlimited);
        PasswordMinLength = reader.Number("password_min_length", 15, 8, 64);
        AuditRetention = TimeSpan.FromDays(reader.Number("audit_retention_days", 400, 1, 36_500));
        Passkeys = new PasskeySettings(reader, Issuer);
        reader.ThrowIfAnyIsWrong();
    }

    /// <summary>Longest life of an access token, in seconds.</summary>
    public const int MaxAccessTokenLifetime = 3600;

    /// <summary>Longest life of an authorization code, in seconds.</summary>
    /// <remarks>RFC 6749 section 4.1.2 recommends ten minutes at most.</remarks>
    public const int MaxAuthorizationCodeLifetime = 600;

    /// <summary>The names that a seed's <c>settings</c> may use.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "access_token_lifetime_s", "id_token_lifetime_s", "authorization_code_lifetime_s", "refresh_token_idle_lifetime_s", "refresh_token_absolute_lifetime_s",
        "refresh_token_reuse_leeway_s", "device_code_lifetime_s", "device_poll_interval_s", "password_grant_enabled",
        "session_idle_timeout_s", "session_absolute_timeout_s", "max_sessions_per_user", "login_max_failures_per_account", "login_lockout_s",
        "client_auth_max_failures", "client_auth_lockout_s", "rate_limit_per_ip_per_minute", "token_rate_limit_per_client_per_minute", "password_min_length",
        "audit_retention_days", "passkey_rp_id", "passkey_origins", "mail_sink_directory", .. LinkSettings.Names,
    ];

    /// <summary>The public address, <c>iss</c> of everything issued, without a last slash. It never comes from a request.</summary>
    public string Issuer { get; }

    /// <summary>The central site's own audience. Rights on the platform are given in tokens for this audience only.</summary>
    public string Audience { get; }

    /// <summary>The tenant that owns tenants, clients and credentials.</summary>
    public Tenant PlatformTenant { get; }

    /// <summary>Life of an access token. The default is 10 minutes, an hour at most.</summary>
    public TimeSpan AccessTokenLifetime { get; }

    /// <summary>Life of an ID token. The default is 10 minutes, an hour at most.</summary>
    public TimeSpan IdTokenLifetime { get; }

    /// <summary>Life of an authorization code. The default is 60 seconds.</summary>
    public TimeSpan AuthorizationCodeLifetime { get; }

    /// <summary>How long a refresh token may rest. The default is 7 days.</summary>
    public TimeSpan RefreshTokenIdleLifetime { get; }

    /// <summary>How long a grant can be refreshed at most; rotation never extends it. The default is 30 days.</summary>
    public TimeSpan RefreshTokenAbsoluteLifetime { get; }

    /// <summary>For how long a spent refresh token still gets its successor, for answers that were lost. The default is 0, at most 10 seconds.</summary>
    public TimeSpan RefreshTokenReuseLeeway { get; }

    /// <summary>Life of a device code. The default is 10 minutes.</summary>
    public TimeSpan DeviceCodeLifetime { get; }

    /// <summary>Least time between two polls of a device. The default is 5 seconds.</summary>
    public TimeSpan DevicePollInterval { get; }

    /// <summary>Whether clients that may use it get tokens for a user's password. The default is false.</summary>
    public bool IsPasswordGrantEnabled { get; }

    /// <summary>How long a session may rest. The default is 8 hours.</summary>
    public TimeSpan SessionIdleTimeout { get; }

    /// <summary>How long a session lasts at most. The default is 72 hours.</summary>
    public TimeSpan SessionAbsoluteTimeout { get; }

    /// <summary>Sessions of one user; a further one ends the oldest. The default is 10.</summary>
    public int MaxSessionsPerUser { get; }

    /// <summary>Wrong passwords in a row that lock an account. The default is 5.</summary>
    public int LoginMaxFailuresPerAccount { get; }

    /// <summary>First lock of an account. The default is 60 seconds.</summary>
    public TimeSpan LoginLockout { get; }

    /// <summary>Whether each further lock is twice as long, up to 15 minutes: unless the length was set.</summary>
    public bool LoginLockoutDoubles { get; }

    /// <summary>Failed authentications in a row that lock a client. The default is 20.</summary>
    public int ClientAuthMaxFailures { get; }

    /// <summary>Lock of a client. The default is 60 seconds.</summary>
    public TimeSpan ClientAuthLockout { get; }

    /// <summary>Logins that one address may try in a minute. The default is 20.</summary>
    public int RateLimitPerIpPerMinute { get; }

    /// <summary>Device codes that one address may ask for in a minute, and wrong user codes that it may send. The default is 10.</summary>
    public int DeviceRequestsPerIpPerMinute { get; }

    /// <summary>Failed authentications of clients that one address may send in a minute, whatever clients it names. The default is 100.</summary>
    public int ClientFailuresPerIpPerMinute { get; }

    /// <summary>Token requests that one client may send in a minute. The default is 60.</summary>
    public int TokenRateLimitPerClientPerMinute { get; }

    /// <summary>Least characters of a new password. The default is 15, the documented minimum without a second factor.</summary>
    public int PasswordMinLength { get; }

    /// <summary>How long audit events are kept. The default is 400 days.</summary>
    public TimeSpan AuditRetention { get; }

    /// <summary>For which addresses passkeys are.</summary>
    public PasskeySettings Passkeys { get; }

    /// <summary>Whether cookies are for https only: always, but for http on this machine.</summary>
    public bool HasSecureCookies => new Uri(Issuer) is not { Scheme: "http", IsLoopback: true };
}
