using System.Net;
using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Security;

/// <summary>A whole service that was started while its central site is away.</summary>
public sealed class UnreachableCentralSiteTests
{
    private const string NobodyListens = "http://127.0.0.1:1";

    [Fact]
    public async Task EveryCredential_Is503_InTheShapeOfAllErrors()
    {
        await using TestService service = await TestService.StartAsync(
            service => service.SecureRoute("GET", "/secret", () => "secret"),
            configuration => (configuration["CENTRAL_SITE_URL"], configuration["Logging:LogLevel:Default"]) = (NobodyListens, "None"));
        using var signer = new TestSigner();
        string token = signer.Token(NobodyListens, TimeProvider.System.GetUtcNow());
        foreach ((string name, string value) in ((string, string)[])[("Authorization", "Bearer " + token), ("Authorization", "token key:secret"), ("Cookie", "sid=s1")])
        {
            using HttpClient http = service.Anonymous();
            http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            using HttpResponseMessage response = await http.GetAsync(new Uri("/secret", UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
            Assert.True(response.Headers.CacheControl!.NoStore);
            Assert.Empty(response.Headers.WwwAuthenticate);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(
                ("error", "AuthServiceUnavailable", 503),
                (body.RootElement.GetProperty("status").GetString(), body.RootElement.GetProperty("type").GetString(), body.RootElement.GetProperty("code").GetInt32()));
            Assert.DoesNotContain("session_expired", body.RootElement.GetRawText(), StringComparison.Ordinal);
        }

        using HttpClient nobody = service.Anonymous();
        using HttpResponseMessage missing = await nobody.GetAsync(new Uri("/secret", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, missing.StatusCode);
        using HttpResponseMessage ready = await nobody.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using HttpResponseMessage up = await nobody.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, up.StatusCode);
    }
}
