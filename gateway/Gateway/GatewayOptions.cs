using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Gateway;

/// <summary>Settings of the gateway, read from the top level of the configuration: <c>Services</c> is the variable <c>SERVICES</c>.</summary>
public sealed partial class GatewayOptions : IValidatableObject
{
    internal const string AllowedOriginsSetting = "Cors:AllowedOrigins";
    internal const string TrustedOriginsSetting = "TRUSTED_ORIGINS";

    /// <summary>
    /// Base addresses of the services, such as <c>http://service:8080</c>; scheme, host and port only. Where two services claim
    /// the same name, the earlier one in this list keeps it. In configuration an array, or one text separated by <c>;</c>.
    /// </summary>
    /// <value>At least one address. There is no default.</value>
    public IReadOnlyList<string> Services { get; set; } = [];

    /// <summary>How often the manifest of a service that answers is read again.</summary>
    /// <value>Seconds. The default is 30.</value>
    [Range(0.01, 3600)]
    public double RefreshSeconds { get; set; } = 30;

    /// <summary>The longest wait before a service that does not answer is asked again; the first waits are shorter.</summary>
    /// <value>Seconds. The default is 5.</value>
    [Range(0.01, 3600)]
    public double MissingRefreshSeconds { get; set; } = 5;

    /// <summary>How long one manifest may take, connection and body included.</summary>
    /// <value>Seconds. The default is 5.</value>
    [Range(0.01, 60)]
    public double ManifestTimeoutSeconds { get; set; } = 5;

    /// <summary>How long connecting to a service may take.</summary>
    /// <value>Seconds. The default is 3.</value>
    [Range(0.01, 60)]
    public double ConnectTimeoutSeconds { get; set; } = 3;

    /// <summary>How long a forwarded request may go without a byte in either direction.</summary>
    /// <value>Seconds. The default is 100.</value>
    [Range(0.01, 3600)]
    public double ActivityTimeoutSeconds { get; set; } = 100;

    /// <summary>The largest request body that is let through.</summary>
    /// <value>Bytes. The default is 26 MiB: Frappe's 25 MiB for a file, and room for the form around it.</value>
    [Range(1, long.MaxValue)]
    public long MaxRequestBodyBytes { get; set; } = 26 * 1024 * 1024;

    /// <summary>
    /// The largest JSON or form body that is read to learn which DocType it names, where the path does not tell. It is kept in memory, beyond 64 KiB in a
    /// temporary file, and forwarded unchanged.
    /// </summary>
    /// <value>Bytes. The default is 4 MiB.</value>
    [Range(1024, int.MaxValue)]
    public int MaxInspectedBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest multipart body, as of an upload, that is kept in a temporary file until the DocType that it names is known.</summary>
    /// <value>Bytes. The default is 26 MiB, as of <see cref="MaxRequestBodyBytes"/>.</value>
    [Range(1024, long.MaxValue)]
    public long MaxInspectedUploadBytes { get; set; } = 26 * 1024 * 1024;

    /// <summary>Whether <c>/</c> lists what the services offer, and their documentation is reachable under <c>/services/</c>.</summary>
    /// <value>Unset means: in the Development environment only.</value>
    public bool? Docs { get; set; }

    /// <summary>
    /// Origins whose pages may call what is behind the gateway (<c>Cors:AllowedOrigins</c>, separated by commas or spaces, as at the services). A service's
    /// answers are read by those that its own setting allows.
    /// </summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Those of them whose pages may bring a session along (<c>TRUSTED_ORIGINS</c>, as at the services).</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> TrustedOrigins { get; set; } = [];

    /// <summary>Reads a list of origins.</summary>
    internal static IReadOnlyList<string> ReadOrigins(IConfiguration configuration, string setting) =>
        configuration[setting]?.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Reads the list of services in either of its two forms.</summary>
    internal static IReadOnlyList<string> ReadServices(IConfiguration configuration)
    {
        var section = configuration.GetSection(nameof(Services));
        return section.Value is { Length: > 0 } text
            ? text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(child => child.Value ?? "")];
    }

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Services.Count == 0)
        {
            yield return new("Services: name at least one base address, such as SERVICES=http://127.0.0.1:5001;http://127.0.0.1:5002.");
        }

        foreach (var address in Services.Where(address => !IsOrigin(address)))
        {
            yield return new($"Services: '{address}' is not a base address of the form http://host:port.");
        }

        foreach (var twice in Services.GroupBy(address => address.TrimEnd('/'), StringComparer.OrdinalIgnoreCase).Where(group => group.Skip(1).Any()))
        {
            yield return new($"Services: '{twice.Key}' is listed more than once.");
        }

        foreach (var (setting, origins) in new[] { (AllowedOriginsSetting, AllowedOrigins), (TrustedOriginsSetting, TrustedOrigins) })
        {
            foreach (var origin in origins.Where(origin => !IsBrowsersOrigin().IsMatch(origin)))
            {
                yield return new($"{setting}: '{origin}' is not an origin in the form browsers send, lower case, scheme://host or scheme://host:port.");
            }
        }
    }

    private static bool IsOrigin(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex IsBrowsersOrigin();
}
