namespace Central.AccountPages;

/// <summary>What people call the browser of a session. It is what the browser said of itself, so it helps the memory and proves nothing.</summary>
internal static class BrowserName
{
    /// <summary>The telling words, the more telling ones first: most browsers claim to be several others too.</summary>
    private static readonly (string Word, string Name)[] s_browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Chromium", "Chromium"), ("Safari", "Safari"), ("curl", "curl"), ("python", "Python")];

    private static readonly (string Word, string Name)[] s_systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>Such as "Firefox on Windows"; the whole text when it says neither.</summary>
    public static string Of(string userAgent) => (Find(s_browsers, userAgent), Find(s_systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => system,
        _ => userAgent.Length > 0 ? userAgent : "Unknown browser",
    };

    private static string? Find((string Word, string Name)[] known, string text) => Array.Find(known, entry => text.Contains(entry.Word, StringComparison.OrdinalIgnoreCase)).Name;
}
