using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Microservices.Security;

/// <summary>
/// Tells who sends a request. An <c>Authorization</c> header decides alone; without one the <c>sid</c> cookie does. Nothing else in
/// a request is looked at: no other header, no parameter, no body.
/// </summary>
internal sealed class CredentialAuthenticator(
    CentralSiteOptions options, ISigningKeySource signingKeys, ICredentialLookup credentials, ClientAddress addresses, SecurityMetrics metrics,
    TimeProvider time, ILogger<CredentialAuthenticator> logger, IAccessTokenLife? life = null)
{
    private readonly AccessTokenValidator _validator = new(options);
    private readonly ExpiringCache<CredentialHash, CachedCredential> _tokens = new(options.CacheSize);
    private readonly OriginRule _originRule = new(options);

    /// <summary>The caller, or null when the request came without credentials.</summary>
    /// <exception cref="AuthenticationException">Credentials came and are not accepted; also where guests are welcome.</exception>
    /// <exception cref="CsrfTokenException">A page of another origin made the browser send the cookie, or a wrong CSRF token came with it.</exception>
    /// <exception cref="AuthServiceUnavailableException">The central site is needed to tell, and cannot be asked.</exception>
    public ValueTask<CurrentUser?> AuthenticateAsync(HttpContext context)
    {
        if (TokenInAddress.IsIn(context.Request.QueryString))
        {
            throw AuthenticationErrors.TokenInAddress();
        }

        StringValues authorization = context.Request.Headers.Authorization;
        if (authorization.Count > 0)
        {
            return FromHeader(context, authorization.Count == 1 ? authorization[0] ?? "" : throw AuthenticationErrors.TwoCredentials());
        }

        string? sid = options.AcceptOpaqueCredentials ? SessionCookie.Read(context.Request.Headers.Cookie) : null;
        if (sid is null)
        {
            return default;
        }

        return _originRule.Allows(context.Request) && CsrfToken.IsAbsentOrRight(context.Request, sid)
            ? Required(credentials.FindAsync(sid, CredentialKind.Session, clientAddress: null, context.RequestAborted), AuthenticationErrors.SessionExpired)
            : throw AuthenticationErrors.ForeignOrigin();
    }

    private ValueTask<CurrentUser?> FromHeader(HttpContext context, string header)
    {
        int space = header.IndexOf(' ');
        ReadOnlySpan<char> scheme = space < 0 ? header : header.AsSpan(0, space);
        ReadOnlySpan<char> credential = space < 0 ? [] : header.AsSpan(space).Trim(' ');
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            ValueTask<CurrentUser?> user = FromAccessToken(credential, context.RequestAborted);
            return life is null ? user : RequireAliveAsync(user, life, credential.ToString(), context.RequestAborted);
        }

        string? apiKey = !options.AcceptOpaqueCredentials ? throw AuthenticationErrors.InvalidScheme()
            : scheme.Equals("token", StringComparison.OrdinalIgnoreCase) ? ApiKeyCredential.FromToken(credential)
            : scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? ApiKeyCredential.FromBasic(credential)
            : throw AuthenticationErrors.InvalidScheme();
        return apiKey is null
            ? throw AuthenticationErrors.InvalidApiKey()
            : Required(credentials.FindAsync(apiKey, CredentialKind.ApiKey, addresses.Of(context).ToString(), context.RequestAborted), AuthenticationErrors.InvalidApiKey);
    }

    private static async ValueTask<CurrentUser?> RequireAliveAsync(ValueTask<CurrentUser?> user, IAccessTokenLife life, string token, CancellationToken cancellationToken)
    {
        CurrentUser? known = await user;
        return await life.IsAliveAsync(token, cancellationToken) ? known : throw AuthenticationErrors.InvalidToken();
    }

    private ValueTask<CurrentUser?> FromAccessToken(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > JsonWebToken.MaxLength || !CredentialHash.TryCompute(CredentialKind.Bearer, token, out CredentialHash hash))
        {
            throw AuthenticationErrors.InvalidToken();
        }

        DateTimeOffset now = time.GetUtcNow();
        if (signingKeys.Find(now) is not { } keys)
        {
            return RefetchAndValidateAsync(hash, token.ToString(), cancellationToken);
        }

        if (_tokens.Find(hash, now) is { } known && ReferenceEquals(known.Keys, keys))
        {
            return new ValueTask<CurrentUser?>(known.User);
        }

        AccessTokenResult result = Validate(token, keys, now);
        return result.Failure == AccessTokenFailure.UnknownKey
            ? RefetchAndValidateAsync(hash, token.ToString(), cancellationToken)
            : new ValueTask<CurrentUser?>(Accept(hash, result, keys, now));
    }

    private async ValueTask<CurrentUser?> RefetchAndValidateAsync(CredentialHash hash, string token, CancellationToken cancellationToken)
    {
        SigningKeySet keys = await signingKeys.RefetchAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return Accept(hash, Validate(token, keys, now), keys, now);
    }

    private AccessTokenResult Validate(ReadOnlySpan<char> token, SigningKeySet keys, DateTimeOffset now)
    {
        metrics.TokenChecked();
        return _validator.Validate(token, keys, now);
    }

    private CurrentUser Accept(in CredentialHash hash, in AccessTokenResult result, SigningKeySet keys, DateTimeOffset now)
    {
        if (result.User is null)
        {
            SecurityLog.TokenRefused(logger, result.Failure);
            throw AuthenticationErrors.InvalidToken();
        }

        DateTimeOffset until = now + options.TokenCacheDuration;
        _tokens.Store(hash, new CachedCredential(result.User, result.ExpiresAt < until ? result.ExpiresAt : until, keys));
        return result.User;
    }

    private static ValueTask<CurrentUser?> Required(ValueTask<CurrentUser?> answer, Func<AuthenticationException> refusal)
    {
        return answer.IsCompletedSuccessfully && answer.Result is { } user ? new ValueTask<CurrentUser?>(user) : AwaitAsync(answer, refusal);

        static async ValueTask<CurrentUser?> AwaitAsync(ValueTask<CurrentUser?> answer, Func<AuthenticationException> refusal) =>
            await answer ?? throw refusal();
    }
}
