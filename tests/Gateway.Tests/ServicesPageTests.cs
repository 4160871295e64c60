using System.Net.Http.Headers;
using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

public sealed class ServicesPageTests
{
    private const string Hostile = "<script>alert('x')</script>\"&";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_ListsEveryServiceWithItsDocs()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Sales Order"], docs: "/apidocs", spec: "/apispec_1.json");
        await using var plain = await FakeService.StartAsync("plain");
        await using var gateway = await RunningGateway.StartAsync(orders, plain);
        await Wait.UntilAsync(async () => (await gateway.GetTextAsync("/")).Contains("\"up\":true", StringComparison.Ordinal));
        var services = (await gateway.GetJsonAsync("/")).Body.GetProperty("services");
        Assert.Equal(2, services.GetArrayLength());
        Assert.Equal("orders", services[0].GetProperty("name").GetString());
        Assert.Equal("1.2.3", services[0].GetProperty("version").GetString());
        Assert.Equal("/services/orders/apidocs", services[0].GetProperty("docs").GetString());
        Assert.Equal("/services/orders/apispec_1.json", services[0].GetProperty("spec").GetString());
        Assert.Equal("Sales Order", services[0].GetProperty("docTypes")[0].GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, services[1].GetProperty("docs").ValueKind);
    }

    [Fact]
    public async Task Html_EncodesWhatServicesCallThemselves()
    {
        await using var hostile = await FakeService.StartAsync(Hostile, docTypes: [Hostile], docs: "/apidocs");
        await using var gateway = await RunningGateway.StartAsync(hostile);
        using var response = await GetHtmlAsync(gateway);
        var html = await response.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);

        var link = html.Split("href=\"").Select(part => part.Split('"')[0]).Single(part => part.Contains("apidocs", StringComparison.Ordinal));
        Assert.StartsWith("/services/%3Cscript%3E", link, StringComparison.Ordinal);
        Assert.Equal(Hostile, await gateway.GetTextAsync(System.Net.WebUtility.HtmlDecode(link)));
    }

    [Fact]
    public async Task Html_IsLockedDownAndStyledFromTheGateway()
    {
        await using var orders = await FakeService.StartAsync("orders");
        await using var gateway = await RunningGateway.StartAsync(orders);
        using var response = await GetHtmlAsync(gateway);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var html = await response.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        using var style = await gateway.GetAsync("/gateway.css");
        Assert.Equal("text/css", style.Content.Headers.ContentType?.MediaType);
        Assert.Contains("color-scheme: light dark", await style.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DocsSwitchedOff_ShowsNamesOnly()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Secret Plan"], docs: "/apidocs", spec: "/apispec_1.json");
        await using var gateway = await RunningGateway.StartUnlearnedAsync([orders.Address], "--docs", "false");
        await gateway.UntilLearnedAsync(1);
        var text = await gateway.GetTextAsync("/");
        Assert.Contains("\"orders\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret Plan", text, StringComparison.Ordinal);
        Assert.DoesNotContain("apidocs", text, StringComparison.Ordinal);
        Assert.Equal(404, (await gateway.GetJsonAsync("/services/orders/apidocs")).Status);
        Assert.Empty(orders.Seen);
    }

    private static async Task<HttpResponseMessage> GetHtmlAsync(RunningGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/html"));
        return await gateway.Client.SendAsync(request, Cancel);
    }
}
