using System.Security.Cryptography;

namespace Gateway.Forwarding;

/// <summary>The id under which one request is found in every log: the client's own when it is harmless, else a new one.</summary>
internal static class RequestId
{
    public const string Header = "X-Frappe-Request-Id";

    private const int MaxLength = 64;

    /// <summary>Settles the id and puts it into the request, for the service, and into the answer.</summary>
    public static void Assign(HttpContext context)
    {
        var values = context.Request.Headers[Header];
        var id = values.Count == 1 && IsHarmless(values[0]) ? values[0]! : RandomNumberGenerator.GetHexString(32, lowercase: true);
        context.TraceIdentifier = id;
        context.Request.Headers[Header] = id;
        context.Response.Headers[Header] = id;
    }

    public static string Of(HttpContext context) => context.TraceIdentifier;

    private static bool IsHarmless(string? id) =>
        id is { Length: > 0 and <= MaxLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
