using Microservices.Errors;

namespace Microservices.Files;

/// <summary>
/// Addresses of files: <c>/private/files/(service)/(name)</c>, which the caller's permissions guard, and <c>/files/(service)/(id)/(name)</c>, which whoever
/// knows it may read. The service's name lets a gateway find it.
/// </summary>
internal sealed record FileAddress(string Service)
{
    public const int MaxLength = 500;

    public string Private(string name) => $"/private/files/{Service}/{name}";

    public string Public(string id, string name) => $"/files/{Service}/{id}/{name}";

    /// <summary>Tells whether an address is one of a public file here, and which id it has.</summary>
    public bool IsPublic(string url, out string id)
    {
        var parts = url.Split('/');
        id = parts.Length == 5 ? parts[3] : "";
        return parts is ["", "files", var service, _, _] && service == Service && FileKeys.IsId(id);
    }

    public bool IsPrivate(string url) => url.StartsWith($"/private/files/{Service}/", StringComparison.Ordinal);

    public static bool IsRemote(string url) => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>An address elsewhere, which is kept as text and never asked for anything.</summary>
    /// <exception cref="ValidationException">It is none.</exception>
    public static Uri Remote(string url) =>
        IsRemote(url) && url.Length <= MaxLength && !url.Any(char.IsControl) && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Host.Length > 0 && address.UserInfo.Length == 0
            ? address
            : throw new ValidationException($"file_url is an address with http or https of at most {MaxLength} characters");
}
