namespace Central.Pages;

/// <summary>Addresses to go back to. They come with requests, so they lead nowhere but to this site.</summary>
internal static class LocalPath
{
    /// <summary>Where to go when no address is asked for, or one that is not of this site.</summary>
    public const string Home = "/account";

    private const int MaxLength = 8192;

    /// <summary>The address, when it is a path of this site, otherwise the home page.</summary>
    public static string OrHome(string? address) => address is not null && IsLocal(address) && IsLocal(Uri.UnescapeDataString(address)) ? address : Home;

    /// <summary>Whether a browser would stay on this site: it takes a backslash for a slash, two slashes for a host, and passes over control characters.</summary>
    private static bool IsLocal(string address) =>
        address.Length is > 0 and <= MaxLength && address[0] == '/' && !(address.Length > 1 && address[1] is '/') && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl);
}
