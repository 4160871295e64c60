using System.Collections.Concurrent;
using Microservices.Errors;
using Microsoft.Extensions.Logging;

namespace Microservices.Security;

/// <summary>
/// Asks the central site whether a session or an API key is active, and remembers the answer for a short time. Requests with the
/// same credential share one question.
/// </summary>
internal sealed class IntrospectionClient(
    CentralSiteOptions options, CentralSiteHttp http, JwksCache centralSite, TimeProvider time, ILogger<IntrospectionClient> logger) : ICredentialLookup
{
    private readonly ConcurrentDictionary<CredentialHash, Task<CachedCredential?>> _questions = new();
    private readonly ExpiringCache<CredentialHash, CachedCredential> _active = new(options.CacheSize);

    /// <summary>Apart from the active ones, so that a flood of guesses pushes nobody out.</summary>
    private readonly ExpiringCache<CredentialHash, CachedCredential> _refused = new(options.CacheSize);

    private readonly BackOff _backOff = new(time, TimeSpan.FromSeconds(30));

    /// <summary>The caller, or null when the central site says that the credential is not active.</summary>
    /// <param name="credential">The <c>sid</c>, or <c>key:secret</c>; visible ASCII.</param>
    /// <param name="kind"><see cref="CredentialKind.Session"/> or <see cref="CredentialKind.ApiKey"/>.</param>
    /// <param name="clientAddress">Where an API key is used from; the answer is remembered for that address only, unless it says that it holds for all.</param>
    /// <param name="cancellationToken">Ends this caller's wait, not the question others may wait for too.</param>
    /// <exception cref="AuthServiceUnavailableException">The answer is not known and cannot be had now.</exception>
    public ValueTask<CurrentUser?> FindAsync(string credential, CredentialKind kind, string? clientAddress, CancellationToken cancellationToken)
    {
        if (!CredentialHash.TryCompute(kind, credential, out CredentialHash everywhere))
        {
            return default;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (_active.Find(everywhere, now) is { } active)
        {
            return new ValueTask<CurrentUser?>(active.User);
        }

        CredentialHash hash = everywhere;
        // A blank stands in no credential, so that what comes after it is not taken for a part of one.
        if (clientAddress is not null && !CredentialHash.TryCompute(kind, $"{credential} {clientAddress}", out hash))
        {
            return default;
        }

        var question = new Question(hash, everywhere, credential, kind, clientAddress);
        return Known(question, now) is { } known ? new ValueTask<CurrentUser?>(known.User) : new ValueTask<CurrentUser?>(AskOnceAsync(question, cancellationToken));
    }

    private CachedCredential? Known(in Question asked, DateTimeOffset now) => _active.Find(asked.Everywhere, now) ?? _active.Find(asked.Hash, now) ?? _refused.Find(asked.Hash, now);

    private async Task<CurrentUser?> AskOnceAsync(Question asked, CancellationToken cancellationToken)
    {
        TimeSpan pause = _backOff.Remaining;
        if (pause > TimeSpan.Zero || !http.HasClientCredentials)
        {
            throw AuthenticationErrors.Unavailable(pause);
        }

        var own = new TaskCompletionSource<CachedCredential?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<CachedCredential?> question = _questions.GetOrAdd(asked.Hash, own.Task);
        if (question == own.Task)
        {
            _ = AnswerAsync(own, asked);
        }

        CachedCredential? answer = await question.WaitAsync(cancellationToken);
        return answer is null ? throw AuthenticationErrors.Unavailable(_backOff.Remaining) : answer.User;
    }

    private async Task AnswerAsync(TaskCompletionSource<CachedCredential?> question, Question asked)
    {
        CachedCredential? answer = null;
        try
        {
            // Another question may have been answered between this caller's look at the caches and now.
            answer = Known(asked, time.GetUtcNow());
            if (answer is null)
            {
                (answer, var isAddressBound) = await AskAsync(asked);
                _backOff.Succeeded();
                (answer.User is null ? _refused : _active).Store(isAddressBound ? asked.Hash : asked.Everywhere, answer);
            }
        }
        catch (CentralSiteException exception)
        {
            _backOff.Failed();
            SecurityLog.IntrospectionFailed(logger, exception.Message);
        }
        catch (AuthServiceUnavailableException)
        {
            // The addresses are not known; the fetch of these has its own interval and its own log message.
        }
        finally
        {
            _questions.TryRemove(asked.Hash, out _);
            question.SetResult(answer);
        }
    }

    private async Task<(CachedCredential Answer, bool IsAddressBound)> AskAsync(Question asked)
    {
        CentralSiteMetadata addresses = await centralSite.GetMetadataAsync(CancellationToken.None);
        Uri address = addresses.Introspection ?? throw new CentralSiteException("The discovery document names no introspection_endpoint.");
        List<KeyValuePair<string, string>> form =
        [
            new("token", asked.Credential),
            new("token_type_hint", asked.Kind == CredentialKind.Session ? "session" : "api_key"),
        ];
        if (asked.ClientAddress is { } clientAddress)
        {
            form.Add(new("client_address", clientAddress));
        }

        byte[] json = await http.PostFormAsync(address, form, options.Timeout, CancellationToken.None);
        DateTimeOffset now = time.GetUtcNow();
        if (IntrospectionAnswer.Read(json, asked.Kind, options.Issuer, now, out bool isIncomplete) is not var (user, expires, isAddressBound))
        {
            if (isIncomplete)
            {
                SecurityLog.IntrospectionRefused(logger);
            }

            return (new CachedCredential(null, now + options.RefusedCacheDuration, null), true);
        }

        DateTimeOffset until = now + options.ActiveCacheDuration;
        return (new CachedCredential(user, expires < until ? expires : until, null), isAddressBound);
    }

    /// <param name="Hash">Of the credential and the address that it is used from.</param>
    /// <param name="Everywhere">Of the credential alone.</param>
    /// <param name="Credential">The credential.</param>
    /// <param name="Kind">Its kind.</param>
    /// <param name="ClientAddress">Where an API key is used from.</param>
    private readonly record struct Question(CredentialHash Hash, CredentialHash Everywhere, string Credential, CredentialKind Kind, string? ClientAddress);
}
