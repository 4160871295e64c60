using Microservices.Framework.Tests.Support;
using Microservices.Hosting;

namespace Microservices.Framework.Tests.Contract;

/// <summary>Pages of other origins: those that a setting names, and no other.</summary>
public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string Page = "https://app.example";
    private const string Trusted = "https://desk.example";
    private const string Foreign = "https://evil.example";
    private const string Path = "/api/resource/Customer";

    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(Shop.Describe, configuration =>
    {
        configuration["Cors:AllowedOrigins"] = $"{Page}, {Trusted}";
        configuration["TRUSTED_ORIGINS"] = $"{Trusted}, https://elsewhere.example";
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task AllowedPage_ReadsAnswers_AndErrors()
    {
        foreach (var path in (string[])[Path, Path + "/nobody", "/nothing"])
        {
            var answer = await AskAsync(HttpMethod.Get, path, Page, _service.As("acme"));

            Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
            Assert.Contains("X-Frappe-Request-Id", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    [Fact]
    public async Task Credentials_AreForTrustedOrigins()
    {
        Assert.Equal("true", Header(await AskAsync(HttpMethod.Get, Path, Trusted, _service.As("acme")), "Access-Control-Allow-Credentials"));
        Assert.Equal("", Header(await AskAsync(HttpMethod.Get, Path, "https://elsewhere.example", _service.As("acme")), "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Preflight_IsAnsweredWithoutCredentials()
    {
        var answer = await AskAsync(HttpMethod.Options, Path, Page, _service.Nobody(), preflight: "PATCH");

        Assert.Equal(200, answer.Status);
        Assert.Empty(answer.Text);
        Assert.Equal("PATCH", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Equal("authorization", Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("86400", Header(answer, "Access-Control-Max-Age"));
    }

    [Theory]
    [InlineData(Foreign)]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://app.example.evil.example")]
    [InlineData("https://APP.example")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example, https://evil.example")]
    public async Task OtherPage_ReadsNothing(string origin)
    {
        foreach (var answer in (Answer[])[await AskAsync(HttpMethod.Get, Path, origin, _service.As("acme")), await AskAsync(HttpMethod.Options, Path, origin, _service.Nobody(), preflight: "GET")])
        {
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    [Fact]
    public async Task AllowedPage_MayNotUseASessionThatIsNotForIt()
    {
        _service.Central.Credentials["session s1"] = _service.Central.Active(TimeProvider.System.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", Page);
        request.Headers.Add("Cookie", "sid=s1");

        Assert.Equal(400, (await _service.Nobody().SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("app.example")]
    [InlineData("https://app.example/")]
    public async Task WrongOrigin_StopsTheStart(string origin)
    {
        var failure = await Assert.ThrowsAsync<StartupException>(() => TestService.StartAsync(Shop.Describe, configuration => configuration["Cors:AllowedOrigins"] = origin));
        Assert.Contains(origin, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<Answer> AskAsync(HttpMethod method, string path, string origin, TestCaller caller, string? preflight = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (preflight is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", preflight);
            request.Headers.Add("Access-Control-Request-Headers", "authorization");
        }

        return await caller.SendAsync(request);
    }

    private static string Header(Answer answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
