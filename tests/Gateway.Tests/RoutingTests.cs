using System.Net;
using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

public sealed class RoutingTests : IAsyncLifetime
{
    private FakeService _orders = null!;
    private FakeService _central = null!;
    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _orders = await FakeService.StartAsync(
            "orders", docTypes: ["Sales Order", "Größe 表"], methods: ["orders.summary"], routes: [("/orders/summary", ["GET"]), ("/orders/{id}", []), ("/api/custom/{**rest}", [])]);
        _central = await FakeService.StartAsync(
            "central", docTypes: ["User"], methods: ["login", "frappe.auth.get_logged_user"],
            routes: [("/oauth/{**rest}", []), ("/.well-known/openid-configuration", ["GET"]), ("/login", ["GET", "POST"]), ("/orders/{id}/audit", ["GET"]), ("/", ["POST"]), ("/{**page}", ["GET"])]);
        _gateway = await RunningGateway.StartAsync(_orders, _central);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _orders.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/resource/Sales%20Order", "orders")]
    [InlineData("/api/resource/Sales%20Order/", "orders")]
    [InlineData("/api/resource/Sales%20Order?limit=1", "orders")]
    [InlineData("/api/resource/sales-order", "orders")]
    [InlineData("/api/resource/%53ales%20Order/SO-1", "orders")]
    [InlineData("/api/v1/resource/Sales%20Order/SO-1", "orders")]
    [InlineData("/api/v2/document/sales-order/SO-1/method/submit", "orders")]
    [InlineData("/api/v2/doctype/Sales%20Order/meta", "orders")]
    [InlineData("/api/resource/Gr%C3%B6%C3%9Fe%20%E8%A1%A8/1", "orders")]
    [InlineData("/API/Resource/User/a%40b.c", "central")]
    [InlineData("/%61pi/resource/User", "central")]
    [InlineData("/api/method/orders.summary", "orders")]
    [InlineData("/api/v1/method/orders.summary?x=1", "orders")]
    [InlineData("/api/v2/method/frappe.auth.get_logged_user", "central")]
    [InlineData("/api/method/login/", "central")]
    [InlineData("/orders/summary", "orders")]
    [InlineData("/orders/17", "orders")]
    [InlineData("/orders/17/audit", "central")]
    [InlineData("/oauth/token", "central")]
    [InlineData("/oauth/a/b/c", "central")]
    [InlineData("/.well-known/openid-configuration", "central")]
    [InlineData("/login?redirect-to=/x", "central")]
    [InlineData("/api/custom/a/b", "orders")]
    [InlineData("/some/other/page", "central")]
    public async Task KnownPath_ReachesItsOwner(string path, string owner) =>
        Assert.Equal(owner, await _gateway.GetTextAsync(path));

    [Theory]
    [InlineData("/api/resource/Nothing")]
    [InlineData("/api/resource/sales%20order")]
    [InlineData("/api/resource/Sales%2520Order")]
    [InlineData("/api/resource/Sales+Order")]
    [InlineData("/api/resource/Sales%20Order%2FSO-1")]
    [InlineData("/api/resource/")]
    [InlineData("/api/resource")]
    [InlineData("/api/resource//Sales%20Order")]
    [InlineData("/api/document/sales-order")]
    [InlineData("/api/v2/resource/sales-order")]
    [InlineData("/api/v3/resource/sales-order")]
    [InlineData("/api/method/orders.summary2")]
    [InlineData("/api/method/Sales%20Order")]
    [InlineData("/api")]
    [InlineData("/api/whatever")]
    public async Task UnknownUnderApi_Returns404_EvenWithACatchAllElsewhere(string path)
    {
        using var response = await _gateway.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("DELETE", "/orders/summary", "orders")]
    [InlineData("OPTIONS", "/login", "central")]
    [InlineData("POST", "/", "central")]
    [InlineData("PATCH", "/api/resource/sales-order/1", "orders")]
    public async Task AnyVerb_IsForwarded(string verb, string path, string owner)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        using var response = await _gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(owner, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Root_IsTheGatewaysPageForReaders() =>
        Assert.Contains("\"services\"", await _gateway.GetTextAsync("/"), StringComparison.Ordinal);
}
