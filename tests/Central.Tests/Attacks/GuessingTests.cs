using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

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

    [Fact]
    public async Task WorkOfALogin_DoesNotTellWhoIsAUser()
    {
        await using var storage = new SiteStorage();
        var hasher = new NotingHasher();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice", "dave"), PasswordHasher = hasher });

        foreach (var user in (string[])["alice", "nobody", "dave", "not\ta\tname"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.TryLoginAsync(user, "wrong")).Status);
        }

        Assert.Equal(Enumerable.Repeat(TestSeed.PasswordIterations, 4), hasher.Rounds);
    }

    /// <summary>Notes the rounds of each hash that a password is compared with: that is the time that a login takes.</summary>
    private sealed class NotingHasher : IPasswordHasher<object>
    {
        private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = TestSeed.PasswordIterations }));

        public ConcurrentQueue<int> Rounds { get; } = [];

        public string HashPassword(object user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword)
        {
            Rounds.Enqueue(BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hashedPassword).AsSpan(5))); // where Identity's version 3 has them
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    private static (string, string)[] From(int i) => [("X-Forwarded-For", $"10.1.{i}.1"), ("Forwarded", $"for=10.1.{i}.1"), ("X-Real-IP", $"10.1.{i}.1"), ("User-Agent", $"guesser {i}")];

    /// <summary>A site with small limits.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly SiteStorage _storage = new();

        public TestSite Site { get; private set; } = null!;

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
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await _storage.DisposeAsync();
        }
    }
}
