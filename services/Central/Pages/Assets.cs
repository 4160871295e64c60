namespace Central.Pages;

/// <summary>Files of the pages, which are part of the program.</summary>
internal static class Assets
{
    /// <summary>Reads one.</summary>
    public static byte[] Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The program lacks its file {name}.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    /// <summary>Answers one.</summary>
    public static IResult Answer(HttpContext context, byte[] content, string type)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(content, type);
    }
}
