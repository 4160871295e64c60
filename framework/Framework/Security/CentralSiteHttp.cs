using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Microservices.Security;

/// <summary>
/// The one way in which a service asks the central site: no redirects, no cookies, no proxy, small answers, a limit of time.
/// </summary>
internal sealed class CentralSiteHttp : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly AuthenticationHeaderValue? _clientCredentials;

    public CentralSiteHttp(CentralSiteOptions options, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            MaxResponseContentBufferSize = MaxAnswerBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ClientId is { } id && options.ClientSecret is { } secret)
        {
            // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
            byte[] pair = Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}");
            _clientCredentials = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        }
    }

    /// <summary>Whether this service has a client id and secret to ask with.</summary>
    public bool HasClientCredentials => _clientCredentials is not null;

    /// <summary>Gets a public document.</summary>
    /// <exception cref="CentralSiteException">No answer in time, not 200, or too large.</exception>
    public async Task<byte[]> GetAsync(Uri address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        return await SendAsync(request, timeout, cancellationToken);
    }

    /// <summary>Posts a form with this service's own client credentials.</summary>
    /// <exception cref="CentralSiteException">No answer in time, not 200, or too large.</exception>
    public async Task<byte[]> PostFormAsync(Uri address, IEnumerable<KeyValuePair<string, string>> form, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = _clientCredentials;
        return await SendAsync(request, timeout, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        request.Headers.Accept.ParseAdd("application/json");
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsByteArrayAsync(either.Token)
                : throw new CentralSiteException($"{request.RequestUri!.AbsolutePath} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            throw new CentralSiteException($"{request.RequestUri!.AbsolutePath} cannot be asked: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CentralSiteException($"{request.RequestUri!.AbsolutePath} did not answer within {timeout.TotalSeconds} s.", exception);
        }
    }
}
