using System.Diagnostics.Metrics;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Framework.Tests.Security;

public sealed class CredentialAuthenticatorTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sid=")]
    [InlineData("sid=Guest")]
    [InlineData("user_id=Administrator; system_user=yes; full_name=Administrator")]
    [InlineData("SID=s1; xsid=s1; sid_=s1")]
    public async Task RequestWithoutCredentials_IsNobody(string? cookie)
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        DefaultHttpContext context = AuthenticationHarness.Request(cookie: cookie, method: "POST");
        foreach (string header in ForgedHeaders.Names)
        {
            context.Request.Headers[header] = "Administrator";
        }

        context.Request.QueryString = new QueryString("?sid=s1&api_key=key&api_secret=secret&usr=Administrator&pwd=x&tenant=acme");
        Assert.Null(await harness.Authenticator.AuthenticateAsync(context));
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Theory]
    [InlineData("?access_token={0}", null, null)]
    [InlineData("?a=1&access_token={0}", "good", null)]
    [InlineData("?access_token=", "good", null)]
    [InlineData("?xaccess_token=1&access_token={0}", null, null)]
    [InlineData("?access_token={0}", null, "sid=s1")]
    public async Task TokenInTheAddress_IsRefused_AlsoBesideAGoodCredential(string query, string? authorization, string? cookie)
    {
        await using AuthenticationHarness harness = await StartAsync();
        DefaultHttpContext context = AuthenticationHarness.Request(authorization is null ? null : "Bearer " + harness.Token(), cookie);
        context.Request.QueryString = new QueryString(query.Replace("{0}", harness.Token(), StringComparison.Ordinal));

        AuthenticationException refusal = await Assert.ThrowsAsync<AuthenticationException>(async () => await harness.Authenticator.AuthenticateAsync(context));

        Assert.Equal("invalid_request", refusal.BearerError);
        Assert.DoesNotContain("eyJ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Theory]
    [InlineData("?filters=[[\"access_token\",\"=\",1]]")]
    [InlineData("?my_access_token=1")]
    [InlineData("?q=access_token=1")]
    [InlineData("?access_tokens=1")]
    public async Task ParameterOfAnotherName_IsTheRequestsOwn(string query)
    {
        await using AuthenticationHarness harness = await StartAsync();
        DefaultHttpContext context = AuthenticationHarness.Request("Bearer " + harness.Token());
        context.Request.QueryString = new QueryString(query);
        Assert.NotNull(await harness.Authenticator.AuthenticateAsync(context));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer \u0416\u0416\u0416")]
    [InlineData("Digest username=\"a\"")]
    [InlineData("token")]
    [InlineData("token key")]
    [InlineData("token key:")]
    [InlineData("token :secret")]
    [InlineData("token key: secret")]
    [InlineData("token wrong:secret")]
    [InlineData("Basic")]
    [InlineData("Basic ???")]
    [InlineData("Basic a2V5OnNlY3JldA")]
    [InlineData("Basic a2V5 OnNlY3JldA==")]
    [InlineData("Basic /////w==")]
    [InlineData("sid s1")]
    public async Task BadAuthorization_IsRefused_EvenBesideAGoodCookie(string authorization)
    {
        await using AuthenticationHarness harness = await StartAsync();
        AuthenticationException refusal = await Assert.ThrowsAsync<AuthenticationException>(async () =>
            await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(authorization, "sid=s1")));

        Assert.Equal("invalid_token", refusal.BearerError);
        Assert.False(refusal.SessionExpired);
    }

    [Fact]
    public async Task LongCredentials_AreRefusedUnasked()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string tooLong = new('a', 9000);
        foreach (string authorization in (string[])["Bearer " + tooLong, "token k:" + tooLong, "Basic " + tooLong])
        {
            await Assert.ThrowsAsync<AuthenticationException>(async () => await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(authorization)));
        }

        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync(tooLong));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s\u00e9"));
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Fact]
    public async Task TwoAuthorizationHeaders_AreRefused()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        DefaultHttpContext context = AuthenticationHarness.Request();
        string bearer = "Bearer " + harness.Token();
        context.Request.Headers.Authorization = new StringValues([bearer, bearer]);

        AuthenticationException refusal = await Assert.ThrowsAsync<AuthenticationException>(async () => await harness.Authenticator.AuthenticateAsync(context));

        Assert.Equal("invalid_request", refusal.BearerError);
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync($"{harness.Token()}, {bearer}"));
    }

    [Fact]
    public async Task GoodToken_WinsOverACookie()
    {
        await using AuthenticationHarness harness = await StartAsync();
        CurrentUser? user = await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request("bearer " + harness.Token(), "sid=other", "POST"));
        Assert.Equal(CredentialKind.Bearer, user!.Kind);
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Theory]
    [InlineData("sid=s1; sid=s2")]
    [InlineData("sid=s2; a=b; sid=s1")]
    public async Task TwoDifferentSessions_AreRefused(string cookie)
    {
        await using AuthenticationHarness harness = await StartAsync();
        await Assert.ThrowsAsync<AuthenticationException>(async () => await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(cookie: cookie)));
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Theory]
    [InlineData("sid=s1")]
    [InlineData("a=b;sid=s1;c=d")]
    [InlineData("sid=Guest; sid=s1; sid=s1")]
    public async Task SessionAmongOtherCookies_IsFound(string cookie)
    {
        await using AuthenticationHarness harness = await StartAsync();
        Assert.NotNull(await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(cookie: cookie)));
    }

    [Theory]
    [InlineData("GET", "https://evil.example", "cross-site", true)]
    [InlineData("HEAD", "null", null, true)]
    [InlineData("POST", null, null, true)]
    [InlineData("POST", null, "none", true)]
    [InlineData("POST", null, "same-origin", true)]
    [InlineData("POST", null, "same-site", false)]
    [InlineData("POST", null, "cross-site", false)]
    [InlineData("POST", "https://shop.example", "same-origin", true)]
    [InlineData("POST", "http://shop.example", null, false)]
    [InlineData("POST", "https://shop.example:444", null, false)]
    [InlineData("POST", "https://shop.example.evil.example", null, false)]
    [InlineData("POST", "https://evil.example", null, false)]
    [InlineData("PUT", "null", null, false)]
    [InlineData("DELETE", "", null, false)]
    [InlineData("PATCH", "https://evil.example", null, false)]
    [InlineData("post", "https://evil.example", null, false)]
    [InlineData("BREW", "https://evil.example", null, false)]
    [InlineData("POST", "https://app.example", "cross-site", true)]
    [InlineData("POST", "https://APP.example", null, false)]
    public async Task Cookie_WorksForTheOwnAndTrustedOriginsOnly(string method, string? origin, string? fetchSite, bool isAllowed)
    {
        await using AuthenticationHarness harness = await StartAsync();
        DefaultHttpContext context = AuthenticationHarness.Request(cookie: "sid=s1", method: method);
        context.Request.Headers.Origin = origin is null ? default : new StringValues(origin);
        context.Request.Headers["Sec-Fetch-Site"] = fetchSite is null ? default : new StringValues(fetchSite);

        if (isAllowed)
        {
            Assert.NotNull(await harness.Authenticator.AuthenticateAsync(context));
        }
        else
        {
            CsrfTokenException refusal = await Assert.ThrowsAsync<CsrfTokenException>(async () => await harness.Authenticator.AuthenticateAsync(context));
            Assert.Equal((400, "CSRFTokenError"), (refusal.StatusCode, refusal.Type));
        }
    }

    [Fact]
    public async Task SitesOwnOrigin_IsTrusted_AndTokensNeedNoOrigin()
    {
        await using AuthenticationHarness harness = await StartAsync();
        DefaultHttpContext fromSite = AuthenticationHarness.Request(cookie: "sid=s1", method: "POST");
        fromSite.Request.Headers.Origin = harness.Central.Url;
        Assert.NotNull(await harness.Authenticator.AuthenticateAsync(fromSite));
        DefaultHttpContext withToken = AuthenticationHarness.Request("Bearer " + harness.Token(), method: "POST");
        withToken.Request.Headers.Origin = "https://evil.example";
        Assert.NotNull(await harness.Authenticator.AuthenticateAsync(withToken));
    }

    [Fact]
    public async Task RememberedToken_IsCheckedAgainAfterAMinute_AndNeverOutlivesItsEnd()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string token = harness.Token(claims => claims["exp"] = harness.Time.GetUtcNow().AddSeconds(70).ToUnixTimeSeconds());
        CurrentUser? first = await harness.BearerAsync(token);
        harness.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Same(first, await harness.BearerAsync(token));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, await harness.BearerAsync(token));
        harness.Time.Advance(TimeSpan.FromSeconds(40));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(token));
    }

    [Fact]
    public async Task RememberedToken_IsNotVerifiedAgain()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await harness.Keys.RefreshAsync();
        long count = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == SecurityMetrics.CounterName && instrument.Meter.Scope == harness.Meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        listener.Start();
        string[] tokens = [harness.Token(), harness.Token()];
        for (int i = 0; i < 1000; i++)
        {
            await harness.BearerAsync(tokens[i % 2]);
        }

        Assert.Equal(2, count);
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(tokens[0] + "A"));
        Assert.Equal(3, count);
        harness.Time.Advance(TimeSpan.FromSeconds(60));
        await harness.BearerAsync(tokens[0]);
        Assert.Equal(4, count);
    }

    [Fact]
    public async Task RefusedToken_IsNotRemembered_AndPushesNobodyOut()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions { Url = new Uri(central.Url), CacheSize = 4 });
        string good = harness.Token();
        CurrentUser? user = await harness.BearerAsync(good);
        for (int i = 0; i < 50; i++)
        {
            string forged = harness.Token()[..^4] + "AAAA";
            await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(forged));
        }

        Assert.Same(user, await harness.BearerAsync(good));
    }

    [Fact]
    public async Task WithoutOpaqueCredentials_OnlyTokensCount_AndNobodyIsAsked()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions
        {
            Url = new Uri(central.Url),
            ClientId = CentralSiteServer.ClientId,
            ClientSecret = CentralSiteServer.ClientSecret,
            AcceptOpaqueCredentials = false,
        });
        harness.Central.Introspection = context => context.Response.WriteAsync(harness.Central.Active(harness.Time.GetUtcNow()).ToJsonString());

        Assert.Null(await harness.SessionAsync("s1"));
        Assert.Null(await harness.SessionAsync(harness.Token()));
        foreach (string authorization in (string[])["token key:secret", "Basic a2V5OnNlY3JldA=="])
        {
            await Assert.ThrowsAsync<AuthenticationException>(async () => await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(authorization, "sid=s1")));
        }

        Assert.NotNull(await harness.BearerAsync(harness.Token()));
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Fact]
    public async Task RememberedToken_CostsNoMemoryPerRequest()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        DefaultHttpContext context = AuthenticationHarness.Request("Bearer " + harness.Token());
        await harness.Authenticator.AuthenticateAsync(context);
        for (int i = 0; i < 100; i++)
        {
            await harness.Authenticator.AuthenticateAsync(context);
        }

        CredentialAuthenticator authenticator = harness.Authenticator;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            // Completes at once, so this stays on one thread.
            await authenticator.AuthenticateAsync(context);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public async Task TwoTenantsInParallel_NeverMix()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string[] tokens = [.. Enumerable.Range(0, 20).Select(i => harness.Token(claims => claims["tenant"] = $"tenant-{i}"))];
        await harness.Keys.RefreshAsync();
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, async (i, _) =>
            Assert.Equal($"tenant-{i % 20}", (await harness.BearerAsync(tokens[i % 20]))!.Tenant.Id));
    }

    private static async Task<AuthenticationHarness> StartAsync()
    {
        AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => ServiceServer.Options(central, trustedOrigins: "https://app.example"));
        harness.Central.Credentials["session s1"] = harness.Central.Active(harness.Time.GetUtcNow());
        return harness;
    }
}
