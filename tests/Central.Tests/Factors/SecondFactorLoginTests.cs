namespace Microservices.Central.Tests.Factors;

/// <summary>A login with an authenticator app at <c>/api/method/login</c>, and attempts to do without the app.</summary>
public sealed class SecondFactorLoginTests(FactorFixture fixture) : IClassFixture<FactorFixture>
{
    private readonly TestSite _site = fixture.Site;
    private readonly ManualTimeProvider _clock = fixture.Clock;

    [Fact]
    public async Task PasswordAlone_OpensNoSession()
    {
        var user = fixture.NextUserWithApp();

        var answer = await _site.TryLoginAsync(user, TestSeed.PasswordOf(user));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("OTP App", answer.Json.GetProperty("verification").GetProperty("method").GetString());
        Assert.True(answer.Json.GetProperty("verification").GetProperty("setup").GetBoolean());
        Assert.Equal(43, answer.Json.GetProperty("tmp_id").GetString()!.Length); // 256 bits
        Assert.False(answer.Json.TryGetProperty("message", out _));
        Assert.Equal("", answer.Header("Set-Cookie"));
        Assert.DoesNotContain(answer.Json.GetProperty("tmp_id").GetString()!, await fixture.Storage.SqlAsync("select name from `tabPending Login`"));
    }

