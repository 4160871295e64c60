using System.Net.Http.Headers;
using Central.Requests;

namespace Central.OAuth;

/// <summary>The parameters of a request to a protocol endpoint: from the body only, each at most once.</summary>
/// <remarks>RFC 6749 section 3.2.</remarks>
internal sealed class OAuthRequest
{
    private static readonly string[] s_neverInAddresses = ["client_id", "client_secret", "client_assertion", "client_assertion_type", "token", "grant_type", "code", "code_verifier", "refresh_token", "username", "password", "device_code"];

    private readonly Dictionary<string, string> _parameters;

    private OAuthRequest(Dictionary<string, string> parameters) => _parameters = parameters;

    /// <summary>A parameter, or null when it was not sent or has no value.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <exception cref="OAuthError">The body is not a form, is too large, repeats a parameter, or the address holds what belongs in the body.</exception>
    public static async Task<OAuthRequest> ReadAsync(HttpContext context)
    {
        if (s_neverInAddresses.Any(context.Request.Query.ContainsKey))
        {
            throw OAuthError.InvalidRequest("Parameters are sent in the body, never in the address.");
        }

        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !"application/x-www-form-urlencoded".Equals(type.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            throw OAuthError.InvalidRequest("Send application/x-www-form-urlencoded.");
        }

        try
        {
            return new OAuthRequest(UrlEncodedForm.Parse(await LimitedBody.ReadAsync(context)));
        }
        catch (MalformedFormException exception)
        {
            throw OAuthError.InvalidRequest($"The body holds {exception.Message}.");
        }
        catch (BadHttpRequestException exception)
        {
            throw OAuthError.InvalidRequest("The body cannot be read, or is too large.", exception.StatusCode);
        }
    }
}
