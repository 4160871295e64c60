namespace Microservices.Central.Tests;

/// <summary>Locks and limits. Each test has a site of its own, since counts are what it is about; time stands still unless it is moved.</summary>
public sealed class LoginLimitTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private TestSite Site => _site!;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task FifthFailure_LocksTheAccount_ThenItIsFreeAgain()
    {
        await StartAsync();
        await FailAsync("alice", 5);

        var locked = await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequestsError", "60"), (locked.Status, locked.ErrorType, locked.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task EachLock_IsTwiceAsLongUpToAQuarterOfAnHour()
    {
        await StartAsync();
        foreach (var seconds in (int[])[60, 120, 240, 480, 900, 900])
        {
            await FailAsync("alice", 5);
            Assert.Equal(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), (await Site.TryLoginAsync("alice", "wrong")).Header("Retry-After"));
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public async Task NameOfNobody_IsLockedAlike()
    {
        await StartAsync();
        await FailAsync("nobody", 5);
        await FailAsync("alice", 5);

        var (nobody, alice) = (await Site.TryLoginAsync("NOBODY", "wrong"), await Site.TryLoginAsync("alice", "wrong"));

        Assert.Equal(HttpStatusCode.TooManyRequests, nobody.Status);
        Assert.Equal(nobody.Header("Retry-After"), alice.Header("Retry-After"));
        Assert.Equal(nobody.Json.GetProperty("message").GetString(), alice.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task UserNameAndAddress_AreOneCount()
    {
        await StartAsync();
        await FailAsync("alice", 3);
        await FailAsync("alice@acme.example", 2);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Site.TryLoginAsync("ALICE", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task ParallelGuesses_AreCountedOneByOne()
    {
        await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Site.TryLoginAsync("alice", $"guess {i}", ("X-Forwarded-For", $"10.0.0.{i}"))));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(35, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task CompleteLogin_ClearsTheCount()
    {
        await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await FailAsync("alice", 4);
            Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        }
    }

    [Fact]
    public async Task OneAddress_TriesTwentyTimesAMinute_WhateverItSaysItIs()
    {
        await StartAsync(settings => settings.Remove("rate_limit_per_ip_per_minute"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync($"name {i}", "wrong")).Status);
        }

        var refused = await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"), ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (refused.Status, refused.Header("Retry-After")));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task BehindATrustedProxy_EachClientHasItsOwnLimit()
    {
        await StartAsync(settings => settings["rate_limit_per_ip_per_minute"] = 2, ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"));
        async Task<HttpStatusCode> TryAsync(string forwarded) => (await Site.TryLoginAsync("nobody " + forwarded, "wrong", ("X-Forwarded-For", forwarded))).Status;

        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync("192.0.2.1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync("203.0.113.9, 192.0.2.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync("192.0.2.1, 10.1.2.3")); // the same client, by another proxy
        Assert.Equal(HttpStatusCode.Unauthorized, await TryAsync("192.0.2.2"));
    }

    [Fact]
    public async Task Client_GetsSoManyTokensAMinute()
    {
        await StartAsync(settings => settings["token_rate_limit_per_client_per_minute"] = 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("acme-app")).Status);
        }

        var refused = await Site.AskForTokenAsync("acme-app");
        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable", "60"), (refused.Status, refused.Error, refused.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("globex-app")).Status);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("acme-app")).Status);
    }

    [Fact]
    public async Task GuessedSecrets_LockTheClient_AndASuccessClearsTheCount()
    {
        await StartAsync(settings => settings["client_auth_max_failures"] = 3);
        async Task<Answer> GuessAsync() => await Site.PostFormAsync("/oauth/introspect", "token=x", Credentials.Basic("acme-app", "guess"));

        await GuessAsync();
        await GuessAsync();
        Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("acme-app")).Status);
        await GuessAsync();
        await GuessAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await GuessAsync()).Status);

        var locked = await Site.AskForTokenAsync("acme-app");
        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable"), (locked.Status, locked.Error));
        Assert.NotEqual("", locked.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("globex-app")).Status);
    }

    [Fact]
    public async Task StrangerWhoGuesses_LocksTheClientForNobodyElse()
    {
        await StartAsync(settings => (settings["client_auth_max_failures"], settings["token_rate_limit_per_client_per_minute"]) = (2, 2), ("TRUSTED_PROXIES", "127.0.0.1"));
        (string, string) From(string address) => ("X-Forwarded-For", address);
        async Task<HttpStatusCode> AskAsync(string secret, string address) =>
            (await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", secret), From(address))).Status;
        async Task<HttpStatusCode> AskInPublicAsync(string address) =>
            (await Site.PostFormAsync("/oauth/token", "grant_type=authorization_code&client_id=spa&code=x&redirect_uri=x&code_verifier=x", From(address))).Status;

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], [await AskAsync("guess", "192.0.2.1"), await AskAsync("guess", "192.0.2.1"), await AskAsync("guess", "192.0.2.1")]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(TestSeed.SecretOf("acme-app"), "192.0.2.2"));
        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests], [await AskInPublicAsync("192.0.2.1"), await AskInPublicAsync("192.0.2.1"), await AskInPublicAsync("192.0.2.1")]);
        Assert.Equal(HttpStatusCode.BadRequest, await AskInPublicAsync("192.0.2.2"));
    }

    [Fact]
    public async Task InventedClients_AreCountedByAddress_AndLeaveNoMoreThanTheLimitBehind()
    {
        await StartAsync(settings => settings["rate_limit_per_ip_per_minute"] = 3, ("TRUSTED_PROXIES", "127.0.0.1"));
        async Task<HttpStatusCode> AskAsync(string client, string secret, string address) =>
            (await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic(client, secret), ("X-Forwarded-For", address))).Status;
        async Task<string> RowsAsync() => (await _storage.SqlAsync("select count(*) from `tabLimit Counter`")).Single();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("invented " + i, "x", "192.0.2.1"));
        }

        var rows = await RowsAsync();
        for (var i = 3; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync("invented " + i, "x", "192.0.2.1"));
        }

        Assert.Equal(rows, await RowsAsync());
        Assert.Equal(HttpStatusCode.OK, await AskAsync("acme-app", TestSeed.SecretOf("acme-app"), "192.0.2.1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("invented", "x", "192.0.2.2"));
    }

    private async Task StartAsync(Action<System.Text.Json.Nodes.JsonObject>? change = null, params (string Name, string Value)[] settings)
    {
        var seed = TestSeed.Of("alice", "bob");
        change?.Invoke(seed["settings"]!.AsObject());
        _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = seed, Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value) });
    }

    private async Task FailAsync(string user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync(user, "wrong")).Status);
        }
    }
}
