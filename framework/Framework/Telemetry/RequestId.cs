using System.Buffers;
using System.Security.Cryptography;
#pragma warning disable IDE0005 // The gateway, which compiles this file too, has it without being told.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005

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
