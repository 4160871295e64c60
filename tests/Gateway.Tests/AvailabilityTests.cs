using System.Globalization;
using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

public sealed class AvailabilityTests
{
    [Fact]
    public async Task StoppedService_Returns503_AndIsServedAgainAfterItsRestart()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        await using var gateway = await RunningGateway.StartAsync(orders);
        Assert.Equal("orders", await gateway.GetTextAsync("/api/resource/Item"));

        await orders.StopAsync();
        var (status, body, response) = await gateway.GetJsonAsync("/api/resource/Item");
        Assert.Equal(503, status);
        Assert.Equal("ServiceUnavailable", body.GetProperty("exc_type").GetString());
        AssertRetryAfter(response);
        Assert.Equal(404, (await gateway.GetJsonAsync("/api/resource/Unknown")).Status);
        await Wait.UntilAsync(async () => (await gateway.GetJsonAsync("/")).Body.GetProperty("services")[0].GetProperty("up").GetBoolean() == false);

        await orders.RestartAsync();
        await Wait.UntilAsync(async () => await gateway.GetTextAsync("/api/resource/Item") == "orders");
        await Wait.UntilAsync(async () => (await gateway.GetJsonAsync("/")).Body.GetProperty("services")[0].GetProperty("up").GetBoolean());
    }

    [Fact]
    public async Task ServiceNeverLearned_MakesUnknownPaths503_UntilItIsLearned()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        await using var late = await FakeService.StartAsync("late", docTypes: ["Late"]);
        await late.StopAsync();
        await using var gateway = await RunningGateway.StartUnlearnedAsync([orders.Address, late.Address]);
        await gateway.UntilLearnedAsync(1);

        Assert.Equal("orders", await gateway.GetTextAsync("/api/resource/Item"));
        foreach (var path in new[] { "/api/resource/Late", "/api/method/late", "/late", "/api/v2/document/Late" })
        {
            var (status, _, response) = await gateway.GetJsonAsync(path);
            Assert.Equal(503, status);
            AssertRetryAfter(response);
        }

        await late.RestartAsync();
        await gateway.UntilLearnedAsync(2);
        Assert.Equal("late", await gateway.GetTextAsync("/api/resource/Late"));
        Assert.Equal(404, (await gateway.GetJsonAsync("/late")).Status);
    }

    [Fact]
    public async Task ChangedManifest_ReplacesTheOldOne()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Old"]);
        await using var renamed = await FakeService.StartAsync("orders", docTypes: ["New"]);
        await using var gateway = await RunningGateway.StartAsync(orders);
        orders.Manifest = renamed.Manifest;
        await Wait.UntilAsync(async () => await gateway.GetTextAsync("/api/resource/New") == "orders");
        Assert.Equal(404, (await gateway.GetJsonAsync("/api/resource/Old")).Status);
    }

    [Fact]
    public async Task SilentService_Returns503()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        orders.Handler = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var gateway = await RunningGateway.StartUnlearnedAsync([orders.Address], "--activityTimeoutSeconds", "0.2");
        await gateway.UntilLearnedAsync(1);
        var (status, body, response) = await gateway.GetJsonAsync("/api/resource/Item");
        Assert.Equal(503, status);
        Assert.Contains("in time", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        AssertRetryAfter(response);
    }

    [Fact]
    public async Task ServiceThatHangsUpBeforeAnswering_Returns503()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        orders.Handler = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await using var gateway = await RunningGateway.StartAsync(orders);
        Assert.Equal(503, (await gateway.GetJsonAsync("/api/resource/Item")).Status);
    }

    [Fact]
    public async Task ServiceThatHangsUpMidway_CutsTheAnswerShort()
    {
        await using var orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        orders.Handler = async context =>
        {
            await context.Response.Body.WriteAsync(new byte[100_000]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await using var gateway = await RunningGateway.StartAsync(orders);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.GetTextAsync("/api/resource/Item"));
    }

    [Fact]
    public async Task Readiness_NamesWhatIsMissing()
    {
        await using var orders = await FakeService.StartAsync("orders");
        await using var late = await FakeService.StartAsync("late");
        await late.StopAsync();
        await using var gateway = await RunningGateway.StartUnlearnedAsync([orders.Address, late.Address]);
        await gateway.UntilLearnedAsync(1);
        Assert.Equal("ok", await gateway.GetTextAsync("/healthz"));
        Assert.Equal([new Uri(late.Address).Authority], await MissingAsync(gateway));

        await late.RestartAsync();
        await Wait.UntilAsync(async () => (int)(await gateway.GetAsync("/readyz")).StatusCode == 200);

        orders.ReadyStatus = 503;
        await Wait.UntilAsync(async () => (int)(await gateway.GetAsync("/readyz")).StatusCode == 503);
        Assert.Equal(["orders"], await MissingAsync(gateway));
    }

    private static async Task<string[]> MissingAsync(RunningGateway gateway)
    {
        var (status, body, _) = await gateway.GetJsonAsync("/readyz");
        Assert.Equal(503, status);
        return [.. body.GetProperty("missing").EnumerateArray().Select(name => name.GetString()!)];
    }

    private static void AssertRetryAfter(HttpResponseMessage response) =>
        Assert.InRange(int.Parse(response.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 1, 5);
}
