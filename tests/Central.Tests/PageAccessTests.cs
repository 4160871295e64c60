using System.Text.Json.Nodes;

namespace Microservices.Central.Tests;

/// <summary>Who may open which page, with what, and what pages make of hostile texts.</summary>
public sealed class PageAccessTests(PageAccessTests.Fixture fixture) : IClassFixture<PageAccessTests.Fixture>
{
    /// <summary>Documents keep harmless tags and drop the others; pages show neither as markup.</summary>
    private const string Hostile = "\"'><b>bold</b><script>alert('x')</script>";

    private readonly TestSite _site = fixture.Site;

    public static TheoryData<string> Account { get; } =
    [
        "/account", "/account/profile", "/account/password", "/account/sessions", "/account/activity", "/account/consents", "/account/api-keys", "/account/api-keys/new", "/account/api-keys/edit?key=alice-key",
    ];

    public static TheoryData<string> Manage { get; } = ["/manage/users", "/manage/users/new", "/manage/users/edit?user=alice", "/manage/roles"];

    public static TheoryData<string> Admin { get; } =
    [
        "/admin/tenants", "/admin/tenants/new", "/admin/tenants/edit?tenant=acme", "/admin/clients", "/admin/clients/new", "/admin/clients/edit?client=hostile",
        "/admin/api-keys", "/admin/api-keys/edit?key=alice-key", "/admin/users", "/admin/users/edit?user=u-alice",
    ];

    [Theory]
    [MemberData(nameof(Account))]
    [MemberData(nameof(Manage))]
    [MemberData(nameof(Admin))]
    public async Task WithoutASession_PageLeadsToTheLoginAndBack(string path)
    {
        var login = "/login?redirect-to=" + Uri.EscapeDataString(path);
        (string, string)[][] credentials = [[], [Credentials.Key(TestSeed.PairOf("alice-key"))], [Credentials.Bearer(await _site.TokenAsync("acme-app"))], [Credentials.Sid("no-such-session")]];
        foreach (var credential in credentials)
        {
            var answer = await _site.GetAsync(path, credential);
            Assert.Equal((HttpStatusCode.SeeOther, login), (answer.Status, answer.Header("Location")));
        }

        var posted = await _site.PostFormAsync(path, "action=disable", Credentials.Key(TestSeed.PairOf("root-key")));
        Assert.True(posted.Status is HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed, $"{posted.Status}");
    }

