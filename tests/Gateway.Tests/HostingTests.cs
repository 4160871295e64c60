using Gateway;
using Microservices.Gateway.Tests.Support;
using Microsoft.Extensions.Options;

namespace Microservices.Gateway.Tests;

public sealed class HostingTests
{
    [Theory]
    [InlineData("", "name at least one")]
    [InlineData("orders:8080", "'orders:8080' is not a base address")]
    [InlineData("ftp://orders", "'ftp://orders' is not a base address")]
    [InlineData("http://orders/path", "is not a base address")]
    [InlineData("http://user@orders", "is not a base address")]
    [InlineData("http://orders?x", "is not a base address")]
    [InlineData("http://orders;http://Orders/", "listed more than once")]
    public void WrongServices_StopTheStartWithTheReason(string services, string reason)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => GatewayApp.Create(["--port", "0", "--services", services]));
        Assert.Contains("Services", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongNumber_StopsTheStartWithItsName()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => GatewayApp.Create(["--services", "http://orders", "--refreshSeconds", "0"]));
        Assert.Contains("RefreshSeconds", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--services", "")]
    [InlineData("--services", "http://orders", "--port", "many")]
    [InlineData("--services", "http://orders", "--port", "")]
    [InlineData("--services", "http://orders", "--port", "65536")]
    [InlineData("--services", "http://orders", "--port", "-1")]
    [InlineData("--services", "http://orders", "--port", "0", "--bind", "everywhere")]
    public async Task WrongSetting_ExitsWith1(params string[] args) =>
        Assert.Equal(1, await GatewayApp.RunAsync(args));

    [Fact]
    public async Task TakenPort_ExitsWith1()
    {
        await using var orders = await FakeService.StartAsync("orders");
        var port = new Uri(orders.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1, await GatewayApp.RunAsync(["--services", "http://orders", "--port", port]));
    }

    [Fact]
    public async Task ServicesAsAnArray_AreRead()
    {
        await using var one = await FakeService.StartAsync("one", docTypes: ["One"]);
        await using var two = await FakeService.StartAsync("two", docTypes: ["Two"]);
        await using var gateway = await RunningGateway.StartUnlearnedAsync([], "--services:0", one.Address, "--services:1", two.Address + "/");
        await gateway.UntilLearnedAsync(2);
        Assert.Equal("two", await gateway.GetTextAsync("/api/resource/Two"));
    }

    [Fact]
    public async Task TwoGatewaysInOneProcess_KeepApart()
    {
        await using var one = await FakeService.StartAsync("one", docTypes: ["Item"]);
        await using var two = await FakeService.StartAsync("two", docTypes: ["Item"]);
        await using var first = await RunningGateway.StartAsync(one);
        await using var second = await RunningGateway.StartAsync(two);
        Assert.Equal("one", await first.GetTextAsync("/api/resource/Item"));
        Assert.Equal("two", await second.GetTextAsync("/api/resource/Item"));
    }

    [Fact]
    public async Task WithoutBind_ListensOnLoopbackOnly()
    {
        await using var orders = await FakeService.StartAsync("orders");
        await using var gateway = await RunningGateway.StartAsync(orders);
        Assert.Equal("127.0.0.1", gateway.Address.Host);
    }

    [Fact]
    public async Task HealthCommand_TellsARunningGatewayFromNone()
    {
        await using var orders = await FakeService.StartAsync("orders");
        var gateway = await RunningGateway.StartAsync(orders);
        var port = gateway.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(0, await GatewayApp.RunAsync(["--health", "--port", port]));
        Assert.Equal(0, await GatewayApp.RunAsync(["--health", "--port", port, "--bind", "0.0.0.0"]));
        await gateway.DisposeAsync();
        Assert.Equal(1, await GatewayApp.RunAsync(["--health", "--port", port]));
    }
}
