using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Security;

/// <summary>
/// The token that a session's own pages send with what they change. It follows from the <c>sid</c>, so that every service can check it
/// without asking, and tells nothing about it.
/// </summary>
internal static class CsrfToken
{
    private const string Header = "X-Frappe-CSRF-Token";

    /// <summary>The token of a session.</summary>
    public static string For(string sid) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("csrf-token:" + sid)));

    /// <summary>Whether the request carries no token, or the right one. One is not demanded: the rule of origins protects what comes without.</summary>
    public static bool IsAbsentOrRight(HttpRequest request, string sid)
    {
        StringValues sent = request.Headers[Header];
        return sent.Count == 0 || OriginRule.IsSafe(request.Method) ||
            (sent is [{ } token] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(For(sid))));
    }
}
