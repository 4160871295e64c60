using System.Text.RegularExpressions;
using Microservices.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Gateway.Tests;

public sealed partial class HeaderTests : IAsyncLifetime
{
    private FakeService _orders = null!;
    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        _gateway = await RunningGateway.StartAsync(_orders);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _orders.DisposeAsync();
    }

    [Theory]
    [InlineData("X-User")]
    [InlineData("X-Frappe-User")]
    [InlineData("X-Forwarded-User")]
    [InlineData("Remote-User")]
    [InlineData("X-Remote-User")]
    [InlineData("X-Auth-Request-Email")]
    [InlineData("X-Internal-Token")]
    [InlineData("X-Tenant-Id")]
    [InlineData("X-Roles")]
    [InlineData("X-Frappe-Site-Name")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Original-URL")]
    [InlineData("x-tenant-id")]
    [InlineData("X_Tenant_Id")]
    public async Task SpoofedHeader_NeverArrives(string name)
    {
        await _gateway.GetRawAsync("/api/resource/Item", $"{name}: evil\r\n{name}: again\r\n");
        Assert.DoesNotContain(name, Assert.Single(_orders.Seen).Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ForwardedHeaders_AreTheGatewaysOwn()
    {
        await _gateway.GetRawAsync("/api/resource/Item", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n");
        var headers = Assert.Single(_orders.Seen).Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal("site.example", headers["X-Forwarded-Host"]);
        Assert.Equal("site.example", headers["Host"]);
    }

    [Fact]
    public async Task CredentialsAndOtherHeaders_ArriveUnchanged()
    {
        await _gateway.GetRawAsync("/api/resource/Item", "Authorization: token a:b\r\nX-Custom: \u00c3\u00a9\r\nAccept: a/b;q=0.1\r\nX-Frappe-CSRF-Token: t\r\n");
        var headers = Assert.Single(_orders.Seen).Headers;
        Assert.Equal("token a:b", headers["Authorization"]);
        Assert.Equal("a/b;q=0.1", headers["Accept"]);
        Assert.Equal("t", headers["X-Frappe-CSRF-Token"]);
        Assert.Equal("\u00e9", headers["X-Custom"]);
    }

    [Theory]
    [InlineData("sid=1; user_id=Administrator; full_name=A; system_user=yes", "sid=1; full_name=A")]
    [InlineData("user_id=Administrator", null)]
    [InlineData("sid=1;user_idx=2; x=user_id", "sid=1;user_idx=2; x=user_id")]
    [InlineData("USER_ID=a; sid=\"1 2\"", "sid=\"1 2\"")]
    public async Task IdentityCookies_AreDropped(string sent, string? received)
    {
        await _gateway.GetRawAsync("/api/resource/Item", $"Cookie: {sent}\r\n");
        Assert.Equal(received, Assert.Single(_orders.Seen).Headers.GetValueOrDefault("Cookie"));
    }

    [Fact]
    public async Task CookiesOfTheService_ReachTheClientEach()
    {
        _orders.Handler = context =>
        {
            context.Response.Headers.Append("Set-Cookie", "sid=1; HttpOnly");
            context.Response.Headers.Append("Set-Cookie", "full_name=A");
            return Task.CompletedTask;
        };
        using var response = await _gateway.GetAsync("/api/resource/Item");
        Assert.Equal(["sid=1; HttpOnly", "full_name=A"], response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task RedirectOfAService_IsHandedOn()
    {
        _orders.Handler = context =>
        {
            context.Response.Redirect("../elsewhere?x=1");
            return Task.CompletedTask;
        };
        using var response = await _gateway.GetAsync("/api/resource/Item");
        Assert.Equal(302, (int)response.StatusCode);
        Assert.Equal("../elsewhere?x=1", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("abc-DEF_1.2")]
    [InlineData("a")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task HarmlessRequestId_IsKeptForwardedAndEchoed(string id)
    {
        var answer = await _gateway.GetRawAsync("/api/resource/Item", $"X-Frappe-Request-Id: {id}\r\n");
        Assert.Equal(id, Assert.Single(_orders.Seen).Headers["X-Frappe-Request-Id"]);
        Assert.Equal([id], EchoedIds(answer));
    }

    [Theory]
    [InlineData("X-Frappe-Request-Id: has space")]
    [InlineData("X-Frappe-Request-Id: <script>")]
    [InlineData("X-Frappe-Request-Id: 01234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("X-Frappe-Request-Id:")]
    [InlineData("X-Frappe-Request-Id: a\r\nX-Frappe-Request-Id: b")]
    [InlineData("X-Frappe-Request-Id: \u00e9")]
    [InlineData("X-Other: none")]
    public async Task OtherRequestId_IsReplaced(string header)
    {
        var answer = await _gateway.GetRawAsync("/api/resource/Item", header + "\r\n");
        var id = Assert.Single(_orders.Seen).Headers["X-Frappe-Request-Id"];
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal([id], EchoedIds(answer));
    }

    [Fact]
    public async Task RequestIdOfTheService_DoesNotDoubleTheHeader()
    {
        _orders.Handler = context =>
        {
            context.Response.Headers["X-Frappe-Request-Id"] = "other";
            return Task.CompletedTask;
        };
        Assert.Equal(["mine"], EchoedIds(await _gateway.GetRawAsync("/api/resource/Item", "X-Frappe-Request-Id: mine\r\n")));
    }

    private static IEnumerable<string> EchoedIds(string answer) => IdHeader().Matches(answer).Select(match => match.Groups[1].Value);

    [GeneratedRegex("^X-Frappe-Request-Id: (.*?)\r$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex IdHeader();
}
