using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Microservices.Telemetry;

/// <summary>The id that a request keeps through gateway, services and logs.</summary>
internal static class RequestId
{
    public const string Header = "X-Frappe-Request-Id";

    private const int MaxLength = 64;
    private const int Bytes = 16;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Takes the id that came with the request when it is well-formed, and makes one otherwise.</summary>
    public static string Of(HttpContext context) =>
        context.Request.Headers[Header] is [{ Length: > 0 and <= MaxLength } sent] && !sent.AsSpan().ContainsAnyExcept(s_allowed)
            ? sent
            : RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);
}
