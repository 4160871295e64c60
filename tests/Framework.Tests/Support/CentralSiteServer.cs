using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Support;

/// <summary>A central site on loopback, as far as services see one. Tests change its answers, count its requests and stop it.</summary>
internal sealed class CentralSiteServer : IAsyncDisposable
{
    public const string ClientId = "orders service";
    public const string ClientSecret = "s3cret:with+signs%";

    private WebApplication? _app;
    private int _keyRequests;
    private int _introspections;
    private int _tokenRequests;

    public TestSigner Signer { get; } = new();

    /// <summary>Address, and issuer, of this site.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What discovery says; null for the usual document.</summary>
    public Func<string>? Discovery { get; set; }

    /// <summary>How the JWKS request is answered; null for the signer's key.</summary>
    public Func<HttpContext, Task>? Keys { get; set; }

    /// <summary>How introspection is answered; null for <see cref="Credentials"/>.</summary>
    public Func<HttpContext, Task>? Introspection { get; set; }

    /// <summary>How the token endpoint is answered; null for a new token of ten minutes.</summary>
    public Func<HttpContext, Task>? Token { get; set; }

    /// <summary>Answers by "hint token"; others are not active.</summary>
    public ConcurrentDictionary<string, JsonObject> Credentials { get; } = new();

    /// <summary>Bodies of token requests.</summary>
    public ConcurrentQueue<string> TokenForms { get; } = new();

    /// <summary>Headers of introspection requests.</summary>
    public ConcurrentQueue<IHeaderDictionary> IntrospectionHeaders { get; } = new();

    public int KeyRequests => Volatile.Read(ref _keyRequests);

    public int Introspections => Volatile.Read(ref _introspections);

    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    public static async Task<CentralSiteServer> StartNewAsync()
    {
        var server = new CentralSiteServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts listening; after a stop on the same address as before.</summary>
    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.Length > 0 ? Url : "http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Text(Discovery?.Invoke() ?? Document(Url), "application/json"));
        _app.MapGet("/oauth/jwks", async context =>
        {
            Interlocked.Increment(ref _keyRequests);
            await (Keys?.Invoke(context) ?? context.Response.WriteAsync(TestSigner.KeySet(Signer.Jwk())));
        });
        _app.MapPost("/oauth/introspect", async context =>
        {
            Interlocked.Increment(ref _introspections);
            IntrospectionHeaders.Enqueue(context.Request.Headers);
            await (Introspection?.Invoke(context) ?? IntrospectAsync(context));
        });
        _app.MapPost("/oauth/token", async context =>
        {
            Interlocked.Increment(ref _tokenRequests);
            await (Token?.Invoke(context) ?? IssueAsync(context));
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Url = _app.Urls.Single();
    }

    /// <summary>Stops listening; connections are refused from then on.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public static string Document(string origin) => Document(origin, origin);

    public static string Document(string issuer, string origin) => $$"""
        {
          "issuer": "{{issuer}}", "jwks_uri": "{{origin}}/oauth/jwks", "token_endpoint": "{{origin}}/oauth/token",
          "introspection_endpoint": "{{origin}}/oauth/introspect", "id_token_signing_alg_values_supported": ["ES256"]
        }
        """;

    /// <summary>An answer that every check accepts at the given time.</summary>
    public JsonObject Active(DateTimeOffset now) => new()
    {
        ["active"] = true,
        ["iss"] = Url,
        ["sub"] = "u-1",
        ["tenant"] = "acme",
        ["roles"] = new JsonArray("Sales User"),
        ["username"] = "ann@acme.example",
        ["scope"] = "all",
        ["exp"] = now.AddHours(8).ToUnixTimeSeconds(),
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Signer.Dispose();
    }

    private static bool IsClient(HttpRequest request)
    {
        string expected = $"{WebUtility.UrlEncode(ClientId)}:{WebUtility.UrlEncode(ClientSecret)}";
        return request.Headers.Authorization.ToString() == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(expected));
    }

    private async Task IntrospectAsync(HttpContext context)
    {
        if (!IsClient(context.Request))
        {
            context.Response.StatusCode = 401;
            return;
        }

        IFormCollection form = await context.Request.ReadFormAsync();
        JsonObject answer = Credentials.GetValueOrDefault($"{form["token_type_hint"]} {form["token"]}") ?? new JsonObject { ["active"] = false };
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private async Task IssueAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        TokenForms.Enqueue(await reader.ReadToEndAsync());
        context.Response.StatusCode = IsClient(context.Request) ? 200 : 401;
        await context.Response.WriteAsync($$"""{"access_token":"token-{{TokenRequests}}","token_type":"Bearer","expires_in":600}""");
    }
}
