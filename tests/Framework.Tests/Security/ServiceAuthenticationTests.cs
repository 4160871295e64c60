using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Security;

/// <summary>A whole service, spoken to over HTTP.</summary>
public sealed class ServiceAuthenticationTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private CentralSiteServer _central = null!;
    private ServiceServer _service = null!;

    private string Bearer => "Bearer " + _central.Signer.Token(_central.Url, _time.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        _central = await CentralSiteServer.StartNewAsync();
        _central.Credentials["session s1"] = _central.Active(_time.GetUtcNow());
        _central.Credentials["api_key key:secret"] = _central.Active(_time.GetUtcNow());
        _service = await ServiceServer.StartNewAsync(ServiceServer.Options(_central), _time);
        await WaitForKeysAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task WhoAmI_TellsTheTokensUser(string method)
    {
        using HttpResponseMessage response = await _service.SendAsync(new HttpMethod(method), "/api/method/auth.whoami", ("Authorization", Bearer));

        Assert.Equal(
            """{"message":{"sub":"u-1","user":"ann@acme.example","tenant":"acme","roles":["Sales User","Sales Manager"],"scope":"openid all","kind":"bearer"}}""",
            await ReadAsync(response));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task WhoAmI_TellsTheKindOfCredential()
    {
        Assert.Equal("api_key", await KindAsync(("Authorization", "token key:secret")));
        Assert.Equal("session", await KindAsync(("Cookie", "sid=s1")));
    }

    [Fact]
    public async Task ForgedHeadersParametersAndCookies_ChangeNothing()
    {
        string bearer = Bearer;
        using HttpResponseMessage plain = await _service.GetAsync("/api/method/auth.whoami", ("Authorization", bearer));
        string expected = await ReadAsync(plain);
        foreach (string value in (string[])["Administrator", "evil", "u-2"])
        {
            (string, string)[] forged =
            [
                ("Authorization", bearer), ("Cookie", "user_id=Administrator; system_user=yes; full_name=Administrator; tenant=evil"),
                .. ForgedHeaders.Names.Select(name => (name, value)),
            ];
            using HttpResponseMessage response = await _service.GetAsync("/api/method/auth.whoami?tenant=evil&tenant_id=evil&roles=Administrator&user=Administrator&sid=s1&X-Tenant-Id=evil", forged);
            Assert.Equal(expected, await ReadAsync(response));
            using HttpResponseMessage guest = await _service.SendAsync(HttpMethod.Post, "/open", forged[1..]);
            Assert.Equal("Guest", await ReadAsync(guest));
            using HttpResponseMessage closed = await _service.GetAsync("/authorized?sid=s1", forged[1..]);
            Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
        }
    }

    [Fact]
    public async Task TokenInTheAddress_IsRefusedAsARequest()
    {
        string token = Bearer["Bearer ".Length..];
        foreach ((string, string)[] headers in ((string, string)[][])[[], [("Authorization", Bearer)], [("Cookie", "sid=s1")]])
        {
            using HttpResponseMessage response = await _service.GetAsync("/authorized?access_token=" + token, headers);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer realm=\"api\", error=\"invalid_request\"", response.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task TokensOfTheAttackTable_AreRefusedOnTheWire()
    {
        using var attacker = new TestSigner();
        DateTimeOffset now = _time.GetUtcNow();
        string good = Bearer["Bearer ".Length..];
        string[] parts = good.Split('.');
        string unsigned = $"{TestSigner.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}";
        string[] tokens =
        [
            unsigned, unsigned + ".", $"{unsigned}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", good + ".", $"{good}=", $"{good}\t.", good[..^2],
            $"{parts[0]}.{parts[1]}.{new string('A', 86)}",
            attacker.Token(_central.Url, now),
            attacker.Token(_central.Url, now, header: header => header["kid"] = _central.Signer.KeyId),
            attacker.Token(_central.Url, now, header: header => header["jwk"] = attacker.Jwk()),
            _central.Signer.Token(_central.Url, now, header: header => header["typ"] = "JWT"),
            _central.Signer.Token(_central.Url, now, header: header => header["crit"] = "exp"),
            _central.Signer.Token("https://other.example", now),
            _central.Signer.Token(_central.Url, now, claims => claims["aud"] = "https://billing.example"),
            _central.Signer.Token(_central.Url, now, claims => claims["exp"] = now.AddSeconds(-31).ToUnixTimeSeconds()),
            _central.Signer.Token(_central.Url, now, claims => claims["exp"] = "9999999999"),
            _central.Signer.Token(_central.Url, now, claims => claims["nbf"] = now.AddSeconds(61).ToUnixTimeSeconds()),
            _central.Signer.Token(_central.Url, now, claims => claims.Remove("exp")),
            _central.Signer.Token(_central.Url, now, claims => claims.Remove("tenant")),
            _central.Signer.Token(_central.Url, now, claims => claims["roles"] = "Administrator"),
            _central.Signer.Token(_central.Url, now, claims => claims["pad"] = new string('p', 7000)),
        ];
        foreach (string token in tokens)
        {
            using HttpResponseMessage response = await _service.GetAsync("/open", ("Authorization", "Bearer " + token), ("Cookie", "sid=s1"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer realm=\"api\", error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        }

        using HttpResponseMessage still = await _service.GetAsync("/authorized", ("Authorization", "Bearer " + good));
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Theory]
    [InlineData("GET /open?{params} HTTP/1.1\r\nHost: {host}\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {huge}\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nCookie: sid={huge}\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer a\0b\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nCookie: sid=a\0b\r\n")]
    [InlineData("GET /op\0en HTTP/1.1\r\nHost: {host}\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nCookie: sid=%00%zz\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic AAAA\r\n")]
    public async Task HostileRequest_IsA4xx(string form)
    {
        string request = form.Replace("{host}", _service.Address.Authority, StringComparison.Ordinal)
            .Replace("{huge}", new string('a', 5_000_000), StringComparison.Ordinal)
            .Replace("{params}", string.Join('&', Enumerable.Range(0, 100_000).Select(i => $"p{i}=1")), StringComparison.Ordinal);
        string answer = await SendRawAsync(request + "Connection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestWithoutCredentials_IsChallengedWithoutError()
    {
        foreach (string path in (string[])["/api/method/auth.whoami", "/authorized", "/managers"])
        {
            using HttpResponseMessage response = await _service.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer realm=\"api\"", response.Headers.WwwAuthenticate.ToString());
        }

        using HttpResponseMessage open = await _service.GetAsync("/open");
        Assert.Equal("Guest", await ReadAsync(open));
    }

    [Fact]
    public async Task BadToken_IsChallengedWithInvalidToken_AlsoWhereGuestsAreWelcome()
    {
        foreach (string path in (string[])["/api/method/auth.whoami", "/authorized", "/open"])
        {
            using HttpResponseMessage response = await _service.GetAsync(path, ("Authorization", Bearer + "x"), ("Cookie", "sid=s1"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer realm=\"api\", error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task EndedSession_SaysSo()
    {
        using HttpResponseMessage response = await _service.GetAsync("/open", ("Cookie", "sid=gone"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("AuthenticationError session_expired", await ReadAsync(response));
        Assert.Equal("Bearer realm=\"api\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task ForeignPage_CannotUseTheCookie()
    {
        using HttpResponseMessage response = await _service.SendAsync(HttpMethod.Post, "/open", ("Cookie", "sid=s1"), ("Origin", "https://evil.example"));
        Assert.Equal((HttpStatusCode.BadRequest, "CSRFTokenError"), (response.StatusCode, await ReadAsync(response)));
        using HttpResponseMessage own = await _service.SendAsync(HttpMethod.Post, "/open", ("Cookie", "sid=s1"), ("Origin", _service.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal("ann@acme.example", await ReadAsync(own));
    }

    [Fact]
    public async Task AuthorizationOfAspNetCore_KnowsNameAndRoles()
    {
        using HttpResponseMessage authorized = await _service.GetAsync("/authorized", ("Authorization", Bearer));
        Assert.Equal("ann@acme.example", await ReadAsync(authorized));
        using HttpResponseMessage managers = await _service.GetAsync("/managers", ("Authorization", Bearer));
        Assert.Equal(HttpStatusCode.OK, managers.StatusCode);
        using HttpResponseMessage directors = await _service.GetAsync("/directors", ("Authorization", Bearer));
        Assert.Equal((HttpStatusCode.Forbidden, "PermissionError"), (directors.StatusCode, await ReadAsync(directors)));
    }

    [Fact]
    public async Task TwoAuthorizationHeadersOnTheWire_AreRefused()
    {
        string answer = await SendRawAsync($"GET /open HTTP/1.1\r\nHost: {_service.Address.Authority}\r\nAuthorization: {Bearer}\r\nAuthorization: {Bearer}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_request\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer \xff\xfe")]
    [InlineData("Authorization:")]
    [InlineData("Authorization: Basic \x7f")]
    [InlineData("Cookie: sid=\xff")]
    [InlineData("Cookie: sid=a\tb")]
    public async Task StrangeBytesOnTheWire_AreA4xx(string header)
    {
        string answer = await SendRawAsync($"GET /open HTTP/1.1\r\nHost: {_service.Address.Authority}\r\n{header}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CentralSiteDown_TokensWork_SessionsWait_AndItRecovers()
    {
        await _central.StopAsync();
        using HttpResponseMessage token = await _service.GetAsync("/authorized", ("Authorization", Bearer));
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        using HttpResponseMessage session = await _service.GetAsync("/authorized", ("Cookie", "sid=s1"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AuthServiceUnavailable"), (session.StatusCode, await ReadAsync(session)));
        Assert.NotNull(session.Headers.RetryAfter);

        await _central.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        using HttpResponseMessage again = await _service.GetAsync("/authorized", ("Cookie", "sid=s1"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task ColdStartWithoutCentralSite_Is503_ThenRecoversByItself()
    {
        await _central.StopAsync();
        await using ServiceServer service = await ServiceServer.StartNewAsync(ServiceServer.Options(_central), _time);
        JwksCache keys = service.Services.GetRequiredService<JwksCache>();
        using HttpResponseMessage response = await service.GetAsync("/authorized", ("Authorization", Bearer));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.False(keys.HasKeys);

        await _central.StartAsync();
        await Wait.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return keys.HasKeys;
            },
            "the keys were fetched in the background");
    }

    [Fact]
    public async Task Keys_AreFetchedAgainEveryFiveMinutes()
    {
        int before = _central.KeyRequests;
        await Wait.UntilAsync(() => _time.WaitingTimers > 0, "the refresher pauses");
        _time.Advance(TimeSpan.FromMinutes(5));
        await Wait.UntilAsync(() => _central.KeyRequests > before, "the keys were fetched again");
    }

    [Fact]
    public async Task TwoServicesInOneProcess_KeepTheirOwnSettings()
    {
        await using ServiceServer narrow = await ServiceServer.StartNewAsync(ServiceServer.Options(_central, acceptSiteAudience: false), _time);
        await Wait.UntilAsync(() => narrow.Services.GetRequiredService<JwksCache>().HasKeys, "the second service has keys");
        using HttpResponseMessage refused = await narrow.GetAsync("/authorized", ("Authorization", Bearer));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpResponseMessage accepted = await _service.GetAsync("/authorized", ("Authorization", Bearer));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    private static Task<string> ReadAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private Task WaitForKeysAsync() => Wait.UntilAsync(() => _service.Services.GetRequiredService<JwksCache>().HasKeys, "the service has keys");

    private async Task<string?> KindAsync((string Name, string Value) header)
    {
        using HttpResponseMessage response = await _service.GetAsync("/api/method/auth.whoami", header);
        using var body = JsonDocument.Parse(await ReadAsync(response));
        return body.RootElement.GetProperty("message").GetProperty("kind").GetString();
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_service.Address.Host, _service.Address.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // A server that has seen enough answers and hangs up before it has read everything.
        }

        byte[] answer = new byte[64 * 1024];
        int length = 0;
        try
        {
            for (int read; (read = await stream.ReadAsync(answer.AsMemory(length), TestContext.Current.CancellationToken)) > 0;)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // The same, as the reader sees it.
        }

        return Encoding.Latin1.GetString(answer, 0, length);
    }
}
