using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microservices.Benchmarks.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Microservices.Benchmarks.Framework;

/// <summary>An issuer of access tokens, as far as a service needs one: discovery, one key, and tokens of a day.</summary>
internal sealed class FrameworkIssuer : IAsyncDisposable
{
    public const string KeyId = "benchmark";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;

    public FrameworkIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            $$"""{"issuer":"{{Url}}","jwks_uri":"{{Url}}/oauth/jwks","token_endpoint":"{{Url}}/oauth/token","introspection_endpoint":"{{Url}}/oauth/introspect"}""", "application/json"));
        _app.MapGet("/oauth/jwks", () => Results.Text(KeySet(), "application/json"));
    }

    public string Url => _app.Urls.Single();

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public string Token(int tenant)
    {
        var now = TimeProvider.System.GetUtcNow();
        var payload = string.Create(CultureInfo.InvariantCulture, $$"""
            {"iss":"{{Url}}","aud":"{{Url}}","sub":"u-{{tenant}}","username":"user@example.com","client_id":"benchmark","jti":"{{Guid.NewGuid():N}}","scope":"all","tenant":"{{BenchItem.Tenant(tenant)}}","roles":["Sales User"],"iat":{{now.ToUnixTimeSeconds()}},"exp":{{now.AddDays(1).ToUnixTimeSeconds()}}}
            """);
        var input = $"{Encode($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{KeyId}}"}""")}.{Encode(payload)}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private string KeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"{{KeyId}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
    }
}
