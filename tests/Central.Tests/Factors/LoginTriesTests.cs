namespace Microservices.Central.Tests.Factors;

/// <summary>The tries of one login, where the lock of the account is out of the way.</summary>
public sealed class LoginTriesTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite _site = null!;

    private AuthenticatorApp App => new(FactorFixture.Secret, _clock);

    public async ValueTask InitializeAsync()
    {
        var seed = FactorFixture.Seed();
        seed["settings"]!["login_max_failures_per_account"] = 1000;
        _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = seed });
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task SixthTry_IsRefused_EvenWithTheRightCode()
    {
        var tmpId = (await _site.TryLoginAsync("app-1", TestSeed.PasswordOf("app-1"))).Json.GetProperty("tmp_id").GetString()!;
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("Incorrect verification code", (await AnswerAsync(tmpId, App.WrongCode())).Json.GetProperty("message").GetString());
        }

        var sixth = await AnswerAsync(tmpId, App.Code());

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (sixth.Status, sixth.Header("Set-Cookie")));
        Assert.NotEqual("Incorrect verification code", sixth.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task TriesAtOnce_AreFive()
    {
        var tmpId = (await _site.TryLoginAsync("app-2", TestSeed.PasswordOf("app-2"))).Json.GetProperty("tmp_id").GetString()!;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AnswerAsync(tmpId, App.WrongCode())));

        Assert.Equal(5, answers.Count(answer => answer.Json.GetProperty("message").GetString() == "Incorrect verification code"));
    }

    [Fact]
    public async Task SixthTryOnThePage_BeginsTheLoginAnew()
    {
        var browser = new Browser(_site);
        var page = await browser.GetAsync((await browser.LoginAsync("app-3")).Header("Location"));
        for (var i = 0; i < 4; i++)
        {
            page = await browser.SubmitAsync(page, ("otp", App.WrongCode()));
            Assert.Contains("name=\"otp\"", page.Text, StringComparison.Ordinal);
        }

        var last = await browser.SubmitAsync(page, ("otp", App.WrongCode()));

        Assert.Equal(HttpStatusCode.Unauthorized, last.Status);
        Assert.Contains("name=\"pwd\"", last.Text, StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("__Host-login"));
        Assert.Equal("", browser.Sid);
    }

    private Task<Answer> AnswerAsync(string tmpId, string code) => _site.PostFormAsync("/api/method/login", $"tmp_id={tmpId}&otp={code}");
}
