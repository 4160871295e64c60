using System.Diagnostics;

namespace Microservices.Central.Tests.Links;

/// <summary>Asking for a link by mail: what whoever asks can learn, and how often.</summary>
public sealed class LinkRequestTests
{
    public static TheoryData<string, string> Doors => new() { { LinkSite.LoginLink, "email" }, { LinkSite.PasswordReset, "user" } };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task EveryName_IsAnsweredAlike(string door, string parameter)
    {
        await using var links = await LinkSite.StartAsync(["alice", "dave"]);
        string[] names = ["alice@acme.example", "alice", "dave@acme.example", "nobody@acme.example", "no address", "alice@acme.example\r\nBcc: mallory@evil.example", new string('a', 1000)];

        var answers = new List<Answer>();
        foreach (var name in names)
        {
            answers.Add(await links.Site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = name }));
        }

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, answers[0].Text), (answer.Status, answer.Text)));
        Assert.All(answers, answer => Assert.Equal(answers[0].Headers.Keys.Order(), answer.Headers.Keys.Order()));
        Assert.Contains("a mail is on its way", answers[0].Json.GetProperty("_server_messages").GetString()!, StringComparison.Ordinal);
        await links.KeyOfAsync(2);
        Assert.Equal(2, (await links.MailsToAsync("alice@acme.example")).Count);
        Assert.Equal(2, links.Mail.Mails.Count);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task EveryName_IsAnsweredInTheSameTime(string door, string parameter)
    {
        await using var links = await LinkSite.StartAsync(["alice"], settings => (settings["password_resets_per_hour"], settings["login_links_per_hour"]) = (1000, 1000));
        async Task<double> TimeAsync(string name)
        {
            var start = Stopwatch.GetTimestamp();
            await links.Site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = name });
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        await TimeAsync("nobody@acme.example");
        var (forNobody, forSomebody) = (new List<double>(), new List<double>());
        for (var i = 0; i < 20; i++)
        {
            // In turns, so that whatever else the machine does slows both.
            forNobody.Add(await TimeAsync("nobody@acme.example"));
            forSomebody.Add(await TimeAsync("alice@acme.example"));
        }

        var (nobody, somebody) = (forNobody.Order().ElementAt(10), forSomebody.Order().ElementAt(10));

        // Writing and sending the mail takes several times as long; a busy machine shakes the rest.
        Assert.True(somebody < (nobody * 4) + 20, $"{somebody} ms for somebody, {nobody} ms for nobody");
        await links.Mail.NextMailAsync(20);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task MailServerThatSaysNothing_IsNotWaitedFor(string door, string parameter)
    {
        await using var storage = new SiteStorage();
        await using var server = new MailServer(isSilent: true);
        var seed = TestSeed.Of("alice");
        seed["settings"]!["login_link_enabled"] = true;
        await using var site = await storage.StartAsync(new SiteOptions
        {
            Clock = new ManualTimeProvider(), // a request that waited would wait for a try after this one, which never comes
            Seed = seed,
            Settings = new Dictionary<string, string> { ["CENTRAL_SMTP_URL"] = server.Url, ["CENTRAL_MAIL_FROM"] = "no-reply@site.example" },
        });

        var answer = await site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = "alice" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData(LinkSite.LoginLink, "email", 5)]
    [InlineData(LinkSite.PasswordReset, "user", 3)]
    public async Task OneAddress_AsksForSoManyAnHour(string door, string parameter, int limit)
    {
        await using var links = await LinkSite.StartAsync(["alice"], settings => settings.Remove("rate_limit_per_ip_per_minute"));
        Task<Answer> AskAsync(string name) => links.Site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = name }, ("X-Forwarded-For", "192.0.2." + name.Length));
        for (var i = 0; i < limit; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(new string('n', i + 1))).Status);
        }

        var (nobody, somebody) = (await AskAsync("nobody@acme.example"), await AskAsync("alice@acme.example"));

        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequestsError", "3600"), (nobody.Status, nobody.ErrorType, nobody.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.TooManyRequests, somebody.Status);
        links.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("alice@acme.example")).Status);
        await links.KeyOfAsync(1);
    }

    [Theory]
    [InlineData(LinkSite.LoginLink, "email", 5)]
    [InlineData(LinkSite.PasswordReset, "user", 3)]
    public async Task OneAccount_GetsSoManyAnHour_AndNobodyIsTold(string door, string parameter, int limit)
    {
        await using var links = await LinkSite.StartAsync(["alice", "bob"]);
        Task<Answer> AskAsync(string name) => links.Site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = name });

        for (var i = 0; i < limit + 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(i % 2 == 0 ? "alice@acme.example" : "ALICE")).Status);
        }

        await links.Mail.NextMailAsync(limit);
        Assert.Equal(limit, (await links.MailsToAsync("alice@acme.example")).Count);
        await AskAsync("bob");
        await links.Mail.NextMailAsync(limit + 1);

        links.Clock.Advance(TimeSpan.FromHours(1));
        await AskAsync("alice");
        await links.Mail.NextMailAsync(limit + 2);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("Forwarded", "host=evil.example;proto=http")]
    [InlineData("X-Frappe-Site-Name", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    public async Task HostOfTheRequest_IsNoHostOfTheLink(string header, string value)
    {
        await using var links = await LinkSite.StartAsync(["alice"]);

        if ((await links.AskForLoginLinkAsync("alice", (header, value))).Status == HttpStatusCode.OK)
        {
            var mail = await links.Mail.NextMailAsync();
            Assert.DoesNotContain("evil.example", mail.Data, StringComparison.Ordinal);
            Assert.Matches("^[A-Za-z0-9_-]{43}$", await links.KeyOfAsync(1));
        }
        else
        {
            Assert.Empty(await links.MailsToAsync("alice@acme.example"));
        }
    }

    [Fact]
    public async Task FrappesClients_AskAtTheRoot()
    {
        await using var links = await LinkSite.StartAsync(["alice"]);

        var answer = await links.Site.PostJsonAsync("/", new { cmd = "frappe.core.doctype.user.user.reset_password", user = "alice@acme.example" });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("/update-password?key=", (await links.Mail.NextMailAsync()).Data, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task NoName_IsRefused(string door, string parameter)
    {
        await using var links = await LinkSite.StartAsync(["alice"]);

        Assert.Equal("ValidationError", (await links.Site.PostJsonAsync(door, new { other = "alice" })).ErrorType);
        Assert.Equal("ValidationError", (await links.Site.PostJsonAsync($"{door}?{parameter}=alice", new { })).ErrorType);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await links.Site.GetAsync($"{door}?{parameter}=alice")).Status);
        Assert.Empty(await links.MailsToAsync("alice@acme.example"));
    }

    [Fact]
    public async Task LoginLinksThatAreOff_AreNotSent_AndResetsAre()
    {
        await using var links = await LinkSite.StartAsync(["alice"], settings => settings.Remove("login_link_enabled"));

        var (somebody, nobody) = (await links.AskForLoginLinkAsync("alice"), await links.AskForLoginLinkAsync("nobody"));
        Assert.Equal((HttpStatusCode.Forbidden, "PermissionError"), (somebody.Status, somebody.ErrorType));
        Assert.Equal(somebody.Json.GetProperty("message").GetString(), nobody.Json.GetProperty("message").GetString());

        await links.AskForResetAsync("alice");
        Assert.Contains("/update-password", (await links.Mail.NextMailAsync()).Data, StringComparison.Ordinal);
        Assert.Single(links.Mail.Mails);
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task WithoutMail_LinksAreOff(string door, string parameter)
    {
        await using var storage = new SiteStorage();
        var seed = TestSeed.Of("alice");
        seed["settings"]!["login_link_enabled"] = true;
        await using var site = await storage.StartAsync(new SiteOptions { Seed = seed });

        Assert.Equal(HttpStatusCode.Forbidden, (await site.PostJsonAsync(door, new Dictionary<string, string> { [parameter] = "alice" })).Status);
    }
}
