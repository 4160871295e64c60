using Central.Commands;

namespace Microservices.Central.Tests;

/// <summary>Operators' commands, beside a site that runs on the same database.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private const string Email = "operator@site.example";
    private const string Password = "nine lanterns over the harbour";

    private readonly SiteStorage _storage = new();
    private readonly SiteOptions _options = new() { Seed = TestSeed.Of("alice", "bob", "root") };
    private TestSite? _site;

    private TestSite Site => _site!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(_options);

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task Keys_AreListedRotatedAndWithdrawn()
    {
        var kid = (await Site.GetAsync("/oauth/jwks")).Json.GetProperty("keys")[0].GetProperty("kid").GetString()!;
        var (token, sid) = (await Site.TokenAsync("acme-app"), await Site.LoginAsync("alice"));

        Assert.Matches($"^{kid}  signs  from ....-..-.. ..:..:..Z\n$", (await DoneAsync("keys list")).Replace("\r", "", StringComparison.Ordinal));
        Assert.StartsWith("Made key ", await DoneAsync("keys rotate"), StringComparison.Ordinal);
        Assert.Equal([" signs", " next "], (await DoneAsync("keys list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Substring(44, 6)));

        Assert.Contains("follow within ten seconds", await DoneAsync($"keys compromise {kid}"), StringComparison.Ordinal);
        await UntilAsync(async () => (await Site.IntrospectAsync("acme-app", token)).Text == """{"active":false}""");
        Assert.DoesNotContain(kid, (await Site.GetAsync("/oauth/jwks")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(sid)).Status);
        Assert.Equal("central: There is no such key.", await FailedAsync($"keys compromise {kid}"));

        var signing = (await DoneAsync("keys list")).Split('\n').First(line => line.Contains(" signs ", StringComparison.Ordinal))[..43];
        Assert.Contains("Ended 1 sessions.", await DoneAsync($"keys compromise {signing} --end-sessions"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await WhoAsync(sid)).Status);
    }

    [Fact]
    public async Task Administrator_IsMadeWithThePasswordOfTheInput()
    {
        Assert.Contains("a Platform Administrator", await DoneAsync($"users create-admin {Email}", Password + "\n"), StringComparison.Ordinal);

        var sid = (await Site.TryLoginAsync(Email, Password)).Cookie("sid")!;
        Assert.Equal(HttpStatusCode.OK, (await Site.GetAsync("/api/resource/OAuth Client", Credentials.Sid(sid))).Status);
        Assert.Equal("central: A user with this user name or e-mail address is there already", await FailedAsync($"users create-admin {Email}", Password));
        Assert.Contains("at least 15 characters", await FailedAsync("users create-admin other@site.example", "hunter2"), StringComparison.Ordinal);
        Assert.Equal("central: The password comes on standard input, and nothing came.", await FailedAsync("users create-admin other@site.example"));
        Assert.Equal("central: That is not an e-mail address", await FailedAsync("users create-admin nobody", Password));
    }

    [Fact]
    public async Task Administrator_IsMadeBeforeTheFirstStart()
    {
        await using var storage = new SiteStorage();
        var options = new SiteOptions { Seed = null };
        await RunAsync(storage, options, $"users create-admin {Email}", Password);

        await using var site = await storage.StartAsync(options);

        Assert.Equal(HttpStatusCode.OK, (await site.TryLoginAsync(Email, Password)).Status);
    }

    [Fact]
    public async Task DisabledUser_IsOutAtOnce_AndMayComeBack()
    {
        var (sid, key) = (await Site.LoginAsync("bob"), Credentials.Key(TestSeed.PairOf("bob-key")));

        Assert.Equal("bob (u-bob): disabled, sessions and API keys ended.", (await DoneAsync("users disable bob@acme.example")).Trim());
        Assert.Equal(HttpStatusCode.Forbidden, (await WhoAsync(sid)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Site.GetAsync("/api/method/auth.whoami", key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);

        await DoneAsync("users enable u-bob");
        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await WhoAsync(sid)).Status);
        Assert.Equal("central: There is no such user.", await FailedAsync("users disable nobody"));
    }

    [Fact]
    public async Task NewPassword_ComesFromTheInputAndEndsSessions()
    {
        var sid = await Site.LoginAsync("bob");

        Assert.Contains("at least 15 characters", await FailedAsync("users set-password bob", "short"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await WhoAsync(sid)).Status);
        Assert.DoesNotContain(Password, await DoneAsync("users set-password bob", Password), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await WhoAsync(sid)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Site.TryLoginAsync("bob", TestSeed.PasswordOf("bob"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("bob", Password)).Status);
    }

    [Fact]
    public async Task EndedSessions_AreThoseOfTheUserAlone()
    {
        var (bob, alice) = (await Site.LoginAsync("bob"), await Site.LoginAsync("alice"));

        Assert.Equal("bob (u-bob): 1 sessions ended.", (await DoneAsync("users end-sessions bob")).Trim());

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), ((await WhoAsync(bob)).Status, (await WhoAsync(alice)).Status));
    }

    [Fact]
    public async Task SecondFactors_AreRemoved() => Assert.Equal("bob (u-bob): second factors removed.", (await DoneAsync("users remove-factors bob")).Trim());

    [Fact]
    public async Task ClientSecret_IsPrintedAndWorksBesideTheOldOne()
    {
        var secret = (await DoneAsync("clients secret acme-app")).Trim();

        Assert.Equal(HttpStatusCode.OK, (await Site.PostFormAsync("/oauth/token", "grant_type=client_credentials", Credentials.Basic("acme-app", secret))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Site.AskForTokenAsync("acme-app")).Status);
        Assert.Equal("central: There is no such client", await FailedAsync("clients secret nobody"));
        Assert.Equal("central: This client does not prove itself with a secret", await FailedAsync("clients secret spa"));
    }

    [Fact]
    public async Task Audit_IsFilteredAndPrintedForPeopleAndPrograms()
    {
        await Site.LoginAsync("alice");
        await Site.TryLoginAsync("bob", "wrong");
        await DoneAsync("users disable bob");

        Assert.Matches("^20..-..-.. ..:..:..Z  login  ok  user=u-alice  tenant=acme  reference=[0-9a-f]{64}  address=127.0.0.1  request=[^ ]+\n$", (await DoneAsync("audit --user alice")).Replace("\r", "", StringComparison.Ordinal));
        var events = JsonDocument.Parse(await DoneAsync("audit --json --user bob")).RootElement;
        Assert.Equal([("user disabled", "command line"), ("login", "")], events.EnumerateArray().Select(entry => (entry.GetProperty("event").GetString()!, entry.GetProperty("user_agent").GetString()!)));
        Assert.Equal("refused", Assert.Single(JsonDocument.Parse(await DoneAsync("audit --json --user bob --event login")).RootElement.EnumerateArray()).GetProperty("outcome").GetString());
        Assert.Single(JsonDocument.Parse(await DoneAsync("audit --json --limit 1")).RootElement.EnumerateArray());
        Assert.Equal("[]", (await DoneAsync("audit --json --since 2999-01-01")).Trim());
        Assert.NotEqual("[]", (await DoneAsync("audit --json --since 2001-01-31T12:00:00Z")).Trim());
        Assert.Contains("--since is a time", (await RunAsync("audit --since yesterday")).Error, StringComparison.Ordinal);
        Assert.Contains("--limit is a number", (await RunAsync("audit --limit 0")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_CountsEverythingAndShowsNoSecretOrHash()
    {
        var sid = await Site.LoginAsync("alice");
        var token = await Site.TokenAsync("acme-app");
        await Site.TryLoginAsync("bob", "wrong");
        var text = await DoneAsync("store dump");

        var platform = JsonDocument.Parse(text).RootElement.GetProperty("platform");
        Assert.Equal(3, platform.GetProperty("Account").GetProperty("count").GetInt32());
        Assert.Equal("u-alice", platform.GetProperty("Session").GetProperty("rows")[0].GetProperty("user_id").GetString());
        Assert.Contains(platform.GetProperty("OAuth Client").GetProperty("rows").EnumerateArray(), row => row.GetProperty("name").GetString() == "acme-app");
        Assert.True(platform.GetProperty("Stored Secret").GetProperty("count").GetInt32() > 0);
        Assert.Equal(2, JsonDocument.Parse(text).RootElement.GetProperty("acme").GetProperty("User").GetProperty("count").GetInt32());
        var stored = new List<string> { sid, token };
        foreach (var sql in (string[])["select `name` from `tabSession`", "select `hash` from `tabStored Secret`", "select `password_hash` from `tabAccount`", "select `encrypted_private_key` from `tabSigning Key`", "select `name` from `tabLimit Counter`"])
        {
            var values = await _storage.SqlAsync(sql);
            Assert.NotEmpty(values);
            stored.AddRange(values);
        }

        Assert.All(stored, value => Assert.DoesNotContain(value, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("nonsense")]
    [InlineData("keys list --jsn")]
    [InlineData("keys compromise")]
    [InlineData("users disable")]
    public async Task CommandThatIsNone_IsRefused(string command)
    {
        var (code, _, error) = await RunAsync(command);

        Assert.Equal(1, code);
        Assert.NotEqual("", error);
    }

    [Fact]
    public async Task WrongSetting_IsOneLine()
    {
        var console = new CommandConsole(TextReader.Null, new StringWriter(), new StringWriter());

        var code = await CommandLine.RunAsync(["keys", "list", "--CENTRAL_SITE_ISSUER", "https://site.example", "--DATABASE", "oracle"], console, TestContext.Current.CancellationToken);

        Assert.Equal((1, "central: DATABASE is sqlite or mariadb, not 'oracle'."), (code, console.Error.ToString()!.Trim()));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 300, "It never came true.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(SiteStorage storage, SiteOptions options, string command, string input)
    {
        var console = new CommandConsole(new StringReader(input), new StringWriter(), new StringWriter());
        var code = await CommandLine.RunAsync([.. command.Split(' '), .. await storage.ArgumentsAsync(options)], console, TestContext.Current.CancellationToken);
        return (code, console.Output.ToString()!, console.Error.ToString()!);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string command, string input = "") => RunAsync(_storage, _options, command, input);

    private async Task<string> DoneAsync(string command, string input = "")
    {
        var (code, output, error) = await RunAsync(command, input);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    /// <summary>Runs a command that cannot be done, and returns its one line.</summary>
    private async Task<string> FailedAsync(string command, string input = "")
    {
        var (code, output, error) = await RunAsync(command, input);
        Assert.Equal((1, ""), (code, output));
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Trim();
    }

    private Task<Answer> WhoAsync(string sid) => Site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(sid));
}
