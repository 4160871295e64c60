using Microsoft.AspNetCore.StaticFiles;

namespace Microservices.Files;

/// <summary>What kind a file is, by its name, and whether a browser may show it in place.</summary>
internal static class FileTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider s_types = new();

    /// <summary>The media type of an extension; never that of the upload, which its sender chose.</summary>
    public static string MediaType(string name) => s_types.TryGetContentType(name, out var type) ? type : Unknown;

    /// <summary>Frappe's <c>file_type</c>: the extension in capitals.</summary>
    public static string TypeOf(string name) => Path.GetExtension(name).TrimStart('.').ToUpperInvariant();

    /// <summary>Whether it is shown rather than saved: only kinds that run no script, so not HTML, SVG or XML.</summary>
    public static bool IsShown(string mediaType) =>
        mediaType is "application/pdf" or "text/plain" or "text/csv"
        || ((mediaType.StartsWith("image/", StringComparison.Ordinal) || mediaType.StartsWith("audio/", StringComparison.Ordinal) || mediaType.StartsWith("video/", StringComparison.Ordinal))
            && !mediaType.Contains("svg", StringComparison.Ordinal) && !mediaType.Contains("xml", StringComparison.Ordinal));
}
