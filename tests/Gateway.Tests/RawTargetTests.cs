using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

public sealed class RawTargetTests : IAsyncLifetime
{
    private FakeService _orders = null!;
    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _orders = await FakeService.StartAsync("orders", docTypes: ["Item"], methods: ["ping"], routes: [("/files/{**path}", [])], docs: "/apidocs", spec: "/apispec_1.json");
        _gateway = await RunningGateway.StartAsync(_orders);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _orders.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/resource/Item/a%2Fb")]
    [InlineData("/api/resource/Item/a%2fb%25c")]
    [InlineData("/api/resource/Item/100%25")]
    [InlineData("/api/resource/Item/%2525")]
    [InlineData("/api/resource/Item/it's%20%22here%22")]
    [InlineData("/api/resource/Item/%E8%A1%A8%C3%9F%F0%9F%98%80")]
    [InlineData("/api/resource/Item/a.b..c...d")]
    [InlineData("/api/resource/Item/...")]
    [InlineData("/api/resource/Item/..%2Fsecret")]
    [InlineData("/api/resource/Item/a/b//c/")]
    [InlineData("/api/resource/Item/%41%2D%7E")]
    [InlineData("/api/resource/Item/a;b=c,d+e&f=g:h@i!$*()")]
    [InlineData("/api/resource/Item/%FF%FE")]
    [InlineData("/api/resource/Item/[x]|{y}^`z\\\"<>")]
    [InlineData("/api/resource/Item?filters=[[\"name\",\"=\",\"a b\"]]")]
    [InlineData("/api/resource/Item?filters=%5B%5B%22x%22%5D%5D&a=%2e%2e/../%2F&b=%zz&&c")]
    [InlineData("/api/resource/Item?")]
    [InlineData("/%61pi/resource/Item/x")]
    [InlineData("/files/a%20b/%25/c")]
    public async Task OddTarget_ArrivesByteForByte(string target)
    {
        // A space would end the target; nothing else is changed on its way.
        target = target.Replace(" ", "%20", StringComparison.Ordinal);
        var answer = await _gateway.GetRawAsync(target);
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(target, Assert.Single(_orders.Seen).RawTarget);
    }

    [Theory]
    [InlineData("http://site.example/api/resource/Item/a%2Fb?x=1", "/api/resource/Item/a%2Fb?x=1")]
    [InlineData("http://site.example/api/method/ping", "/api/method/ping")]
    public async Task AbsoluteForm_IsForwardedAsItsPath(string target, string expected)
    {
        Assert.StartsWith("HTTP/1.1 200", await _gateway.GetRawAsync(target), StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(_orders.Seen).RawTarget);
    }

    [Theory]
    [InlineData("/api/resource/Item/../Item/x")]
    [InlineData("/api/resource/Item/./x")]
    [InlineData("/api/resource/Item/..")]
    [InlineData("/api/resource/Item/%2e%2e/x")]
    [InlineData("/api/resource/Item/%2E./x")]
    [InlineData("/api/resource/Item/.%2e")]
    [InlineData("/api/resource/Item/%2e?x=1")]
    [InlineData("/x/../api/resource/Item")]
    [InlineData("/api/%2e%2e/api/resource/Item")]
    [InlineData("/files/../readyz")]
    [InlineData("/files/..%2Freadyz")]
    [InlineData("/files/..%5Creadyz")]
    [InlineData("/files/..\\readyz")]
    [InlineData("/files/a%2F%2e%2e%2Fb")]
    [InlineData("/services/orders/apidocs/..%2f..%2freadyz")]
    [InlineData("/services/orders/apidocs/../readyz")]
    [InlineData("http://site.example/files/../x")]
    public async Task DotSegment_Returns400AndReachesNobody(string target)
    {
        var answer = await _gateway.GetRawAsync(target);
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"exc_type\":\"DataError\"", answer, StringComparison.Ordinal);
        Assert.Empty(_orders.Seen);
    }

    [Fact]
    public async Task AsteriskForm_Returns400() =>
        Assert.StartsWith("HTTP/1.1 400", await _gateway.SendRawAsync("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/services/orders/apidocs", "/apidocs")]
    [InlineData("/services/orders/apidocs/index.html?x=%2F", "/apidocs/index.html?x=%2F")]
    [InlineData("/services/orders/apispec_1.json", "/apispec_1.json")]
    public async Task DocsOfAService_AreForwardedWithoutThePrefix(string target, string expected)
    {
        Assert.StartsWith("HTTP/1.1 200", await _gateway.GetRawAsync(target), StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Single(_orders.Seen).RawTarget);
    }

    [Theory]
    [InlineData("/services/orders/readyz")]
    [InlineData("/services/orders/api/resource/Item")]
    [InlineData("/services/orders/apidocsx")]
    [InlineData("/services/orders")]
    [InlineData("/services/orders/")]
    [InlineData("/services/")]
    [InlineData("/services/nobody/apidocs")]
    public async Task OtherPathsOfAService_AreNotReachedThroughItsDocs(string target)
    {
        Assert.StartsWith("HTTP/1.1 404", await _gateway.GetRawAsync(target), StringComparison.Ordinal);
        Assert.Empty(_orders.Seen);
    }
}
