using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Attacks;

/// <summary>Guessing in parallel, with a new address forged for each guess: the counts are of the account, the client and the real peer.</summary>
public sealed class GuessingTests(GuessingTests.Fixture fixture) : IClassFixture<GuessingTests.Fixture>
{
    private const int ClientTries = 6;
    private const int AccountTries = 5;

    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task ClientSecrets_AreOneCount()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _site.PostFormAsync(
            i % 2 == 0 ? "/oauth/token" : "/oauth/introspect", "grant_type=client_credentials&token=x", [Credentials.Basic("narrow-app", $"guess {i}"), .. From(i)])));

        Assert.Equal(ClientTries, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(30 - ClientTries, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _site.AskForTokenAsync("narrow-app")).Status); // not even the right one, from here
    }

    [Fact]
    public async Task PasswordsOverEveryDoor_AreOneCount()
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await new Browser(_site).GetAsync("/login") is var page
            ? (Cookie: page.Header("Set-Cookie").Split(';')[0], Token: Browser.HiddenFields(page)["csrf_token"]) : default));

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => (i % 3) switch
        {
            0 => _site.TryLoginAsync("bob", $"guess {i}", From(i)),
            1 => _site.PostFormAsync("/login", $"usr=bob@acme.example&pwd=guess&csrf_token={Uri.EscapeDataString(pages[i / 3].Token)}", [("Cookie", pages[i / 3].Cookie), .. From(i)]),
            _ => _site.PostFormAsync("/oauth/token", "grant_type=password&username=BOB&password=guess", [Credentials.Basic("trusted", TestSeed.SecretOf("trusted")), .. From(i)]),
        }));

        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized), 0, AccountTries); // the grant says invalid_grant either way
        Assert.Equal(AccountTries, _site.Logs.Lines.Count(line => line.StartsWith("Audit: login refused, user u-bob", StringComparison.Ordinal) || line.StartsWith("Audit: login, account locked refused, user u-bob", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"), From(99))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _site.TryLoginAsync("carol", TestSeed.PasswordOf("carol"))).Status);
    }

    [Fact]
    public async Task UserCodes_AreOneCount()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        var token = Browser.HiddenFields(await browser.GetAsync("/device"))["csrf_token"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            browser.PostAsync("/device/decision", [("csrf_token", token), ("user_code", $"BCDF-GH{"BCDFGHJKLM"[i % 10]}{"NPQ"[i / 10]}"), ("decision", "allow")], From(i))));

        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.BadRequest), 1, 10);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests, answer.Text));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await flow.TypeAsync(browser)).Status);
    }

    /// <summary>The least of several times is the work itself, whatever else the machine does.</summary>
    [Fact]
    public async Task TimeOfALogin_DoesNotTellWhoIsAUser()
    {
        async Task<double> TimeAsync(string user)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Slow.TryLoginAsync(user, "wrong")).Status);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var (known, unknown, disabled) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < 8; i++)
        {
            known.Add(await TimeAsync("alice"));
            unknown.Add(await TimeAsync($"nobody{i}"));
            disabled.Add(await TimeAsync("dave"));
        }

        Assert.InRange(unknown.Min() / known.Min(), 0.6, 1.6);
        Assert.InRange(disabled.Min() / known.Min(), 0.6, 1.6);
    }

    private static (string, string)[] From(int i) => [("X-Forwarded-For", $"10.1.{i}.1"), ("Forwarded", $"for=10.1.{i}.1"), ("X-Real-IP", $"10.1.{i}.1"), ("User-Agent", $"guesser {i}")];

    /// <summary>A site with small limits, and one whose hashing takes its time.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private const int Rounds = 50_000;

        private readonly SiteStorage _storage = new();
        private readonly SiteStorage _slowStorage = new();

        public TestSite Site { get; private set; } = null!;

        public TestSite Slow { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var seed = TestSeed.Of("alice", "bob", "carol");
            (seed["settings"]!["client_auth_max_failures"], seed["settings"]!["password_grant_enabled"]) = (ClientTries, true);
            seed["clients"]!.AsArray().Add(new JsonObject
            {
                ["client_id"] = "trusted",
                ["client_secret"] = TestSeed.SecretOf("trusted"),
                ["grant_types"] = new JsonArray("password"),
                ["first_party"] = true,
                ["password_grant"] = true,
                ["scope"] = "openid",
            });
            Site = await _storage.StartAsync(new SiteOptions { Seed = seed });

            var slow = TestSeed.Of("alice", "dave");
            slow["settings"]!["login_max_failures_per_account"] = 1000;
            foreach (var user in slow["users"]!.AsArray())
            {
                user!.AsObject().Remove("password_hash");
                user["password"] = TestSeed.PasswordOf((string)user["username"]!);
            }

            Slow = await _slowStorage.StartAsync(new SiteOptions { Seed = slow, PasswordIterations = Rounds });
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await Slow.DisposeAsync();
            await _storage.DisposeAsync();
            await _slowStorage.DisposeAsync();
        }
    }
}
