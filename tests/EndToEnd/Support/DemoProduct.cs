namespace Microservices.EndToEnd.Support;

/// <summary>A running product that many tests share, and its demo's callers, each signed in once.</summary>
public sealed class DemoProduct : RunningProduct
{
    private readonly Dictionary<string, ApiClient> _callers = [];

    /// <summary>The ways to sign in as someone of Acme.</summary>
    public static TheoryData<string> Credentials => ["token", "api key", "session"];

    /// <summary>Someone of Globex.</summary>
    public ApiClient Other => _callers["other"];

    /// <summary>Rates that people keep, and a run of tests does not.</summary>
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["SIGNUPS_PER_MINUTE"] = "1000",
        ["CENTRAL_RATE_LIMIT_PER_IP_PER_MINUTE"] = "1000",
    };

    /// <summary>Someone of Acme, signed in as one of <see cref="Credentials"/>.</summary>
    public ApiClient Acme(string credential = "token") => _callers[credential];

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _callers["token"] = new(Address, "Authorization", $"Bearer {await SignIn.TokenAsync(Address, Demo("CLIENT_ID"), Demo("CLIENT_SECRET"))}");
        _callers["api key"] = new(Address, "Authorization", $"token {Demo("API_KEY")}:{Demo("API_SECRET")}");
        _callers["session"] = new(Address, "Cookie", await SignIn.SessionAsync(Address, Demo("USR"), Demo("PASSWORD")));
        _callers["other"] = new(Address, "Authorization", $"Bearer {await SignIn.TokenAsync(Address, Demo("OTHER_CLIENT_ID"), Demo("OTHER_CLIENT_SECRET"))}");
    }
}

/// <summary>The tests that share one product.</summary>
[CollectionDefinition(nameof(DemoCollection))]
public sealed class DemoCollection : ICollectionFixture<DemoProduct>;
