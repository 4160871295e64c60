using Microsoft.AspNetCore.Http;

namespace Microservices.Security;

/// <summary>Recognizes an access token in an address, where logs, histories and Referer headers keep it. It is never read.</summary>
/// <remarks>RFC 6750 section 2.3, which OAuth 2.1 leaves out.</remarks>
internal static class TokenInAddress
{
    private const string Parameter = "access_token=";

    public static bool IsIn(QueryString address)
    {
        ReadOnlySpan<char> query = address.Value;
        for (int at; (at = query.IndexOf(Parameter, StringComparison.Ordinal)) >= 0; query = query[(at + Parameter.Length)..])
        {
            if (at > 0 && query[at - 1] is '?' or '&')
            {
                return true;
            }
        }

        return false;
    }
}
