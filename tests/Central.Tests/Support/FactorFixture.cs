using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Support;

/// <summary>Two processes of one site whose clock the tests move on, and users with an authenticator app, a new one for each test.</summary>
public sealed class FactorFixture : IAsyncLifetime
{
    public const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private const int Users = 60;

    private int _withApp;
    private int _plain;

    internal SiteStorage Storage { get; } = new();

    internal ManualTimeProvider Clock { get; } = new();

    public TestSite Site { get; private set; } = null!;

    /// <summary>The other process.</summary>
    public TestSite Other { get; private set; } = null!;

    internal AuthenticatorApp App => new(Secret, Clock);

    /// <summary>A user of acme with an app that no other test has signed in as.</summary>
    public string NextUserWithApp() => $"app-{Interlocked.Increment(ref _withApp)}";

    /// <summary>A user of acme without one.</summary>
    public string NextUser() => $"plain-{Interlocked.Increment(ref _plain)}";

    public async ValueTask InitializeAsync()
    {
        Site = await Storage.StartAsync(new SiteOptions { Clock = Clock, Seed = Seed() });
        Other = await Storage.StartAsync(new SiteOptions { Clock = Clock, Seed = Seed() });
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Other.DisposeAsync();
        await Storage.DisposeAsync();
    }

    /// <summary>The seed, with a tenant that requires a second factor.</summary>
    internal static JsonObject Seed() => TestSeed.Create(seed =>
    {
        var users = seed["users"]!.AsArray();
        for (var i = 1; i <= Users; i++)
        {
            var user = TestSeed.User($"app-{i}", "acme", "Sales User");
            user["totp_secret"] = Secret;
            users.Add((JsonNode)user);
            users.Add((JsonNode)TestSeed.User($"plain-{i}", "acme", "Sales User"));
        }

        var manager = TestSeed.User("gil", "globex", "System Manager");
        manager["totp_secret"] = Secret;
        users.Add((JsonNode)manager);
        seed["tenants"]!.AsArray().Add(new JsonObject { ["id"] = "strict", ["name"] = "Strict & Co", ["require_second_factor"] = true });
        foreach (var name in (string[])["sam", "sue", "sid"])
        {
            users.Add((JsonNode)TestSeed.User(name, "strict", "Sales User"));
        }
    });

    /// <summary>Makes a user a member of a further tenant.</summary>
    internal async Task JoinAsync(string user, string tenant)
    {
        var answer = await Site.PostJsonAsync("/api/resource/Tenant Membership", new { user_id = "u-" + user, tenant }, Credentials.Sid(await Site.LoginAsync("root")));
        Assert.True(answer.Status == HttpStatusCode.Created, $"{answer.Status} {answer.Text}");
    }

    /// <summary>Begins a login at the API and returns its <c>tmp_id</c>.</summary>
    internal async Task<string> BeginAsync(string user, TestSite? site = null)
    {
        var answer = await (site ?? Site).TryLoginAsync(user, TestSeed.PasswordOf(user));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json.GetProperty("tmp_id").GetString()!;
    }

    /// <summary>Sends the code of a login at the API.</summary>
    internal Task<Answer> AnswerAsync(string tmpId, string code, TestSite? site = null, params (string Name, string Value)[] headers) =>
        (site ?? Site).PostFormAsync("/api/method/login", $"tmp_id={Uri.EscapeDataString(tmpId)}&otp={Uri.EscapeDataString(code)}", headers);

    /// <summary>Signs a user in at the API, second factor included.</summary>
    internal async Task<string> LoginAsync(string user)
    {
        Clock.Advance(TimeSpan.FromSeconds(30));
        var answer = await AnswerAsync(await BeginAsync(user), App.Code());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Cookie("sid")!;
    }
}