    [Fact]
    public async Task RightCode_OpensTheSession()
    {
        var user = fixture.NextUserWithApp();

        var answer = await fixture.AnswerAsync(await fixture.BeginAsync(user), fixture.App.Code());

        Assert.Equal((HttpStatusCode.OK, "Logged In"), (answer.Status, answer.Json.GetProperty("message").GetString()));
        Assert.Equal($$"""{"message":"{{user}}"}""", (await _site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(answer.Cookie("sid")!))).Text);
    }

    [Fact]
    public async Task LoginThatBeganAtOneProcess_GoesOnAtAnother()
    {
        var user = fixture.NextUserWithApp();

        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(user), fixture.App.Code(), fixture.Other)).Status);
    }

    [Fact]
    public async Task WrongCode_Returns401_AndTheLoginGoesOn()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());
        foreach (var code in (string[])[fixture.App.WrongCode(), "12345", "1234567", "abcd-efgh-ijkl-mnop"])
        {
            var wrong = await fixture.AnswerAsync(tmpId, code);
            Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError"), (wrong.Status, wrong.ErrorType));
            Assert.Equal("", wrong.Header("Set-Cookie"));
        }

        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code())).Status);
    }

    [Fact]
    public async Task SpentTmpId_IsRefused()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code())).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(1))).Status);
    }

    [Fact]
    public async Task TmpId_LastsThreeMinutes()
    {
        var user = fixture.NextUserWithApp();
        var (young, old) = (await fixture.BeginAsync(user), await fixture.BeginAsync(user));

        _clock.Advance(TimeSpan.FromSeconds(179));
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(young, fixture.App.Code())).Status);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(old, fixture.App.Code(1))).Status);
    }

    [Fact]
    public async Task TmpIdOfAnotherCaller_IsRefused()
    {
        var user = fixture.NextUserWithApp();
        var tmpId = (await _site.TryLoginAsync(user, TestSeed.PasswordOf(user), ("User-Agent", "mine"))).Json.GetProperty("tmp_id").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(), _site, ("User-Agent", "thief"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code())).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code(), _site, ("User-Agent", "mine"))).Status);
    }

    [Fact]
    public async Task TmpIdOfTheApi_IsWorthNothingOnThePages_NorTheOtherWayRound()
    {
        var (user, browser, thief) = (fixture.NextUserWithApp(), new Browser(_site), new Browser(_site));
        await browser.LoginAsync(user);
        var ofPage = browser.Cookies["__Host-login"];
        thief.SetCookie("__Host-login", await fixture.BeginAsync(user));

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(ofPage, fixture.App.Code())).Status);
        Assert.StartsWith("/login?", (await thief.GetAsync("/login/verify")).Header("Location"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("' or 1=1 --")]
    [InlineData("%00")]
    public async Task InventedTmpId_IsRefused(string tmpId)
    {
        var answer = await fixture.AnswerAsync(tmpId, fixture.App.Code());

        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationError"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task CodeInTheAddress_DoesNotCount()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());

        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.PostFormAsync($"/api/method/login?tmp_id={tmpId}&otp={fixture.App.Code()}", "")).Status);
    }

    [Fact]
    public async Task CodeFromAnotherOrigin_IsRefused()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());

        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.AnswerAsync(tmpId, fixture.App.Code(), _site, ("Origin", "https://evil.example"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code())).Status);
    }

    [Fact]
    public async Task UsedCode_IsNotAcceptedAgain_NorAnEarlierOne()
    {
        var user = fixture.NextUserWithApp();
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(user), fixture.App.Code())).Status);

        var tmpId = await fixture.BeginAsync(user);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code())).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(-1))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code(1))).Status);
    }

    [Fact]
    public async Task CodeOfAnotherUsersTime_IsRefusedTwoStepsOff()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(-2))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(2))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(tmpId, fixture.App.Code(-1))).Status);
    }

    [Fact]
    public async Task OneCodeAtManyLoginsAtOnce_OpensOneSession()
    {
        var user = fixture.NextUserWithApp();
        string[] logins = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.BeginAsync(user)))];

        var answers = await Task.WhenAll(logins.Select((tmpId, i) => fixture.AnswerAsync(tmpId, fixture.App.Code(), i % 2 == 0 ? _site : fixture.Other)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task OneLoginAtOnceWithTwoRightCodes_OpensOneSession()
    {
        var tmpId = await fixture.BeginAsync(fixture.NextUserWithApp());

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => fixture.AnswerAsync(tmpId, fixture.App.Code(i - 1), i % 2 == 0 ? _site : fixture.Other)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task WrongPasswordsAndWrongCodes_AreOneCount_ThatARightPasswordDoesNotClear()
    {
        var user = fixture.NextUserWithApp();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(user, "wrong")).Status);
        }

        var tmpId = await fixture.BeginAsync(user);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.WrongCode())).Status);
        }

        var (locked, other) = (await fixture.AnswerAsync(tmpId, fixture.App.Code()), await fixture.Other.TryLoginAsync(user, TestSeed.PasswordOf(user)));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (locked.Status, locked.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.TooManyRequests, other.Status);

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await fixture.AnswerAsync(await fixture.BeginAsync(user), fixture.App.Code())).Status);
    }

    [Fact]
    public async Task CompleteLogin_ClearsTheCount()
    {
        var user = fixture.NextUserWithApp();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await _site.TryLoginAsync(user, "wrong")).Status);
            }

            await fixture.LoginAsync(user);
        }
    }

    [Fact]
    public async Task GuessesAtOnce_AreCountedOneByOne()
    {
        var user = fixture.NextUserWithApp();
        string[] logins = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.BeginAsync(user)))];

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            fixture.AnswerAsync(logins[i % logins.Length], fixture.App.WrongCode(), i % 2 == 0 ? _site : fixture.Other, ("X-Forwarded-For", $"10.0.0.{i}"))));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(19, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task LogOutEverywhere_EndsLoginsThatWait()
    {
        var user = fixture.NextUserWithApp();
        var sid = await fixture.LoginAsync(user);
        var tmpId = await fixture.BeginAsync(user);

        await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(sid));

        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AnswerAsync(tmpId, fixture.App.Code(1))).Status);
    }

    [Fact]
    public async Task UserDisabledBetweenTheSteps_GetsNoSession()
    {
        var user = fixture.NextUserWithApp();
        var tmpId = await fixture.BeginAsync(user);
        var disabled = await _site.SendAsync(HttpMethod.Put, "/api/resource/User/" + user, Body.Text("""{"enabled":0}""", "application/json"), Credentials.Sid(await _site.LoginAsync("alice")));
        Assert.Equal(HttpStatusCode.OK, disabled.Status);

        var answer = await fixture.AnswerAsync(tmpId, fixture.App.Code());

        Assert.Equal((HttpStatusCode.Unauthorized, ""), (answer.Status, answer.Header("Set-Cookie")));
    }

    [Fact]
    public async Task LockedAccountAndUnknownName_AnswerAlike()
    {
        var user = fixture.NextUserWithApp();
        for (var i = 0; i < 5; i++)
        {
            await _site.TryLoginAsync(user, "wrong");
            await _site.TryLoginAsync("nobody-" + user, "wrong");
        }

        var (known, unknown) = (await _site.TryLoginAsync(user, "wrong"), await _site.TryLoginAsync("nobody-" + user, "wrong"));

        Assert.Equal((HttpStatusCode.TooManyRequests, known.Header("Retry-After")), (unknown.Status, unknown.Header("Retry-After")));
        Assert.Equal(known.Json.GetProperty("message").GetString(), unknown.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task SeedInTheDatabase_IsEncrypted()
    {
        var stored = await fixture.Storage.SqlAsync("select secret from `tabTOTP Secret`");

        Assert.NotEmpty(stored);
        Assert.Equal(stored.Count, stored.Distinct().Count()); // bound to each user, although all have the same secret
        Assert.All(stored, secret => Assert.DoesNotContain("12345678901234567890", System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(secret)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TOTP Secret")]
    [InlineData("Recovery Code")]
    [InlineData("Pending Login")]
    [InlineData("Passkey")]
    [InlineData("Passkey Challenge")]
    public async Task FactorsAndLoginsThatWait_AreNotServed(string docType)
    {
        var sid = Credentials.Sid(await _site.LoginAsync("root"));

        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/api/resource/" + docType, sid)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync("/api/resource/" + docType + "/u-app-1", sid)).Status);
    }
}
