using System.Text.Json.Nodes;

namespace Microservices.Central.Tests.Support;

/// <summary>One seeded site for the tests of a class, with a clock of its own and a user of tenant acme for each test: what one test does to its user is nothing to the others.</summary>
public sealed class PeopleFixture : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private int _people;

    public TestSite Site { get; private set; } = null!;

    internal ManualTimeProvider Clock { get; } = new();

    public async ValueTask InitializeAsync() => Site = await _storage.StartAsync(new SiteOptions
    {
        Clock = Clock,
        Seed = TestSeed.Create(AddPeople),
        Settings = new Dictionary<string, string> { ["TRUSTED_PROXIES"] = "127.0.0.1" },
    });

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    /// <summary>A user that no other test has: System Manager and Sales User in acme, with a key named like the user and <c>-key</c>.</summary>
    public string NextPerson() => $"person{_people++:00}";

    /// <summary>Signs a user in in a browser of its own.</summary>
    public async Task<Browser> LoginAsync(string user)
    {
        var browser = new Browser(Site);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LoginAsync(user)).Status);
        return browser;
    }

    private static void AddPeople(JsonObject seed)
    {
        for (var i = 0; i < 60; i++)
        {
            var name = $"person{i:00}";
            seed["users"]!.AsArray().Add(TestSeed.User(name, "acme", "System Manager", "Sales User"));
            seed["api_keys"]!.AsArray().Add(new JsonObject { ["key"] = name + "-key", ["secret"] = $"secret-of-{name}-key", ["user"] = name, ["tenant"] = "acme" });
        }
    }
}
