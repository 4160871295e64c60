using Central.OAuth;
using Central.Requests;

namespace Central.Clients;

/// <summary>What a client says it is, and with what it proves it.</summary>
/// <param name="ClientId">The client's id.</param>
/// <param name="Secret">Null when the client sent none.</param>
/// <param name="Assertion">What it signed; null when it sent none.</param>
internal readonly record struct ClientCredential(string ClientId, string? Secret, string? Assertion = null)
{
    /// <summary>Reads it from the <c>Authorization</c> header or the body; never from the address.</summary>
    /// <exception cref="OAuthError">Two ways at once, two different ids, or none at all.</exception>
    /// <remarks>RFC 6749 section 2.3, RFC 7521 section 4.2.</remarks>
    public static ClientCredential Read(HttpRequest request, OAuthRequest parameters)
    {
        var authorization = request.Headers.Authorization;
        var (id, secret, assertion) = (parameters["client_id"], parameters["client_secret"], parameters["client_assertion"]);
        var hasAssertion = assertion is not null || parameters["client_assertion_type"] is not null;
        if (authorization.Count > 1 || (authorization.Count == 1 && (secret is not null || hasAssertion)) || (secret is not null && hasAssertion))
        {
            throw OAuthError.InvalidRequest("Authenticate the client in one way only.");
        }

        if (authorization.Count == 1)
        {
            var basic = FromBasic(authorization[0] ?? "") ?? throw OAuthError.InvalidClient();
            return id is null || id == basic.ClientId ? basic : throw OAuthError.InvalidRequest("The client_id of the body is not that of the Authorization header.");
        }

        return hasAssertion ? FromAssertion(parameters["client_assertion_type"], assertion, id)
            : id is not null ? new ClientCredential(id, secret)
            : throw OAuthError.InvalidClient();
    }

    /// <summary>A <c>client_id</c> may stand beside the assertion, and must then be its subject.</summary>
    /// <remarks>RFC 7521 section 4.2.</remarks>
    private static ClientCredential FromAssertion(string? type, string? assertion, string? id) =>
        type == ClientAssertion.Type && assertion is not null && ClientAssertion.SubjectOf(assertion) is { } subject && (id is null || id == subject)
            ? new ClientCredential(subject, Secret: null, assertion)
            : throw OAuthError.InvalidClient();

    /// <summary>Both parts are form-encoded inside Basic.</summary>
    /// <remarks>RFC 6749 section 2.3.1, RFC 7617 section 2.</remarks>
    private static ClientCredential? FromBasic(string header)
    {
        const string scheme = "Basic ";
        var bytes = new byte[header.Length];
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header[scheme.Length..].Trim(' '), bytes, out var length))
        {
            return null;
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        if (colon <= 0)
        {
            return null;
        }

        try
        {
            return new ClientCredential(UrlEncodedForm.Decode(bytes.AsSpan(0, colon)), UrlEncodedForm.Decode(bytes.AsSpan(colon + 1, length - colon - 1)));
        }
        catch (MalformedFormException)
        {
            return null;
        }
    }
}
