using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Support;

/// <summary>A service on loopback that authenticates with a <see cref="CentralSiteServer"/>, with its error answers reduced to what tests read.</summary>
internal sealed class ServiceServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServiceServer(WebApplication app) => _app = app;

    public HttpClient Http { get; private set; } = new();

    public Uri Address { get; private set; } = new("http://localhost");

    public IServiceProvider Services => _app.Services;

    public static CentralSiteOptions Options(CentralSiteServer central, bool acceptSiteAudience = true, params string[] trustedOrigins) => new()
    {
        Url = new Uri(central.Url),
        Audience = "https://orders.example",
        AcceptSiteAudience = acceptSiteAudience,
        ClientId = CentralSiteServer.ClientId,
        ClientSecret = CentralSiteServer.ClientSecret,
        TrustedOrigins = trustedOrigins,
    };

    public static async Task<ServiceServer> StartNewAsync(CentralSiteOptions options, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time);
        builder.Services.AddServiceAuthentication(options).AddServiceAuthentication(options);
        WebApplication app = builder.Build();
        app.Use(AnswerErrorsAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapWhoAmI();
        app.MapMethods("/open", ["GET", "POST"], (HttpContext context) => context.Features.Get<CurrentUserFeature>()?.User?.Name ?? "Guest");
        app.MapGet("/authorized", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization();
        app.MapGet("/managers", () => "welcome").RequireAuthorization(policy => policy.RequireRole("Sales Manager"));
        app.MapGet("/directors", () => "welcome").RequireAuthorization(policy => policy.RequireRole("Director"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(app.Urls.Single());
        return new ServiceServer(app) { Address = address, Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = address } };
    }

    /// <summary>Sends a request whose headers are taken as they are.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (FrameworkException exception)
        {
            context.Response.StatusCode = exception.StatusCode;
            if (exception is AuthenticationException authentication)
            {
                context.Response.Headers.WWWAuthenticate = BearerChallenge.For(authentication);
            }

            if (exception.RetryAfter is { } retryAfter)
            {
                context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            await context.Response.WriteAsync(exception is AuthenticationException { SessionExpired: true } ? exception.Type + " session_expired" : exception.Type);
        }
    }
}
