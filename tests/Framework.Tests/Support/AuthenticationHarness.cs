using System.Diagnostics.Metrics;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Support;

/// <summary>The parts that authenticate, with a central site and a clock of their own, and without anything in the background.</summary>
internal sealed class AuthenticationHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private AuthenticationHarness(CentralSiteServer central, CentralSiteOptions options)
    {
        Central = central;
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Time).AddServiceAuthentication(options).BuildServiceProvider();
    }

    public CentralSiteServer Central { get; }

    public ManualTimeProvider Time { get; } = new();

    public JwksCache Keys => _services.GetRequiredService<JwksCache>();

    public ServiceTokenProvider Tokens => _services.GetRequiredService<ServiceTokenProvider>();

    public IntrospectionClient Introspection => _services.GetRequiredService<IntrospectionClient>();

    /// <summary>What the meters of these parts, and of no others, are made by.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public CredentialAuthenticator Authenticator => _services.GetRequiredService<CredentialAuthenticator>();

    /// <summary>Starts a central site; <paramref name="options"/> may ask it otherwise than usual.</summary>
    public static async Task<AuthenticationHarness> StartNewAsync(Func<CentralSiteServer, CentralSiteOptions>? options = null)
    {
        CentralSiteServer central = await CentralSiteServer.StartNewAsync();
        return new AuthenticationHarness(central, options?.Invoke(central) ?? ServiceServer.Options(central));
    }

    public static DefaultHttpContext Request(string? authorization = null, string? cookie = null, string method = "GET")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("shop.example");
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        if (cookie is not null)
        {
            context.Request.Headers.Cookie = cookie;
        }

        return context;
    }

    public string Token(Action<System.Text.Json.Nodes.JsonObject>? claims = null, Action<System.Text.Json.Nodes.JsonObject>? header = null) =>
        Central.Signer.Token(Central.Url, Time.GetUtcNow(), claims, header);

    public async Task<CurrentUser?> BearerAsync(string token) => await Authenticator.AuthenticateAsync(Request("Bearer " + token));

    public async Task<CurrentUser?> SessionAsync(string sid) => await Authenticator.AuthenticateAsync(Request(cookie: "sid=" + sid));

    public async Task<CurrentUser?> ApiKeyAsync(string pair) => await Authenticator.AuthenticateAsync(Request("token " + pair));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Central.DisposeAsync();
    }
}
