using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Security;

public sealed class IntrospectionClientTests
{
    [Fact]
    public async Task ActiveSession_SpeaksForItsUser_AndIsAskedOnce()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");

        for (int i = 0; i < 3; i++)
        {
            CurrentUser? user = await harness.SessionAsync("s1");
            Assert.Equal(("u-1", "ann@acme.example", "acme", CredentialKind.Session), (user!.Subject, user.Name, user.Tenant.Id, user.Kind));
        }

        Assert.Equal(1, harness.Central.Introspections);
        Assert.DoesNotContain("Cookie", Assert.Single(harness.Central.IntrospectionHeaders).Keys);
    }

    [Fact]
    public async Task ApiKey_SpeaksForItsUser_InEverySpelling()
    {
        await using AuthenticationHarness harness = await StartAsync("api_key key:secret");
        foreach (string header in (string[])["token key:secret", "Token key:secret", "TOKEN  key:secret", "Basic a2V5OnNlY3JldA==", "basic a2V5OnNlY3JldA=="])
        {
            CurrentUser? user = await harness.Authenticator.AuthenticateAsync(AuthenticationHarness.Request(header));
            Assert.Equal(CredentialKind.ApiKey, user!.Kind);
        }

        Assert.Equal(1, harness.Central.Introspections);
    }

    [Fact]
    public async Task ApiKey_IsAskedAboutOnceForEachAddress_AndOnlyTrustedProxiesTellAddresses()
    {
        var asked = new ConcurrentQueue<string>();
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions
        {
            Url = new Uri(central.Url),
            ClientId = CentralSiteServer.ClientId,
            ClientSecret = CentralSiteServer.ClientSecret,
            TrustedProxies = [IPNetwork.Parse("10.0.0.0/8")],
        });
        harness.Central.Introspection = async context =>
        {
            string address = (await context.Request.ReadFormAsync())["client_address"].ToString();
            asked.Enqueue(address);
            await context.Response.WriteAsync(address == "192.0.2.7" ? harness.Central.Active(harness.Time.GetUtcNow()).ToJsonString() : """{"active":false}""");
        };

        for (int i = 0; i < 2; i++)
        {
            Assert.NotNull(await FromAsync("192.0.2.7", null));
            Assert.NotNull(await FromAsync("10.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2"));
            await Assert.ThrowsAsync<AuthenticationException>(() => FromAsync("198.51.100.1", "192.0.2.7"));
        }

        Assert.Equal(["192.0.2.7", "198.51.100.1"], asked);

        async Task<CurrentUser?> FromAsync(string peer, string? forwardedFor)
        {
            DefaultHttpContext context = AuthenticationHarness.Request("token key:secret");
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            context.Request.Headers["X-Forwarded-For"] = forwardedFor;
            return await harness.Authenticator.AuthenticateAsync(context);
        }
    }

    [Fact]
    public async Task ApiKeyForEveryAddress_IsAskedAboutOnce_AndFillsNoCache()
    {
        await using AuthenticationHarness harness = await StartAsync("api_key key:secret");
        harness.Central.Credentials["api_key key:secret"]["client_address_bound"] = false;

        for (int i = 1; i <= 50; i++)
        {
            DefaultHttpContext context = AuthenticationHarness.Request("token key:secret");
            context.Connection.RemoteIpAddress = IPAddress.Parse($"192.0.2.{i}");
            Assert.NotNull(await harness.Authenticator.AuthenticateAsync(context));
        }

        Assert.Equal(1, harness.Central.Introspections);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("\"false\"")]
    [InlineData("0")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task ApiKeyThatIsNotSaidToBeForEveryAddress_IsAskedAboutForEach(string? said)
    {
        await using AuthenticationHarness harness = await StartAsync("api_key key:secret");
        if (said is not null)
        {
            harness.Central.Credentials["api_key key:secret"]["client_address_bound"] = JsonNode.Parse(said);
        }

        foreach (string address in (string[])["192.0.2.7", "192.0.2.8", "192.0.2.7"])
        {
            DefaultHttpContext context = AuthenticationHarness.Request("token key:secret");
            context.Connection.RemoteIpAddress = IPAddress.Parse(address);
            Assert.NotNull(await harness.Authenticator.AuthenticateAsync(context));
        }

        Assert.Equal(2, harness.Central.Introspections);
    }

    [Fact]
    public async Task CredentialOfOneKind_IsNotOneOfAnother()
    {
        await using AuthenticationHarness harness = await StartAsync("api_key key:secret");
        Assert.NotNull(await harness.ApiKeyAsync("key:secret"));

        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("key:secret"));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.BearerAsync("key:secret"));
    }

    [Fact]
    public async Task Answers_AreRememberedForTheirTimes()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        await harness.SessionAsync("s1");
        harness.Central.Credentials.Clear();
        harness.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.NotNull(await harness.SessionAsync("s1"));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        AuthenticationException ended = await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s1"));
        Assert.True(ended.SessionExpired);
        Assert.Equal(2, harness.Central.Introspections);

        harness.Central.Credentials["session s1"] = harness.Central.Active(harness.Time.GetUtcNow());
        harness.Time.Advance(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s1"));
        Assert.Equal(2, harness.Central.Introspections);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await harness.SessionAsync("s1"));
    }

    [Fact]
    public async Task Answer_IsNeverRememberedPastItsEnd()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        harness.Central.Credentials["session s1"]["exp"] = harness.Time.GetUtcNow().AddSeconds(10).ToUnixTimeSeconds();
        Assert.NotNull(await harness.SessionAsync("s1"));

        harness.Time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s1"));
    }

    [Theory]
    [InlineData("active", "\"true\"")]
    [InlineData("active", "1")]
    [InlineData("active", "false")]
    [InlineData("active", null)]
    [InlineData("iss", "\"https://evil.example\"")]
    [InlineData("iss", null)]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", null)]
    [InlineData("tenant", "\"*\"")]
    [InlineData("tenant", null)]
    [InlineData("exp", "0")]
    [InlineData("exp", "\"9999999999\"")]
    [InlineData("exp", null)]
    [InlineData("roles", "\"Administrator\"")]
    [InlineData("roles", "[1]")]
    [InlineData("active", "\"True\"")]
    [InlineData("active", "[true]")]
    [InlineData("active", "{}")]
    [InlineData("active", "null")]
    [InlineData("iss", "[\"{0}\"]")]
    [InlineData("iss", "\"{0}/\"")]
    [InlineData("sub", "7")]
    [InlineData("tenant", "[\"acme\"]")]
    [InlineData("tenant", "\"Acme\"")]
    [InlineData("tenant", "\"\"")]
    [InlineData("exp", "1e9")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "null")]
    [InlineData("scope", "[\"all\"]")]
    [InlineData("username", "7")]
    public async Task IncompleteAnswer_IsNotActive(string member, string? json)
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        JsonObject answer = harness.Central.Credentials["session s1"];
        answer.Remove(member);
        if (json is not null)
        {
            answer[member] = JsonNode.Parse(json.Replace("{0}", harness.Central.Url, StringComparison.Ordinal));
        }

        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s1"));
    }

    [Theory]
    [InlineData(500, "{\"active\":false}")]
    [InlineData(401, "{\"active\":false}")]
    [InlineData(429, "{\"active\":false}")]
    [InlineData(302, "")]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"active\":true,\"active\":false}")]
    [InlineData(200, "true")]
    [InlineData(200, "null")]
    [InlineData(200, "{\"active\":false}{\"active\":false}")]
    [InlineData(201, "{\"active\":false}")]
    [InlineData(204, "")]
    [InlineData(307, "")]
    [InlineData(403, "{\"active\":false}")]
    [InlineData(404, "")]
    public async Task BadAnswer_Is503_NotRefusal(int status, string body)
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        harness.Central.Introspection = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/oauth/introspect";
            await context.Response.WriteAsync(body);
        };

        AuthServiceUnavailableException failure = await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s1"));

        Assert.Equal(503, failure.StatusCode);
        Assert.True(failure.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal(1, harness.Central.Introspections);
    }

    [Fact]
    public async Task HugeAnswer_Is503()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        harness.Central.Introspection = async context =>
        {
            JsonObject answer = harness.Central.Active(harness.Time.GetUtcNow());
            answer["pad"] = new string('p', 70_000);
            await context.Response.WriteAsync(answer.ToJsonString());
        };
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s1"));
    }

    [Fact]
    public async Task Guesses_AreAskedOnceEach_AndForgetNobody()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions
        {
            Url = new Uri(central.Url),
            ClientId = CentralSiteServer.ClientId,
            ClientSecret = CentralSiteServer.ClientSecret,
            CacheSize = 4,
        });
        harness.Central.Credentials["session s1"] = harness.Central.Active(harness.Time.GetUtcNow());
        Assert.NotNull(await harness.SessionAsync("s1"));
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync($"guess-{i}"));
            await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync($"guess-{i}"));
        }

        Assert.Equal(21, harness.Central.Introspections);
        Assert.NotNull(await harness.SessionAsync("s1"));
        Assert.Equal(21, harness.Central.Introspections);
    }

    [Fact]
    public async Task Outage_AnswersFromMemory_ThenWith503_AndBacksOff()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        await harness.SessionAsync("s1");
        await harness.Central.StopAsync();
        Assert.NotNull(await harness.SessionAsync("s1"));
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s2"));

        await harness.Central.StartAsync();
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s2"));
        Assert.Equal(1, harness.Central.Introspections);
        Assert.NotNull(await harness.SessionAsync("s1"));

        harness.Time.Advance(TimeSpan.FromSeconds(0.25));
        await Assert.ThrowsAsync<AuthenticationException>(() => harness.SessionAsync("s2"));
        Assert.Equal(2, harness.Central.Introspections);
    }

    [Fact]
    public async Task ColdStartWithoutCentralSite_Is503_ThenRecovers()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        await harness.Central.StopAsync();
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s1"));
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.ApiKeyAsync("key:secret"));

        await harness.Central.StartAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await harness.SessionAsync("s1"));
    }

    [Fact]
    public async Task ParallelRequests_ShareOneQuestion()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        var release = new TaskCompletionSource();
        harness.Central.Introspection = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(harness.Central.Credentials["session s1"].ToJsonString());
        };
        Task<CurrentUser?>[] requests = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(() => harness.SessionAsync("s1")))];
        await Wait.UntilAsync(() => harness.Central.Introspections > 0, "the central site was asked");

        release.SetResult();

        Assert.All(await Task.WhenAll(requests), Assert.NotNull);
        Assert.Equal(1, harness.Central.Introspections);
    }

    [Fact]
    public async Task CallerWhoLeaves_DoesNotEndTheQuestionOfOthers()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        await harness.Keys.RefreshAsync();
        var release = new TaskCompletionSource();
        harness.Central.Introspection = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync(harness.Central.Credentials["session s1"].ToJsonString());
        };
        using var leaving = new CancellationTokenSource();
        Task<CurrentUser?> first = harness.Introspection.FindAsync("s1", CredentialKind.Session, clientAddress: null, leaving.Token).AsTask();
        Task<CurrentUser?> second = harness.SessionAsync("s1");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        release.SetResult();

        Assert.NotNull(await second);
        Assert.Equal(1, harness.Central.Introspections);
    }

    [Fact]
    public async Task HangingCentralSite_Is503AfterTheTimeout()
    {
        await using AuthenticationHarness harness = await StartAsync("session s1");
        var release = new TaskCompletionSource();
        harness.Central.Introspection = _ => release.Task;
        Task<CurrentUser?> request = harness.SessionAsync("s1");
        await Wait.UntilAsync(() => harness.Central.Introspections == 1, "the central site was asked");

        harness.Time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => request);
        release.SetResult();
    }

    [Fact]
    public async Task ServiceWithoutClientCredentials_AnswersSessionsWith503()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync(central => new CentralSiteOptions { Url = new Uri(central.Url) });

        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => harness.SessionAsync("s1"));
        Assert.NotNull(await harness.BearerAsync(harness.Token()));
        Assert.Equal(0, harness.Central.Introspections);
    }

    [Fact]
    public void Failures_DoubleThePause_UpToTheLimit_AndSuccessEndsIt()
    {
        var time = new ManualTimeProvider();
        var backOff = new BackOff(time, TimeSpan.FromSeconds(30));
        Assert.True(backOff.Remaining <= TimeSpan.Zero);
        for (double whole = 0.25; whole < 200; whole *= 2)
        {
            backOff.Failed();
            backOff.Failed();
            Assert.InRange(backOff.Remaining.TotalSeconds, Math.Min(whole, 30) / 2, Math.Min(whole, 30));
            time.Advance(backOff.Remaining);
        }

        backOff.Failed();
        backOff.Succeeded();
        Assert.True(backOff.Remaining <= TimeSpan.Zero);
    }

    private static async Task<AuthenticationHarness> StartAsync(string credential)
    {
        AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        harness.Central.Credentials[credential] = harness.Central.Active(harness.Time.GetUtcNow());
        return harness;
    }
}
