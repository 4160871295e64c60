using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>Which version of the API a request speaks: its path tells.</summary>
internal static class ApiVersion
{
    private static readonly JsonEncodedText s_message = JsonEncodedText.Encode("message");

    public static bool IsV2(HttpContext context) => context.Request.Path.StartsWithSegments("/api/v2", StringComparison.OrdinalIgnoreCase);

    /// <summary>The key of a method's result.</summary>
    public static JsonEncodedText ResultKey(HttpContext context) => IsV2(context) ? JsonResponse.Data : s_message;
}
