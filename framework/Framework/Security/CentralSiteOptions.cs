using System.Net;

namespace Microservices.Security;

/// <summary>
/// Which central site a service trusts, and how it asks it. Bound from environment names such as <c>CENTRAL_SITE_URL</c>;
/// each property tells its name.
/// </summary>
public sealed partial class CentralSiteOptions
{
    /// <summary>Address at which the central site is asked (<c>CENTRAL_SITE_URL</c>). Https, or http on loopback.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// The issuer that tokens and answers must carry, letter by letter (<c>CENTRAL_SITE_ISSUER</c>). The default is
    /// <see cref="Url"/> without its last slash. It differs where the public address is not the one inside a network: discovery is
    /// then fetched at <see cref="Url"/>, must name addresses of the issuer's origin, and these are called at the origin of <see cref="Url"/>.
    /// </summary>
    public string Issuer { get => field ?? Url.OriginalString.TrimEnd('/'); init; }

    /// <summary>Audience of this service (<c>SERVICE_AUDIENCE</c>). Null when only the site's audience is accepted.</summary>
    public string? Audience { get; init; }

    /// <summary>
    /// Whether tokens for the whole site, whose audience is <see cref="Issuer"/>, are accepted (<c>ACCEPT_SITE_AUDIENCE</c>).
    /// </summary>
    /// <value>The default is true.</value>
    public bool AcceptSiteAudience { get; init; } = true;

    /// <summary>
    /// Client id of this service at the central site (<c>CENTRAL_SITE_CLIENT_ID</c>). Without it only access tokens can be checked;
    /// sessions and API keys are answered with 503.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>Secret of <see cref="ClientId"/> (<c>CENTRAL_SITE_CLIENT_SECRET</c>, or a file named by <c>CENTRAL_SITE_CLIENT_SECRET_FILE</c>).</summary>
    public string? ClientSecret { get; init; }

    /// <summary>
    /// Whether http is allowed outside loopback (<c>CENTRAL_SITE_ALLOW_HTTP</c>): only for a private network that nobody else can read.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowHttp { get; init; }

    /// <summary>How long an active session or API key is remembered (<c>AUTH_CACHE_S</c>), never past its end.</summary>
    /// <value>0 to 60 seconds. The default is 30 seconds.</value>
    public TimeSpan ActiveCacheDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a refused session or API key is remembered (<c>AUTH_NEGATIVE_CACHE_S</c>).</summary>
    /// <value>0 to 60 seconds. The default is 5 seconds.</value>
    public TimeSpan RefusedCacheDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for the central site before it is answered with 503 (<c>CENTRAL_SITE_TIMEOUT</c>).</summary>
    /// <value>Up to 30 seconds. The default is 2 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Least time between two fetches of keys that tokens with an unknown <c>kid</c> cause (<c>JWKS_MIN_REFRESH_S</c>).</summary>
    /// <value>Up to one hour. The default is 30 seconds.</value>
    public TimeSpan KeyRefreshInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>By how much the clocks of the central site and this service may differ (<c>AUTH_CLOCK_SKEW_S</c>).</summary>
    /// <value>0 to 60 seconds. The default is 30 seconds.</value>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a verified access token is remembered before its signature and times are checked again (<c>AUTH_TOKEN_CACHE_S</c>).</summary>
    /// <value>0 to 600 seconds. The default is 60 seconds.</value>
    public TimeSpan TokenCacheDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many credentials of one kind are remembered at most (<c>AUTH_CACHE_SIZE</c>).</summary>
    /// <value>2 to 1,000,000. The default is 20,000.</value>
    public int CacheSize { get; init; } = 20_000;

    /// <summary>
    /// Origins, beside the site's own, whose pages may send requests that a cookie authenticates (<c>TRUSTED_ORIGINS</c>, separated by commas or spaces).
    /// </summary>
    public IReadOnlyList<string> TrustedOrigins { get; init; } = [];

    /// <summary>
    /// Whether sessions and API keys, about which the central site is asked, are accepted (<c>ACCEPT_OPAQUE_CREDENTIALS</c>). Another
    /// provider in its place knows neither; then no cookie means anything, and access tokens are the only credential.
    /// </summary>
    /// <value>The default is true.</value>
    public bool AcceptOpaqueCredentials { get; init; } = true;

    /// <summary>
    /// Algorithms that access tokens may be signed with (<c>TOKEN_ALGORITHMS</c>): ES256, and, of another provider, RS256 or PS256 with keys of
    /// 2048 bits or more.
    /// </summary>
    /// <value>The default is ES256, the only one of the central site.</value>
    public IReadOnlyList<string> TokenAlgorithms { get; init; } = SignatureAlgorithm.Default;

    /// <summary>
    /// Values of <c>typ</c> that access tokens may have (<c>TOKEN_TYPES</c>): at+jwt, and, of a provider that has no type for access tokens, JWT.
    /// ID tokens are then told by their claims only, so no client's id may be an audience of this service.
    /// </summary>
    /// <value>The default is at+jwt, the only one of the central site.</value>
    public IReadOnlyList<string> TokenTypes { get; init; } = AccessTokenHeader.DefaultTypes;

    /// <summary>
    /// Where another provider's access tokens hold sub, client_id, jti, tenant, roles, scope and username, as far as it is not there
    /// (<c>TOKEN_CLAIMS</c>, such as <c>client_id=azp, roles=realm_access.roles</c>).
    /// </summary>
    public IReadOnlyDictionary<string, string> TokenClaims { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> is believed (<c>TRUSTED_PROXIES</c>, addresses and networks separated by commas or spaces).
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}
