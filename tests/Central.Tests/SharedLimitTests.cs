using System.Text.Json.Nodes;

namespace Microservices.Central.Tests;

/// <summary>Limits hold over all processes of a site: two sites on one database, whose time stands still unless it is moved.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<TestSite> _sites = [];

    private TestSite One => _sites[0];

    private TestSite Two => _sites[1];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task ParallelGuesses_AreCountedOneByOneOverBothProcesses()
    {
        await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _sites[i % 2].TryLoginAsync("alice", $"guess {i}")));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(35, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task LockOfOneProcess_HoldsInTheOtherAndAfterARestart_ThenItIsFreeAgain()
    {
        await StartAsync();
        await FailAsync(One, "alice", 3);
        await FailAsync(Two, "alice", 2);

        var locked = await One.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (locked.Status, locked.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await Two.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);

        _sites.Add(await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = TestSeed.Of("alice", "bob") }));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _sites[2].TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await Two.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task LoginAtOneProcess_ClearsTheCountOfTheOther()
    {
        await StartAsync();
        await FailAsync(One, "alice", 4);
        Assert.Equal(HttpStatusCode.OK, (await Two.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);

        await FailAsync(One, "alice", 4);
        Assert.Equal(HttpStatusCode.OK, (await Two.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task Failures_AreForgottenAfterADay()
    {
        await StartAsync();
        await FailAsync(One, "alice", 4);
        _clock.Skip(TimeSpan.FromDays(1));

        await FailAsync(One, "alice", 4);

        Assert.Equal(HttpStatusCode.OK, (await One.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task OneAddress_HasOneCountOverBothProcesses()
    {
        await StartAsync(settings => settings["rate_limit_per_ip_per_minute"] = 8);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _sites[i % 2].TryLoginAsync($"nobody {i}", "wrong")));

        Assert.Equal(8, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Unauthorized), answer => Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (answer.Status, answer.Header("Retry-After"))));
    }

    [Fact]
    public async Task Client_GetsSoManyTokensAMinuteOfBothProcessesTogether()
    {
        await StartAsync(settings => settings["token_rate_limit_per_client_per_minute"] = 10);
        for (var minute = 0; minute < 2; minute++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _sites[i % 2].AskForTokenAsync("acme-app")));

            Assert.Equal(10, answers.Count(answer => answer.Status == HttpStatusCode.OK));
            Assert.Equal(30, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task ParallelGuessesAtAClientsSecret_AreCountedOneByOneOverBothProcesses()
    {
        await StartAsync(settings => settings["client_auth_max_failures"] = 6);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _sites[i % 2].PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", $"guess {i}"))));

        Assert.Equal(6, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(34, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Two.AskForTokenAsync("acme-app")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Two.AskForTokenAsync("globex-app")).Status);
    }

    [Fact]
    public async Task Counters_TellNoNamesAndNoAddresses()
    {
        await StartAsync();
        await FailAsync(One, "alice", 1);
        await FailAsync(One, "nobody", 1);

        var names = await CountersAsync();

        Assert.Equal(3, names.Count); // two accounts and an address
        Assert.All(names, name => Assert.Matches("^[0-9a-f]{64}$", name));
    }

    [Fact]
    public async Task CountersWhoseTimeIsOver_AreDeleted()
    {
        await StartAsync();
        await FailAsync(One, "alice", 5);
        await One.AskForTokenAsync("acme-app");
        Assert.NotEmpty(await CountersAsync());
        _clock.Skip(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        for (var minutes = 0; (await CountersAsync()).Count > 0; minutes++)
        {
            Assert.True(minutes < 500, "The counters are still there.");
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task CountersOutOfReach_LetNothingPass()
    {
        await StartAsync();
        await _storage.SqlAsync("alter table `tabLimit Counter` rename to `tabElsewhere`");

        Assert.Equal(HttpStatusCode.InternalServerError, (await One.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await One.AskForTokenAsync("acme-app")).Status);

        await _storage.SqlAsync("alter table `tabElsewhere` rename to `tabLimit Counter`");
        Assert.Equal(HttpStatusCode.OK, (await One.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    private async Task StartAsync(Action<JsonObject>? change = null)
    {
        var seed = TestSeed.Of("alice", "bob");
        change?.Invoke(seed["settings"]!.AsObject());
        for (var i = 0; i < 2; i++)
        {
            _sites.Add(await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = (JsonObject)seed.DeepClone() }));
        }
    }

    private Task<List<string>> CountersAsync() => _storage.SqlAsync("select name from `tabLimit Counter`");

    private static async Task FailAsync(TestSite site, string user, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.TryLoginAsync(user, "wrong")).Status);
        }
    }
}
