using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Security;

public sealed class JwksCacheTests
{
    public static TheoryData<string> BadAnswers => ["status", "html", "empty", "none usable", "poisoned", "huge", "endless", "redirect", "cut off", "list", "duplicate member", "no content"];

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task BadAnswer_ReplacesNothing(string answer)
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        Assert.True(await harness.Keys.RefreshAsync());
        using var attacker = new TestSigner();
        int followed = 0;
        harness.Central.Keys = context => AnswerBadlyAsync(context, answer, harness.Central.Signer, attacker, () => followed++);

        Assert.False(await harness.Keys.RefreshAsync());

        Assert.Equal("u-1", (await harness.BearerAsync(harness.Token()))!.Subject);
        await Assert.ThrowsAnyAsync<FrameworkException>(() => harness.BearerAsync(attacker.Token(harness.Central.Url, harness.Time.GetUtcNow())));
        await Assert.ThrowsAsync<AuthenticationException>(() =>
            harness.BearerAsync(attacker.Token(harness.Central.Url, harness.Time.GetUtcNow(), header: header => header["kid"] = harness.Central.Signer.KeyId)));
        Assert.Equal(0, followed);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"issuer\":\"{0}\"}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":7}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":\"/oauth/jwks\"}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":\"{0}/oauth/jwks\",\"jwks_uri\":\"{0}/oauth/jwks\"}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":\"{0}/oauth/jwks\",\"introspection_endpoint\":\"https://evil.example/introspect\"}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":\"{0}/oauth/jwks\",\"token_endpoint\":\"https://evil.example/token\"}")]
    [InlineData("{\"issuer\":\"{0}\",\"jwks_uri\":\"{0}/oauth/jwks\",\"token_endpoint\":null}")]
    [InlineData("huge")]
    public async Task BadDiscovery_IsNotFollowed_AndDisturbsNobodyWhoKnowsTheAddresses(string document)
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string bad = document == "huge" ? CentralSiteServer.Document(harness.Central.Url) + new string(' ', 70_000) : document.Replace("{0}", harness.Central.Url, StringComparison.Ordinal);
        harness.Central.Discovery = () => bad;
        Assert.False(await harness.Keys.RefreshAsync());
        Assert.Equal(0, harness.Central.KeyRequests);
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.BearerAsync(harness.Token()));

        harness.Central.Discovery = null;
        Assert.True(await harness.Keys.RefreshAsync());
        harness.Central.Discovery = () => bad;
        Assert.True(await harness.Keys.RefreshAsync());
        Assert.NotNull(await harness.BearerAsync(harness.Token()));
    }

    [Fact]
    public async Task HangingFetch_IsGivenUpAfterFiveSeconds()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        var release = new TaskCompletionSource();
        harness.Central.Keys = _ => release.Task;
        Task<bool> refresh = harness.Keys.RefreshAsync();
        await Wait.UntilAsync(() => harness.Central.KeyRequests == 1, "the keys were asked for");
        harness.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(refresh.IsCompleted);

        harness.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(await refresh.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        release.SetResult();
    }

    [Fact]
    public async Task AddressesInAHeader_AreNeverAsked()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await harness.Keys.RefreshAsync();
        await using CentralSiteServer evil = await CentralSiteServer.StartNewAsync();
        foreach (string member in (string[])["jku", "x5u"])
        {
            string token = evil.Signer.Token(harness.Central.Url, harness.Time.GetUtcNow(), header: header => header[member] = evil.Url + "/oauth/jwks");
            await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(token));
        }

        string byKeyId = evil.Signer.Token(harness.Central.Url, harness.Time.GetUtcNow(), header: header => header["kid"] = evil.Url + "/oauth/jwks");
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(byKeyId));
        string byIssuer = evil.Signer.Token(evil.Url, harness.Time.GetUtcNow());
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(byIssuer));
        Assert.Equal(0, evil.KeyRequests);
    }

    [Fact]
    public async Task KeyIdFlood_CausesOneFetchPerInterval()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await harness.Keys.RefreshAsync();

        await FloodAsync(harness);
        Assert.Equal(2, harness.Central.KeyRequests);
        harness.Time.Advance(TimeSpan.FromSeconds(29));
        await FloodAsync(harness);
        Assert.Equal(2, harness.Central.KeyRequests);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await FloodAsync(harness);
        Assert.Equal(3, harness.Central.KeyRequests);
    }

    [Fact]
    public async Task NewKey_IsAcceptedAtOnce_AndAWithdrawnOneNoMore()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string old = harness.Token();
        Assert.NotNull(await harness.BearerAsync(old));
        using var next = new TestSigner();
        harness.Central.Keys = context => context.Response.WriteAsync(TestSigner.KeySet(harness.Central.Signer.Jwk(), next.Jwk()));
        harness.Time.Advance(TimeSpan.FromSeconds(30));
        string token = next.Token(harness.Central.Url, harness.Time.GetUtcNow());
        Assert.NotNull(await harness.BearerAsync(token));
        Assert.NotNull(await harness.BearerAsync(old));

        harness.Central.Keys = context => context.Response.WriteAsync(TestSigner.KeySet(next.Jwk()));
        await harness.Keys.RefreshAsync();

        Assert.NotNull(await harness.BearerAsync(token));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(old));
    }

    [Fact]
    public async Task Outage_KeepsKeysForADay()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await harness.Keys.RefreshAsync();
        await harness.Central.StopAsync();

        harness.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.False(await harness.Keys.RefreshAsync());
        Assert.NotNull(await harness.BearerAsync(harness.Token()));
        Assert.True(harness.Keys.HasKeys);

        harness.Time.Advance(TimeSpan.FromSeconds(1));
        string token = harness.Token();
        AuthServiceUnavailableException failure = await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.BearerAsync(token));
        Assert.True(failure.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.False(harness.Keys.HasKeys);

        await harness.Central.StartAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await harness.BearerAsync(token));
    }

    [Fact]
    public async Task UnknownKey_Is503WhileKeysCannotBeFetched_And401AfterThat()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await harness.Keys.RefreshAsync();
        await harness.Central.StopAsync();
        using var stranger = new TestSigner();
        string token = stranger.Token(harness.Central.Url, harness.Time.GetUtcNow());
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.BearerAsync(token));
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.BearerAsync(token));

        await harness.Central.StartAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(token));
    }

    [Fact]
    public async Task ParallelRefreshes_ShareOneFetch()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        var release = new TaskCompletionSource();
        harness.Central.Keys = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(TestSigner.KeySet(harness.Central.Signer.Jwk()));
        };
        Task<bool>[] refreshes = [.. Enumerable.Range(0, 50).Select(_ => harness.Keys.RefreshAsync())];
        Task<CurrentUser?>[] requests = [.. Enumerable.Range(0, 50).Select(_ => harness.BearerAsync(harness.Token()))];

        release.SetResult();

        Assert.All(await Task.WhenAll(refreshes), Assert.True);
        Assert.All(await Task.WhenAll(requests), Assert.NotNull);
        Assert.Equal(1, harness.Central.KeyRequests);
    }

    [Fact]
    public async Task HangingCentralSite_Is503AfterTheTimeout()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        var release = new TaskCompletionSource();
        harness.Central.Keys = _ => release.Task;
        Task<CurrentUser?> request = harness.BearerAsync(harness.Token());
        await Wait.UntilAsync(() => harness.Central.KeyRequests == 1, "the keys were asked for");

        harness.Time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => request);
        release.SetResult();
    }

    [Theory]
    [InlineData("https://evil.example", "{0}")]
    [InlineData("{0}/", "{0}")]
    [InlineData("{0}", "http://127.0.0.1:1")]
    [InlineData("{0}", "http://user@{1}")]
    [InlineData("{0}", "https://{1}")]
    [InlineData("{0}", "")]
    [InlineData("{0}", "file://")]
    public async Task DiscoveryOfAnotherIssuerOrOrigin_IsNotFollowed(string issuer, string origin)
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        string host = new Uri(harness.Central.Url).Authority;
        string Fill(string form) => form.Replace("{0}", harness.Central.Url, StringComparison.Ordinal).Replace("{1}", host, StringComparison.Ordinal);
        harness.Central.Discovery = () => CentralSiteServer.Document(Fill(issuer), Fill(origin));

        Assert.False(await harness.Keys.RefreshAsync());
        Assert.Equal(0, harness.Central.KeyRequests);
    }

    [Fact]
    public async Task PublicIssuer_IsAskedAtTheInnerAddress()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions
        {
            Url = new Uri(central.Url),
            Issuer = "https://public.example",
        });
        harness.Central.Discovery = () => CentralSiteServer.Document("https://public.example");

        CurrentUser? user = await harness.BearerAsync(harness.Central.Signer.Token("https://public.example", harness.Time.GetUtcNow()));

        Assert.Equal("acme", user!.Tenant.Id);
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(harness.Token()));
    }

    [Fact]
    public void PathThatLooksLikeAHost_StaysAPath()
    {
        var options = new CentralSiteOptions { Url = new Uri("http://127.0.0.1:5000"), Issuer = "https://public.example" };
        string document = CentralSiteServer.Document("https://public.example", "https://public.example//evil.example");

        var metadata = CentralSiteMetadata.Read(System.Text.Encoding.UTF8.GetBytes(document), options);

        Assert.Equal(("127.0.0.1", 5000), (metadata.Keys.Host, metadata.Keys.Port));
    }

    private static async Task FloodAsync(AuthenticationHarness harness)
    {
        using var stranger = new TestSigner();
        string[] tokens = [.. Enumerable.Range(0, 100).Select(i =>
            stranger.Token(harness.Central.Url, harness.Time.GetUtcNow(), header: header => header["kid"] = $"kid-{i}-{Guid.NewGuid()}"))];
        await Task.WhenAll(tokens.Select(token => Task.Run(() => Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync(token)))));
    }

    private static async Task AnswerBadlyAsync(HttpContext context, string answer, TestSigner signer, TestSigner attacker, Action follow)
    {
        switch (answer)
        {
            case "status":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync(TestSigner.KeySet(attacker.Jwk()));
                break;
            case "html":
                await context.Response.WriteAsync("<html><title>Welcome</title></html>");
                break;
            case "empty":
                break;
            case "none usable":
                await context.Response.WriteAsync("""{"keys":[{"kty":"oct","k":"AAAA","kid":"a","use":"sig","alg":"HS256"}]}""");
                break;
            case "poisoned":
                var impostor = attacker.Jwk();
                impostor["kid"] = signer.KeyId;
                await context.Response.WriteAsync(TestSigner.KeySet(signer.Jwk(), impostor));
                break;
            case "huge":
                var padded = attacker.Jwk();
                padded["pad"] = new string('p', 70_000);
                await context.Response.WriteAsync(TestSigner.KeySet(padded));
                break;
            case "endless":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{\"keys\":[");
                for (int i = 0; i < 1000 && !context.RequestAborted.IsCancellationRequested; i++)
                {
                    await context.Response.WriteAsync(new string(' ', 1024));
                }

                break;
            case "list":
                await context.Response.WriteAsync($"[{attacker.Jwk().ToJsonString()}]");
                break;
            case "duplicate member":
                await context.Response.WriteAsync($$"""{"keys":[{{signer.Jwk().ToJsonString()}}],"keys":[{{attacker.Jwk().ToJsonString()}}]}""");
                break;
            case "no content":
                context.Response.StatusCode = 204;
                break;
            case "redirect" when context.Request.Query.ContainsKey("there"):
                follow();
                await context.Response.WriteAsync(TestSigner.KeySet(attacker.Jwk()));
                break;
            case "redirect":
                context.Response.Redirect("/oauth/jwks?there=1");
                break;
            default:
                context.Response.ContentLength = 500;
                await context.Response.WriteAsync("{\"keys\":[");
                context.Abort();
                break;
        }
    }
}
