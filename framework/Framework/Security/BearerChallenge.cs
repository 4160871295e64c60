using Microservices.Errors;

namespace Microservices.Security;

/// <summary>The <c>WWW-Authenticate</c> header of a 401.</summary>
internal static class BearerChallenge
{
    /// <summary>Without an <c>error</c> member when no credentials came, with one when they were refused.</summary>
    /// <remarks>RFC 6750 section 3.</remarks>
    public static string For(AuthenticationException exception) => exception.BearerError switch
    {
        null => "Bearer realm=\"api\"",
        string error => $"Bearer realm=\"api\", error=\"{error}\"",
    };
}
