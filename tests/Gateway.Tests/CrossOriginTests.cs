using Gateway;
using Microservices.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Microservices.Gateway.Tests;

/// <summary>Pages of other origins at the gateway: preflights of every door, and its own answers; what a service answers is the service's to mark.</summary>
public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string Page = "https://app.example";
    private const string Trusted = "https://desk.example";
    private const string SharedMethod = "/api/method/frappe.client.get_list";

    private readonly List<FakeService> _services = [];
    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in (string[])["orders", "stock"])
        {
            var manifest = new
            {
                name,
                docTypes = new[] { new { name = name + " Item", shared = false }, new { name = "Comment", shared = true } },
                methods = new[] { name + ".close" },
                sharedMethods = new[] { new { name = "frappe.client.get_list", byDocType = true } },
            };
            var service = await FakeService.StartRawAsync(context => context.Response.WriteAsJsonAsync(manifest));
            service.Handler = context =>
            {
                context.Response.Headers.AccessControlAllowOrigin = "https://of-the-service.example";
                context.Response.Headers.Vary = "Accept, Origin";
                return context.Response.WriteAsync(name);
            };
            _services.Add(service);
        }

        _gateway = await RunningGateway.StartUnlearnedAsync(
            _services.Select(service => service.Address), "--Cors:AllowedOrigins", $"{Page}, {Trusted}", "--TRUSTED_ORIGINS", $"{Trusted} https://elsewhere.example");
        await _gateway.UntilLearnedAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/api/resource/orders Item")]
    [InlineData("/api/resource/Comment")]
    [InlineData("/api/v2/document/Comment/x")]
    [InlineData("/api/method/orders.close")]
    [InlineData(SharedMethod)]
    [InlineData("/api/v2/method/frappe.client.get_list")]
    [InlineData("/?cmd=frappe.client.get_list")]
    [InlineData("/")]
    [InlineData("/readyz")]
    [InlineData("/nothing")]
    public async Task Preflight_OfEveryDoor_IsAnswered(string path)
    {
        using var answer = await AskAsync(HttpMethod.Options, path, Page, preflight: "POST");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal((Page, "POST", "authorization, x-own"), (Header(answer, "Access-Control-Allow-Origin"), Header(answer, "Access-Control-Allow-Methods"), Header(answer, "Access-Control-Allow-Headers")));
        Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", answer.Headers.Vary);
        Assert.DoesNotContain(_services, service => !service.Seen.IsEmpty);
    }

    [Fact]
    public async Task OwnAnswers_AreReadByAllowedPages()
    {
        await _services[1].StopAsync();
        (string Path, int Status)[] answers =
            [("/nothing", 404), (SharedMethod, 417), ("/api/resource/Comment", 417), ("/api/resource/stock Item", 503), ("/api/v2/document/Nothing", 404), ("/", 200), ("/healthz", 200)];
        foreach (var (path, status) in answers)
        {
            using var answer = await AskAsync(HttpMethod.Get, path, Page);

            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("X-Frappe-Request-Id", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Contains("Retry-After", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    [Fact]
    public async Task Credentials_AreForTrustedOriginsThatAreAllowed()
    {
        foreach (var preflight in (string?[])[null, "GET"])
        {
            using var trusted = await AskAsync(preflight is null ? HttpMethod.Get : HttpMethod.Options, "/nothing", Trusted, preflight);
            Assert.Equal((Trusted, "true"), (Header(trusted, "Access-Control-Allow-Origin"), Header(trusted, "Access-Control-Allow-Credentials")));
            using var other = await AskAsync(preflight is null ? HttpMethod.Get : HttpMethod.Options, "/nothing", "https://elsewhere.example", preflight);
            Assert.DoesNotContain(other.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://APP.example")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example.evil.example")]
    [InlineData("https://app.example, https://evil.example")]
    public async Task OtherPage_ReadsNothing(string origin)
    {
        foreach (var (method, path, preflight) in ((HttpMethod, string, string?)[])[(HttpMethod.Get, "/nothing", null), (HttpMethod.Get, "/", null), (HttpMethod.Options, SharedMethod, "POST")])
        {
            using var answer = await AskAsync(method, path, origin, preflight);
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    [Fact]
    public async Task AnswerOfAService_ArrivesAsTheServiceMarkedIt()
    {
        using var answer = await AskAsync(HttpMethod.Get, "/api/resource/orders Item", Page);

        Assert.Equal("https://of-the-service.example", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("", Header(answer, "Access-Control-Expose-Headers"));
        Assert.Equal(["Accept", "Origin"], answer.Headers.Vary);
    }

    [Fact]
    public async Task WithoutTheSetting_NothingIsMarked()
    {
        await using var gateway = await RunningGateway.StartAsync([.. _services]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing") { Headers = { { "Origin", Page } } };
        using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase) || header.Key == "Vary");
    }

    [Theory]
    [InlineData("Cors:AllowedOrigins", "*")]
    [InlineData("Cors:AllowedOrigins", "app.example")]
    [InlineData("Cors:AllowedOrigins", "https://app.example/")]
    [InlineData("TRUSTED_ORIGINS", "*")]
    public void WrongOrigin_StopsTheStart(string setting, string origin)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => GatewayApp.Create(["--port", "0", "--services", "http://orders", "--" + setting, origin]));
        Assert.Contains($"{setting}: '{origin}'", failure.Message, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string origin, string? preflight = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (preflight is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", preflight);
            request.Headers.Add("Access-Control-Request-Headers", "authorization, x-own");
        }

        return await _gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
