using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests.Attacks;

/// <summary>What must stand in the head of every answer, asked of every address that the site has; and how forms lead on.</summary>
public sealed class AnswerHeaderTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string Canary = "canary-7f3a\"'><script>alert(1)</script>";

    private readonly TestSite _site = fixture.Site;

    [Theory]
    [InlineData(null)]
    [InlineData("alice")]
    [InlineData("root")]
    public async Task EveryAddress_IsNotFramedNotSniffedNotReadElsewhereAndReflectsNothing(string? user)
    {
        var browser = new Browser(_site);
        if (user is not null)
        {
            await browser.LoginAsync(user);
        }

        var pages = 0;
        foreach (var path in Addresses())
        {
            var query = string.Join('&', ((string[])["q", "user", "client", "tenant", "key", "user_code", "login_hint", "redirect-to", "search", "page"]).Select(name => $"{name}={Uri.EscapeDataString(Canary)}"));
            var answer = await browser.GetAsync($"{path}?{query}", ("Origin", "https://evil.example"));

            Assert.Equal((path, "nosniff"), (path, answer.Header("X-Content-Type-Options")));
            Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.OrdinalIgnoreCase);
            Assert.True(answer.Header("Access-Control-Allow-Origin") is "" or "*", path);
            Assert.Equal((path, ""), (path, answer.Header("Access-Control-Allow-Credentials")));
            if (!answer.Header("Content-Type").StartsWith("text/html", StringComparison.Ordinal))
            {
                continue;
            }

            pages++;
            Assert.Equal((path, "text/html; charset=utf-8", "DENY", "no-referrer"), (path, answer.Header("Content-Type"), answer.Header("X-Frame-Options"), answer.Header("Referrer-Policy")));
            Assert.Equal((path, ""), (path, answer.Header("Access-Control-Allow-Origin")));
            Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.StartsWith("max-age=", answer.Header("Strict-Transport-Security"), StringComparison.Ordinal);
        }

        Assert.InRange(pages, user is null ? 5 : 15, 1000);
    }

    [Fact]
    public async Task EveryFormLeadsOnWith303_SoThatNoBrowserPostsItAgain()
    {
        var browser = new Browser(_site);
        var flow = new CodeFlow(_site);
        var start = await browser.GetAsync(flow.Address());
        var login = await browser.SubmitAsync(await browser.GetAsync(start.Header("Location")), ("usr", "bob"), ("pwd", TestSeed.PasswordOf("bob")));
        var consent = await browser.SubmitAsync(await browser.GetAsync(flow.Address(("prompt", "consent"))), ("decision", "allow"));
        var device = await (await new DeviceFlow(_site).StartAsync()).DecideAsync(browser);
        var password = await browser.FillInAsync("/account/password", ("current_password", TestSeed.PasswordOf("bob")), ("new_password", "a stone that rolls and rolls"), ("repeated_password", "a stone that rolls and rolls"));
        var stranger = await new Browser(_site).PostAsync("/oauth/authorize", flow.Address().Split('?')[1].Split('&').Select(pair => (pair.Split('=')[0], Uri.UnescapeDataString(pair.Split('=')[1]))));
        var logout = await browser.SubmitAsync(await browser.GetAsync("/oauth/logout"));

        Assert.All((Answer[])[start, login, consent, device, stranger, logout], answer => Assert.Equal((HttpStatusCode.SeeOther, ""), (answer.Status, answer.Text)));
        Assert.NotInRange((int)password.Status, 301, 302);
        foreach (var path in (string[])["/login/", "/oauth/token/", "/oauth/consent/", "/Login", "/api/method/login/"])
        {
            var answer = await _site.PostFormAsync(path, "usr=alice&pwd=x");
            Assert.False((int)answer.Status is 301 or 302 or 307 or 308, $"{path} {answer.Status}");
        }
    }

    /// <summary>Every address that can be read, from the routes that the site has.</summary>
    private IEnumerable<string> Addresses() => _site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"))
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
        .Where(path => !path.Contains('{', StringComparison.Ordinal) && !path.StartsWith("/api/", StringComparison.Ordinal))
        .Distinct();
}