    [Theory]
    [MemberData(nameof(Account))]
    [MemberData(nameof(Manage))]
    [MemberData(nameof(Admin))]
    public async Task Page_AnswersHeadLikeGetAndShowsNoTextAsMarkup(string path)
    {
        var browser = path.StartsWith("/admin", StringComparison.Ordinal) ? fixture.Root : fixture.Alice;

        var page = await browser.GetAsync(path);
        var head = await _site.SendAsync(HttpMethod.Head, path, null, Credentials.Sid(browser.Sid));

        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
        Assert.Equal((HttpStatusCode.OK, "", "text/html; charset=utf-8"), (head.Status, head.Text, head.Header("Content-Type")));
        foreach (var answer in (Answer[])[page, head])
        {
            Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
            Assert.Equal("DENY", answer.Header("X-Frame-Options"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Text, StringComparison.Ordinal);
        Assert.Contains("<a class=\"skip\" href=\"#content\">", page.Text, StringComparison.Ordinal);
        Assert.Contains("aria-current=", page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;bold&lt;/b&gt;", page.Text, StringComparison.Ordinal); // the name in the frame
    }

    [Fact]
    public async Task HostileTexts_AreShownAsText()
    {
        foreach (var (path, browser) in ((string, Browser)[])[("/account/sessions", fixture.Alice), ("/account/activity", fixture.Alice), ("/account/api-keys", fixture.Alice), ("/manage/users", fixture.Alice), ("/admin/clients", fixture.Root), ("/admin/tenants", fixture.Root), ("/account/consents", fixture.Alice)])
        {
            var page = await browser.GetAsync(path);
            Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
            Assert.True(System.Text.RegularExpressions.Regex.Count(page.Text, "&lt;b&gt;") >= 2, path); // in the frame, and in what the page lists
        }

        var searched = await fixture.Root.GetAsync("/admin/clients?search=" + Uri.EscapeDataString(Hostile) + "&done=" + Uri.EscapeDataString(Hostile));
        Assert.DoesNotContain("<script", searched.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("role=\"status\"", searched.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Admin))]
    public async Task ManagerOfATenant_SeesNothingOfThePlatform(string path) => await RefusesAsync(fixture.Alice, path);

    [Theory]
    [MemberData(nameof(Admin))]
    public async Task AdministratorOfATenantOrAManagerOfThePlatform_IsNoPlatformAdministrator(string path)
    {
        await RefusesAsync(fixture.Ada, path);
        await RefusesAsync(fixture.Clerk, path);
    }

    [Theory]
    [MemberData(nameof(Manage))]
    public async Task UserWithoutTheRole_ManagesNothing(string path) => await RefusesAsync(fixture.Bob, path);

    [Theory]
    [MemberData(nameof(Account))]
    [MemberData(nameof(Manage))]
    [MemberData(nameof(Admin))]
    public async Task FormWithoutItsToken_ChangesNothing(string path)
    {
        var browser = path.StartsWith("/admin", StringComparison.Ordinal) ? fixture.Root : fixture.Alice;
        var mine = Browser.HiddenFields(await browser.GetAsync("/account/sessions"))["csrf_token"];
        var others = Browser.HiddenFields(await fixture.Bob.GetAsync("/account/sessions"))["csrf_token"];
        (string, string)[][] forged = [[], [("csrf_token", "x")], [("csrf_token", others)]];
        foreach (var fields in forged)
        {
            var answer = await browser.PostAsync(path, fields);
            Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed, $"{answer.Status}");
        }

        foreach (var header in ((string, string)[])[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")])
        {
            var answer = await browser.PostAsync(path, [("csrf_token", mine)], header);
            Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed, $"{answer.Status}");
        }
    }

    [Theory]
    [InlineData("same-origin", HttpStatusCode.SeeOther)]
    [InlineData("same-site", HttpStatusCode.BadRequest)]
    [InlineData("cross-site", HttpStatusCode.BadRequest)]
    [InlineData("none", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task FormAsBrowsersSendItUnderThePolicyOfPages_IsTheSitesOwnWhenTheBrowserSaysSo(string site, HttpStatusCode status)
    {
        var token = Browser.HiddenFields(await fixture.Bob.GetAsync("/account/profile"))["csrf_token"];

        var answer = await fixture.Bob.PostAsync("/account/profile", [("csrf_token", token), ("full_name", Hostile), ("language", "")], ("Origin", "null"), ("Sec-Fetch-Site", site));

        Assert.Equal(status, answer.Status);
    }

    private static async Task RefusesAsync(Browser browser, string path)
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).Status);
        var token = Browser.HiddenFields(await browser.GetAsync("/account/sessions"))["csrf_token"];
        foreach (var action in (string[])["save", "disable", "delete", "secret", "join", "sessions"])
        {
            var answer = await browser.PostAsync(path, [("csrf_token", token), ("action", action), ("tenant", "globex"), ("role_name", "Intruder")]);
            Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed, $"{action}: {answer.Status}");
        }
    }

    /// <summary>A site whose every name is hostile, and browsers signed in to it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly SiteStorage _storage = new();

        public TestSite Site { get; private set; } = null!;

        internal Browser Alice { get; private set; } = null!;

        internal Browser Ada { get; private set; } = null!;

        internal Browser Bob { get; private set; } = null!;

        internal Browser Clerk { get; private set; } = null!;

        internal Browser Root { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Site = await _storage.StartAsync(new SiteOptions { Seed = TestSeed.Create(Poison) });
            (Alice, Ada, Bob) = (await LoginAsync("alice"), await LoginAsync("ada"), await LoginAsync("bob"));
            (Clerk, Root) = (await LoginAsync("clerk"), await LoginAsync("root"));
            await new CodeFlow(Site, "hostile", "https://app.example/callback").AuthorizeAsync(Alice);
        }

        public async ValueTask DisposeAsync()
        {
            await Site.DisposeAsync();
            await _storage.DisposeAsync();
        }

        private async Task<Browser> LoginAsync(string user)
        {
            var browser = new Browser(Site);
            var page = await browser.GetAsync("/login");
            var answer = await browser.PostAsync(
                "/login", [("csrf_token", Browser.HiddenFields(page)["csrf_token"]), ("usr", user), ("pwd", TestSeed.PasswordOf(user))], ("User-Agent", Hostile));
            Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
            return browser;
        }

        private static void Poison(JsonObject seed)
        {
            seed["users"]!.AsArray().Add(TestSeed.User("clerk", "platform", "System Manager"));
            foreach (var user in seed["users"]!.AsArray())
            {
                user!["full_name"] = Hostile;
            }

            foreach (var tenant in seed["tenants"]!.AsArray())
            {
                tenant!["name"] = Hostile;
            }

            foreach (var key in seed["api_keys"]!.AsArray())
            {
                key!["name"] = Hostile;
            }

            var web = seed["clients"]!.AsArray().Single(client => (string?)client!["client_id"] == "web")!.DeepClone();
            (web["client_id"], web["client_name"]) = ("hostile", Hostile);
            seed["clients"]!.AsArray().Add(web);
        }
    }
}
