namespace Microservices.Central.Tests.OAuth;

/// <summary>The device flow where time does not matter.</summary>
public sealed class DeviceFlowTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly TestSite _site = fixture.Site;

    [Fact]
    public async Task Answer_HasTheMembersOfTheRfc()
    {
        var answer = await new DeviceFlow(_site).AskAsync();

        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Header("Cache-Control")));
        Assert.Equal(["device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval"], answer.Json.EnumerateObject().Select(member => member.Name));
        var userCode = Text(answer.Json, "user_code");
        Assert.Matches(@"\A[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\z", userCode);
        Assert.Equal(("https://site.example/device", $"https://site.example/device?user_code={userCode}"), (Text(answer.Json, "verification_uri"), Text(answer.Json, "verification_uri_complete")));
        Assert.Equal((600, 5), (answer.Json.GetProperty("expires_in").GetInt32(), answer.Json.GetProperty("interval").GetInt32()));
        Assert.True(Text(answer.Json, "device_code").Length >= 43);
    }

    [Fact]
    public async Task AllowedDevice_GetsTokensOfTheUserAndHowTheUserSignedIn()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);

        var done = await flow.DecideAsync(browser);

        Assert.Equal((HttpStatusCode.SeeOther, "/device/decision"), (done.Status, done.Header("Location")));
        Assert.Contains("Go back to your device", (await browser.GetAsync("/device/decision")).Text, StringComparison.Ordinal);
        var tokens = await flow.PollAsync();
        Assert.True(tokens.Status == HttpStatusCode.OK, tokens.Text);
        var claims = Jwt.Claims(Text(tokens.Json, "access_token"));
        Assert.Equal(("u-alice", "tv", "orders", "acme", "openid offline_access orders.read"), (Text(claims, "sub"), Text(claims, "client_id"), Text(claims, "aud"), Text(claims, "tenant"), Text(claims, "scope")));
        Assert.Equal(["pwd"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
        var id = Jwt.Claims(Text(tokens.Json, "id_token"));
        Assert.Equal(("u-alice", "tv", Text(claims, "sid")), (Text(id, "sub"), Text(id, "aud"), Text(id, "sid")));
        Assert.Equal(claims.GetProperty("auth_time").GetInt64(), id.GetProperty("auth_time").GetInt64());
        Assert.NotEqual(browser.Sid, Text(claims, "sid"));
    }

    [Fact]
    public async Task RefreshToken_ComesWithOfflineAccessOnly()
    {
        var (with, without) = (await new DeviceFlow(_site).StartAsync("&scope=openid+offline_access"), await new DeviceFlow(_site).StartAsync("&scope=openid"));
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        await with.DecideAsync(browser);
        await without.DecideAsync(browser);

        var refresh = Text((await with.PollAsync()).Json, "refresh_token");

        Assert.False((await without.PollAsync()).Json.TryGetProperty("refresh_token", out _));
        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/oauth/token", $"grant_type=refresh_token&client_id=tv&refresh_token={refresh}")).Status);
    }

    [Fact]
    public async Task WithoutScope_TheRegisteredOneIsAskedFor_ButNotWithoutEnd()
    {
        var flow = await new DeviceFlow(_site).StartAsync(more: "");
        await flow.DecideAsync(await DeviceFlow.BrowserOfAsync(_site, "alice"));

        Assert.Equal("openid profile email roles orders.read", Text((await flow.PollAsync()).Json, "scope"));
    }

    [Fact]
    public async Task DeniedDevice_IsToldEachTime()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        await flow.DecideAsync(await DeviceFlow.BrowserOfAsync(_site, "alice"), "deny");

        Assert.Equal("access_denied", (await flow.PollAsync()).Error);
        Assert.Equal("access_denied", (await flow.PollAsync()).Error);
    }

    [Fact]
    public async Task DeviceCode_IsGoodOnceAndForItsClientOnly()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        await flow.DecideAsync(await DeviceFlow.BrowserOfAsync(_site, "alice"));
        var stolen = $"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={flow.DeviceCode}";

        Assert.Equal("invalid_grant", (await _site.PostFormAsync("/oauth/token", stolen + "&client_id=acme-tv")).Error);
        Assert.Equal(HttpStatusCode.OK, (await flow.PollAsync()).Status);
        Assert.Equal("invalid_grant", (await flow.PollAsync()).Error);
    }

    [Theory]
    [InlineData("&device_code=", "invalid_request")]
    [InlineData("&device_code=x", "invalid_grant")]
    [InlineData("&device_code=x&device_code=y", "invalid_request")]
    public async Task WrongDeviceCode_IsRefused(string more, string error) =>
        Assert.Equal(error, (await _site.PostFormAsync("/oauth/token", "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=tv" + more)).Error);

    [Theory]
    [InlineData("&scope=orders.write", "invalid_scope")]
    [InlineData("&scope=all", "invalid_scope")]
    [InlineData("&resource=central", "invalid_target")]
    [InlineData("&scope=openid&scope=openid", "invalid_request")]
    public async Task MoreThanRegistered_IsRefused(string more, string error)
    {
        var answer = await new DeviceFlow(_site).AskAsync(more);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task OtherResourceAtThePoll_IsInvalidTarget_AndLeavesTheCode()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        await flow.DecideAsync(await DeviceFlow.BrowserOfAsync(_site, "alice"));

        Assert.Equal("invalid_target", (await flow.PollAsync("&resource=billing")).Error);
        Assert.Equal(HttpStatusCode.OK, (await flow.PollAsync("&resource=orders&scope=all")).Status);
    }

    [Fact]
    public async Task ClientsThatMayNot_GetNoCodes()
    {
        var basic = Credentials.Basic("acme-app", TestSeed.SecretOf("acme-app"));

        Assert.Equal("unauthorized_client", (await new DeviceFlow(_site, "spa").AskAsync()).Error);
        Assert.Equal("unauthorized_client", (await _site.PostFormAsync("/oauth/device_authorization", "scope=orders.read", basic)).Error);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await ResultAsync(new DeviceFlow(_site, "nobody").AskAsync()));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await ResultAsync(_site.PostFormAsync("/oauth/device_authorization", "scope=openid")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), await ResultAsync(_site.PostFormAsync("/oauth/device_authorization?client_id=tv", "client_id=tv")));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _site.GetAsync("/oauth/device_authorization")).Status);

        static async Task<(HttpStatusCode, string)> ResultAsync(Task<Answer> task) => await task is var answer ? (answer.Status, answer.Error) : default;
    }

    [Fact]
    public async Task Page_LeadsToTheLoginAndBackToTheCode()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = new Browser(_site);

        var start = await browser.GetAsync(Text(flow.Codes, "verification_uri_complete"));
        Assert.Equal(HttpStatusCode.SeeOther, start.Status);
        var back = await browser.SubmitAsync(await browser.GetAsync(start.Header("Location")), ("usr", "alice"), ("pwd", TestSeed.PasswordOf("alice")));

        Assert.Equal("/device?user_code=" + flow.UserCode, back.Header("Location"));
    }

    [Fact]
    public async Task AddressWithTheCode_ShowsWhatIsAsked_AndGrantsNothing()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");

        var page = await browser.GetAsync(Text(flow.Codes, "verification_uri_complete"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.All((string[])[flow.UserCode, "The TV", "alice", "acme", "Go on while you are away", "Up to 30 days"], text => Assert.Contains(text, page.Text, StringComparison.Ordinal));
        Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, ("decision", "allow"))).Status);
    }

    [Theory]
    [InlineData("lower", "{0}")]
    [InlineData("upper", " {0} ")]
    [InlineData("upper", "{0}\t.")]
    public async Task CaseAndSeparators_AreForgiven(string letters, string shape)
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "bob");
        var plain = flow.UserCode.Replace("-", letters == "lower" ? "" : " _ ", StringComparison.Ordinal);

        var page = await flow.TypeAsync(browser, string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, letters == "lower" ? plain.ToLowerInvariant() : plain));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(flow.UserCode, page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BCDF-GHJ")]
    [InlineData("BCDF-GHJKL")]
    [InlineData("AEIO-UYBC")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\u017F\u017F\u017F\u017F\u017F\u017F\u017F\u017F")]
    public async Task CodeOfNoDevice_IsAskedForAgain(string code)
    {
        var page = await new DeviceFlow(_site).TypeAsync(await DeviceFlow.BrowserOfAsync(_site, "bob"), code);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("No device shows this code", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_CountsOnce()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var (alice, carol) = (await DeviceFlow.BrowserOfAsync(_site, "alice"), await DeviceFlow.BrowserOfAsync(_site, "carol"));
        var page = await flow.TypeAsync(carol);
        await flow.DecideAsync(alice);

        Assert.Equal(HttpStatusCode.BadRequest, (await carol.SubmitAsync(page, ("decision", "allow"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await carol.SubmitAsync(page, ("decision", "deny"))).Status);
        Assert.Equal("u-alice", Text(Jwt.Claims(Text((await flow.PollAsync()).Json, "access_token")), "sub"));
    }

    [Fact]
    public async Task Decision_MustBeOneOfTheTwo()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");

        Assert.Equal(HttpStatusCode.BadRequest, (await flow.DecideAsync(browser, "perhaps")).Status);
        Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);
    }

    [Fact]
    public async Task ClientOfATenant_RefusesUsersOfAnother()
    {
        var flow = await new DeviceFlow(_site, "acme-tv").StartAsync();
        var (carol, alice) = (await DeviceFlow.BrowserOfAsync(_site, "carol"), await DeviceFlow.BrowserOfAsync(_site, "alice"));
        var form = Browser.HiddenFields(await carol.GetAsync("/device"));

        Assert.Equal(HttpStatusCode.Forbidden, (await flow.TypeAsync(carol)).Status);
        var forged = await carol.PostAsync("/device/decision", [("csrf_token", form["csrf_token"]), ("user_code", flow.UserCode), ("decision", "allow")]);
        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);
        Assert.Equal(HttpStatusCode.SeeOther, (await flow.DecideAsync(alice)).Status);
    }

    [Fact]
    public async Task FormOfAnotherSite_DecidesNothing()
    {
        var flow = await new DeviceFlow(_site).StartAsync();
        var browser = await DeviceFlow.BrowserOfAsync(_site, "alice");
        var page = await flow.TypeAsync(browser);
        var fields = Browser.HiddenFields(page).Select(field => (field.Key, field.Value)).Append(("decision", "allow")).ToList();

        Answer[] forged =
        [
            await browser.PostAsync("/device/decision", fields.Where(field => field.Item1 != "csrf_token")),
            await browser.PostAsync("/device/decision", fields, ("Origin", "https://evil.example")),
            await browser.PostAsync("/device", [("user_code", flow.UserCode)]),
            await (await DeviceFlow.BrowserOfAsync(_site, "bob")).PostAsync("/device/decision", fields),
        ];

        Assert.All(forged, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.Equal("authorization_pending", (await flow.PollAsync()).Error);
    }

    [Fact]
    public async Task LogoutEverywhere_EndsWhatTheDeviceWasAllowed()
    {
        var (before, after) = (await new DeviceFlow(_site).StartAsync(), await new DeviceFlow(_site).StartAsync());
        var browser = await DeviceFlow.BrowserOfAsync(_site, "bob");
        await before.DecideAsync(browser);
        await after.DecideAsync(browser);
        var token = Text((await after.PollAsync()).Json, "access_token");

        Assert.Equal(HttpStatusCode.OK, (await _site.PostFormAsync("/api/method/central.sessions.revoke_all", "", Credentials.Sid(browser.Sid))).Status);

        Assert.Equal("invalid_grant", (await before.PollAsync()).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _site.GetAsync("/oauth/userinfo", Credentials.Bearer(token))).Status);
    }

    [Fact]
    public async Task Consent_IsRememberedLikeAnyOther()
    {
        var flow = await new DeviceFlow(_site).StartAsync("&scope=openid+orders.read");
        var browser = await DeviceFlow.BrowserOfAsync(_site, "carol");
        await flow.DecideAsync(browser);

        var authorization = await browser.GetAsync(new CodeFlow(_site, "tv", "https://tv.example/cb").Address(("scope", "openid orders.read")));

        Assert.NotEqual("", CodeFlow.Parameter(authorization, "code"));
        Assert.Equal(HttpStatusCode.OK, (await (await new DeviceFlow(_site).StartAsync("&scope=openid")).TypeAsync(browser)).Status); // a device is asked about each time
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
