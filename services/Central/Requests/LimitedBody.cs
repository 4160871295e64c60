using Microsoft.AspNetCore.Http.Features;

namespace Central.Requests;

/// <summary>Bodies of the central site are small: reading more than they may hold is refused before it is done.</summary>
internal static class LimitedBody
{
    /// <summary>The most that a body may hold.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Makes the server refuse a larger body with 413, however it is read.</summary>
    public static void Limit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = MaxBytes;
        }
    }

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="BadHttpRequestException">It is too large.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        Limit(context);
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }
}
