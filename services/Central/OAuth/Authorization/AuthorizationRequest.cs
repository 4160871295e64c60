using System.Globalization;
using Central.Clients;
using Central.OAuth.Grants;

namespace Central.OAuth.Authorization;

/// <summary>A checked authorization request.</summary>
/// <remarks>RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core section 3.1.2.1, RFC 8707 section 2.1.</remarks>
internal sealed record AuthorizationRequest
{
    private const int MaxState = 2048;
    private const int MaxNonce = 2048;

    public required OAuthClient Client { get; init; }

    public required string RedirectUri { get; init; }

    public required string Scope { get; init; }

    public required string Resource { get; init; }

    public required string CodeChallenge { get; init; }

    public required string? Nonce { get; init; }

    /// <summary>What the user is to be asked; empty when the client leaves it to the site.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>How old the user's login may be; null for any age.</summary>
    public required TimeSpan? MaxAge { get; init; }

    public bool HasPrompt(string prompt) => Prompts.Contains(prompt, StringComparer.Ordinal);

    /// <summary>The state of a request, to be returned as it is; null when there is none or it is longer than any client needs.</summary>
    public static string? StateOf(IReadOnlyDictionary<string, string> parameters) => Read(parameters, "state") is { Length: <= MaxState } state ? state : null;

    /// <summary>Checks everything but the client and the redirect address, which were checked before.</summary>
    /// <exception cref="AuthorizationError">The client is told.</exception>
    public static AuthorizationRequest Parse(IReadOnlyDictionary<string, string> parameters, OAuthClient client, string redirectUri, Audiences audiences)
    {
        RefuseWhatIsNotOffered(parameters);
        if (Read(parameters, "state")?.Length > MaxState || Read(parameters, "nonce")?.Length > MaxNonce)
        {
            throw AuthorizationError.InvalidRequest("state or nonce is too long.");
        }

        if (!client.MayUse(GrantTypes.AuthorizationCode))
        {
            throw new AuthorizationError("unauthorized_client", "The client is not registered for this grant.");
        }

        if (Read(parameters, "code_challenge_method") is not Pkce.Method || Read(parameters, "code_challenge") is not { } challenge || !Pkce.IsWellFormed(challenge))
        {
            throw AuthorizationError.InvalidRequest("PKCE is needed: code_challenge, and code_challenge_method=S256.");
        }

        return new AuthorizationRequest
        {
            Client = client,
            RedirectUri = redirectUri,
            Scope = Choose(() => Scopes.ChooseForUser(client, Read(parameters, "scope"))),
            Resource = Choose(() => audiences.Choose(client, Read(parameters, "resource"))),
            CodeChallenge = challenge,
            Nonce = Read(parameters, "nonce"),
            Prompts = ReadPrompts(parameters),
            MaxAge = ReadMaxAge(parameters),
        };
    }

    private static string? Read(IReadOnlyDictionary<string, string> parameters, string name) => parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static void RefuseWhatIsNotOffered(IReadOnlyDictionary<string, string> parameters)
    {
        // Nothing that an address names is ever fetched.
        foreach (var name in (string[])["request", "request_uri", "registration"])
        {
            if (Read(parameters, name) is not null)
            {
                throw new AuthorizationError(name + "_not_supported", $"This server does not take {name}.");
            }
        }

        if (Read(parameters, "response_type") is not { } type)
        {
            throw AuthorizationError.InvalidRequest("response_type is missing.");
        }

        if (type != "code")
        {
            throw new AuthorizationError("unsupported_response_type", "The only response_type is code.");
        }

        if (Read(parameters, "response_mode") is not (null or "query"))
        {
            throw AuthorizationError.InvalidRequest("The only response_mode is query.");
        }
    }

    private static string Choose(Func<string> choose)
    {
        try
        {
            return choose();
        }
        catch (OAuthError error)
        {
            throw new AuthorizationError(error.Error, error.Message);
        }
    }

    private static string[] ReadPrompts(IReadOnlyDictionary<string, string> parameters)
    {
        var prompts = OAuthClient.Words(Read(parameters, "prompt") ?? "");
        return prompts.Length > 1 && prompts.Contains(Prompt.None, StringComparer.Ordinal)
            ? throw AuthorizationError.InvalidRequest("prompt=none goes with no other prompt.")
            : prompts;
    }

    private static TimeSpan? ReadMaxAge(IReadOnlyDictionary<string, string> parameters) =>
        Read(parameters, "max_age") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : throw AuthorizationError.InvalidRequest("max_age is a number of seconds.");
}
