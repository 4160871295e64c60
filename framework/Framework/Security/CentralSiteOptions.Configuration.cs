using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microservices.Security;

public sealed partial class CentralSiteOptions
{
    /// <summary>Reads the settings. An empty value counts as a missing one.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing or wrong; the message names every one of them.</exception>
    public static CentralSiteOptions FromConfiguration(IConfiguration configuration)
    {
        var reader = new SettingReader(configuration);
        string? url = reader.Text("CENTRAL_SITE_URL");
        if (url is null)
        {
            reader.Failures.Add("CENTRAL_SITE_URL is missing: it is the address of the central site, such as https://site.example.");
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out _))
        {
            reader.Failures.Add("CENTRAL_SITE_URL is not an absolute address, such as https://site.example.");
            url = null;
        }

        var options = new CentralSiteOptions
        {
            Url = new Uri(url ?? "http://localhost"),
            Issuer = reader.Text("CENTRAL_SITE_ISSUER")!,
            Audience = reader.Text("SERVICE_AUDIENCE"),
            AcceptSiteAudience = reader.Flag("ACCEPT_SITE_AUDIENCE", true),
            ClientId = reader.Text("CENTRAL_SITE_CLIENT_ID"),
            ClientSecret = reader.Secret("CENTRAL_SITE_CLIENT_SECRET"),
            AllowHttp = reader.Flag("CENTRAL_SITE_ALLOW_HTTP", false),
            ActiveCacheDuration = reader.Seconds("AUTH_CACHE_S", 30),
            RefusedCacheDuration = reader.Seconds("AUTH_NEGATIVE_CACHE_S", 5),
            Timeout = reader.Seconds("CENTRAL_SITE_TIMEOUT", 2),
            KeyRefreshInterval = reader.Seconds("JWKS_MIN_REFRESH_S", 30),
            ClockSkew = reader.Seconds("AUTH_CLOCK_SKEW_S", 30),
            TokenCacheDuration = reader.Seconds("AUTH_TOKEN_CACHE_S", 60),
            CacheSize = reader.Number("AUTH_CACHE_SIZE", 20_000),
            TrustedOrigins = reader.List("TRUSTED_ORIGINS") ?? [],
            AcceptOpaqueCredentials = reader.Flag("ACCEPT_OPAQUE_CREDENTIALS", true),
            TokenAlgorithms = reader.List("TOKEN_ALGORITHMS") ?? SignatureAlgorithm.Default,
            TokenTypes = reader.List("TOKEN_TYPES") ?? AccessTokenHeader.DefaultTypes,
            TokenClaims = reader.Pairs("TOKEN_CLAIMS"),
            TrustedProxies = reader.Networks("TRUSTED_PROXIES"),
        };
        options.Check(reader.Failures);
        Throw(reader.Failures);
        return options;
    }

    /// <summary>Stops a host whose options cannot work, naming everything that is wrong.</summary>
    internal void Validate()
    {
        List<string> failures = [];
        Check(failures);
        Throw(failures);
    }

    private void Check(List<string> failures)
    {
        CheckAddress("CENTRAL_SITE_URL", Url, failures);
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out Uri? issuer))
        {
            failures.Add("CENTRAL_SITE_ISSUER is not an absolute address.");
        }
        else if (Issuer != Url.OriginalString.TrimEnd('/'))
        {
            CheckAddress("CENTRAL_SITE_ISSUER", issuer, failures);
        }

        Require(failures, Audience is not null || AcceptSiteAudience, "SERVICE_AUDIENCE is missing, and ACCEPT_SITE_AUDIENCE=false leaves no audience to accept.");
        Require(failures, ClientId is null == ClientSecret is null, "CENTRAL_SITE_CLIENT_ID and CENTRAL_SITE_CLIENT_SECRET go together: set both or none.");
        Require(failures, IsWithin(ActiveCacheDuration, 60), "AUTH_CACHE_S must be 0 to 60 seconds.");
        Require(failures, IsWithin(RefusedCacheDuration, 60), "AUTH_NEGATIVE_CACHE_S must be 0 to 60 seconds.");
        Require(failures, IsWithin(Timeout, 30) && Timeout > TimeSpan.Zero, "CENTRAL_SITE_TIMEOUT must be more than 0 and at most 30 seconds.");
        Require(failures, IsWithin(KeyRefreshInterval, 3600) && KeyRefreshInterval > TimeSpan.Zero, "JWKS_MIN_REFRESH_S must be more than 0 and at most 3600 seconds.");
        Require(failures, IsWithin(ClockSkew, 60), "AUTH_CLOCK_SKEW_S must be 0 to 60 seconds.");
        Require(failures, IsWithin(TokenCacheDuration, 600), "AUTH_TOKEN_CACHE_S must be 0 to 600 seconds.");
        Require(failures, CacheSize is >= 2 and <= 1_000_000, "AUTH_CACHE_SIZE must be 2 to 1000000.");
        Require(failures, TrustedOrigins.All(IsOrigin), "TRUSTED_ORIGINS must hold origins in the form browsers send: lower case, scheme://host or scheme://host:port, without a path.");
        Require(failures, IsSome(TokenAlgorithms, SignatureAlgorithm.All), $"TOKEN_ALGORITHMS must be some of {string.Join(", ", SignatureAlgorithm.All)}.");
        Require(failures, IsSome(TokenTypes, AccessTokenHeader.AllTypes), $"TOKEN_TYPES must be some of {string.Join(", ", AccessTokenHeader.AllTypes)}.");
        Require(failures, TokenClaims.Keys.All(ClaimMap.Names.Contains), $"TOKEN_CLAIMS can place {string.Join(", ", ClaimMap.Names)}, and nothing else.");
    }

    private static bool IsSome(IReadOnlyList<string> values, IReadOnlyList<string> allowed) => values.Count > 0 && values.All(allowed.Contains);

    private void CheckAddress(string name, Uri address, List<string> failures)
    {
        bool isHttp = address.Scheme == Uri.UriSchemeHttp;
        Require(failures, isHttp || address.Scheme == Uri.UriSchemeHttps, $"{name} must be an http or https address.");
        Require(failures, !isHttp || address.IsLoopback || AllowHttp, $"{name} must be https outside loopback; on a private network set CENTRAL_SITE_ALLOW_HTTP=true.");
        Require(failures, address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0, $"{name} must hold no user, query or fragment.");
    }

    /// <summary>Whether a text is an origin in the form browsers send.</summary>
    internal static bool IsOrigin(string text) => OriginForm().IsMatch(text);

    private static bool IsWithin(TimeSpan value, int seconds) => value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(seconds);

    private static void Require(List<string> failures, bool isMet, string failure)
    {
        if (!isMet)
        {
            failures.Add(failure);
        }
    }

    private static void Throw(List<string> failures)
    {
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(CentralSiteOptions), typeof(CentralSiteOptions), failures);
        }
    }

    [GeneratedRegex(@"^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex OriginForm();

    private sealed class SettingReader(IConfiguration configuration)
    {
        public List<string> Failures { get; } = [];

        public string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        public string[]? List(string name) => Text(name)?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        public Dictionary<string, string> Pairs(string name)
        {
            Dictionary<string, string> pairs = new(StringComparer.Ordinal);
            foreach (string pair in List(name) ?? [])
            {
                int sign = pair.IndexOf('=', StringComparison.Ordinal);
                if (sign <= 0 || sign == pair.Length - 1 || !pairs.TryAdd(pair[..sign], pair[(sign + 1)..]))
                {
                    Failures.Add($"{name} must be pairs such as tenant=tid, separated by commas or spaces, with each name once.");
                    return [];
                }
            }

            return pairs;
        }

        public List<IPNetwork> Networks(string name)
        {
            var networks = new List<IPNetwork>();
            foreach (string text in List(name) ?? [])
            {
                if (ClientAddress.ParseNetwork(text) is { } network)
                {
                    networks.Add(network);
                }
                else
                {
                    Failures.Add($"{name} holds addresses such as 10.0.0.7 and networks such as 10.0.0.0/8, not '{text}'.");
                }
            }

            return networks;
        }

        public bool Flag(string name, bool fallback)
        {
            switch (Text(name)?.ToUpperInvariant())
            {
                case null: return fallback;
                case "TRUE" or "1": return true;
                case "FALSE" or "0": return false;
                default:
                    Failures.Add($"{name} must be true or false.");
                    return fallback;
            }
        }

        public TimeSpan Seconds(string name, double fallback)
        {
            if (Text(name) is not { } text)
            {
                return TimeSpan.FromSeconds(fallback);
            }

            // The largest value is far above every range, so that a wild number is reported by its range.
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double seconds) && !double.IsNaN(seconds))
            {
                return TimeSpan.FromSeconds(Math.Clamp(seconds, -1, 1e6));
            }

            Failures.Add($"{name} must be a number of seconds.");
            return TimeSpan.FromSeconds(fallback);
        }

        public int Number(string name, int fallback)
        {
            if (Text(name) is not { } text)
            {
                return fallback;
            }

            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }

            Failures.Add($"{name} must be a whole number.");
            return fallback;
        }

        public string? Secret(string name)
        {
            string fileName = name + "_FILE";
            if (Text(fileName) is not { } path)
            {
                return Text(name);
            }

            if (Text(name) is not null)
            {
                Failures.Add($"{name} and {fileName} are both set: keep one.");
                return null;
            }

            try
            {
                string secret = File.ReadAllText(path).Trim();
                if (secret.Length > 0)
                {
                    return secret;
                }

                Failures.Add($"{fileName} names an empty file.");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                Failures.Add($"{fileName} names a file that cannot be read: {exception.Message}");
            }

            return null;
        }
    }
}
