using Microservices.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Gateway.Tests;

public sealed class ManifestTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("{\"name\":\"x\"")]
    [InlineData("{}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"\"}")]
    [InlineData("{\"name\":\"a\\nb\"}")]
    [InlineData("{\"name\":\"x\",\"version\":1}")]
    [InlineData("{\"name\":\"x\",\"version\":\"1\\n\"}")]
    [InlineData("{\"name\":\"x\",\"methods\":\"a\"}")]
    [InlineData("{\"name\":\"x\",\"methods\":[null]}")]
    [InlineData("{\"name\":\"x\",\"methods\":[{}]}")]
    [InlineData("{\"name\":\"x\",\"docTypes\":[null]}")]
    [InlineData("{\"name\":\"x\",\"docTypes\":[{\"slug\":\"a\"}]}")]
    [InlineData("{\"name\":\"x\",\"docTypes\":[{\"name\":\"a\\u0000\"}]}")]
    [InlineData("{\"name\":\"x\",\"routes\":[{\"methods\":[\"GET\"]}]}")]
    [InlineData("{\"name\":\"x\",\"routes\":[{\"path\":\"/a\",\"methods\":[null]}]}")]
    [InlineData("{\"name\":\"x\",\"docs\":\"http://evil/\"}")]
    [InlineData("{\"name\":\"x\",\"docs\":\"//evil\"}")]
    [InlineData("{\"name\":\"x\",\"docs\":\"/\"}")]
    [InlineData("{\"name\":\"x\",\"spec\":\"/../x\"}")]
    [InlineData("{\"name\":\"x\",\"spec\":\"javascript:alert(1)\"}")]
    public async Task Garbage_TeachesNothing(string json)
    {
        await using var bad = await FakeService.StartRawAsync(json);
        await AssertNeverLearnedAsync(bad);
    }

    [Fact]
    public async Task TooLarge_TeachesNothing()
    {
        await using var bad = await FakeService.StartRawAsync($$"""{"name":"x","version":"{{new string(' ', 2_000_000)}}"}""");
        await AssertNeverLearnedAsync(bad);
    }

    [Fact]
    public async Task Endless_TeachesNothing()
    {
        await using var bad = await FakeService.StartRawAsync(async context =>
        {
            var spaces = new byte[64 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(spaces, context.RequestAborted);
            }
        });
        await AssertNeverLearnedAsync(bad);
    }

    [Fact]
    public async Task Slow_TeachesNothing()
    {
        await using var bad = await FakeService.StartRawAsync(async context =>
        {
            await context.Response.WriteAsync("{\"name\":");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await AssertNeverLearnedAsync(bad);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await FakeService.StartAsync("elsewhere");
        await using var bad = await FakeService.StartRawAsync(context =>
        {
            context.Response.Redirect(elsewhere.Address + "/.well-known/microservice");
            return Task.CompletedTask;
        });
        await AssertNeverLearnedAsync(bad);
        Assert.Equal(0, elsewhere.ManifestReads);
    }

    [Fact]
    public async Task ErrorPage_TeachesNothing()
    {
        await using var bad = await FakeService.StartRawAsync(context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("{\"name\":\"x\"}");
        });
        await AssertNeverLearnedAsync(bad);
    }

    [Fact]
    public async Task BadManifestAfterAGoodOne_ChangesNothing()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        await using var gateway = await RunningGateway.StartAsync(orders);
        orders.Manifest = context => context.Response.WriteAsync("oops");
        await Wait.UntilAsync(() => gateway.Logs.Lines.Any(line => line.StartsWith("No manifest", StringComparison.Ordinal)));
        Assert.Equal("orders", await gateway.GetTextAsync("/api/resource/Item"));
    }

    [Fact]
    public async Task UnknownAndMissingMembers_AreNoObstacle()
    {
        await using var service = await FakeService.StartRawAsync("""{"name":"raw","future":{"a":[1]},"docTypes":[{"name":"Item","more":1}],"routes":[{"path":"/x"}]}""");
        await using var gateway = await RunningGateway.StartAsync(service);
        Assert.Equal("raw", await gateway.GetTextAsync("/api/resource/Item"));
        Assert.Equal("raw", await gateway.GetTextAsync("/x"));
    }

    [Fact]
    public async Task BadRoutePattern_IsLeftOutAndLogged()
    {
        await using var service = await FakeService.StartAsync("orders", docTypes: ["Item"], routes: [("/a/{", []), ("/{x}/{x}", []), ("/b\n/{y", []), ("/good", [])]);
        await using var gateway = await RunningGateway.StartAsync(service);
        Assert.Equal("orders", await gateway.GetTextAsync("/good"));
        Assert.Equal(3, gateway.Logs.Errors.Count(line => line.Contains("not a route pattern", StringComparison.Ordinal)));
        Assert.DoesNotContain(gateway.Logs.Errors, line => line.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoClaimsOfOneThing_TheFirstListedKeepsIt()
    {
        await using var first = await FakeService.StartAsync("first", docTypes: ["Item"], methods: ["do"], routes: [("/shared/{id}", ["GET"])]);
        await using var second = await FakeService.StartAsync("second", docTypes: ["Item", "item", "Own"], methods: ["do"], routes: [("/Shared/{name}", [])]);
        await first.StopAsync();
        await using var gateway = await RunningGateway.StartUnlearnedAsync([first.Address, second.Address]);
        await gateway.UntilLearnedAsync(1);
        Assert.Equal("second", await gateway.GetTextAsync("/api/resource/Item"));

        // Order of the list decides, not order of arrival.
        await first.RestartAsync();
        await gateway.UntilLearnedAsync(2);
        Assert.Equal("first", await gateway.GetTextAsync("/api/resource/Item"));
        Assert.Equal("first", await gateway.GetTextAsync("/api/resource/item"));
        Assert.Equal("first", await gateway.GetTextAsync("/api/method/do"));
        Assert.Equal("first", await gateway.GetTextAsync("/shared/1"));
        Assert.Equal("second", await gateway.GetTextAsync("/api/resource/Own"));
        using var post = await gateway.Client.PostAsync("/shared/1", null, TestContext.Current.CancellationToken);
        Assert.Equal("second", await post.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        foreach (var claim in new[] { "DocType 'Item'", "DocType 'item'", "Method 'do'", "Route '/Shared/{name}'" })
        {
            Assert.Single(gateway.Logs.Errors, line => line.StartsWith(claim, StringComparison.Ordinal) && line.Contains("'first' keeps it", StringComparison.Ordinal));
        }
    }

    private static async Task AssertNeverLearnedAsync(FakeService bad)
    {
        await using var good = await FakeService.StartAsync("good", docTypes: ["Item"]);
        await using var gateway = await RunningGateway.StartUnlearnedAsync([bad.Address, good.Address], "--manifestTimeoutSeconds", "1");
        await gateway.UntilLearnedAsync(1);
        await Wait.UntilAsync(() => gateway.Logs.Lines.Any(line => line.StartsWith("No manifest from " + bad.Address, StringComparison.Ordinal)));
        Assert.Equal("good", await gateway.GetTextAsync("/api/resource/Item"));
        Assert.Equal(503, (await gateway.GetJsonAsync("/x")).Status);
        Assert.Empty(gateway.Logs.Errors);
    }
}
