using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Microservices.Gateway.Tests.Support;

/// <summary>A service on a loopback port: it announces the given manifest, records what it is asked, and answers with its own name.</summary>
public sealed class FakeService : IAsyncDisposable
{
    private WebApplication? _app;

    private FakeService(string name) => Name = name;

    public string Name { get; }

    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>What forwarded requests arrived, oldest first.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>How often the manifest was asked for.</summary>
    public int ManifestReads => _manifestReads;

    public RequestDelegate Manifest { get; set; } = null!;

    public RequestDelegate Handler { get; set; } = null!;

    public int ReadyStatus { get; set; } = 200;

    private int _manifestReads;

    public static async Task<FakeService> StartAsync(
        string name, string[]? docTypes = null, string[]? methods = null, (string Path, string[] Methods)[]? routes = null, string? docs = null, string? spec = null)
    {
        var manifest = new
        {
            name,
            version = "1.2.3",
            docTypes = (docTypes ?? []).Select(docType => new { name = docType, slug = docType.ToLowerInvariant().Replace(' ', '-') }),
            methods = methods ?? [],
            routes = (routes ?? []).Select(route => new { path = route.Path, methods = route.Methods }),
            docs,
            spec,
        };
        var service = new FakeService(name)
        {
            Manifest = context => context.Response.WriteAsJsonAsync(manifest),
            Handler = context => context.Response.WriteAsync(name),
        };
        await service.RestartAsync();
        return service;
    }

    public static Task<FakeService> StartRawAsync(string json)
    {
        return StartRawAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(json);
        });
    }

    public static async Task<FakeService> StartRawAsync(RequestDelegate manifest)
    {
        var service = new FakeService("raw") { Manifest = manifest, Handler = context => context.Response.WriteAsync("raw") };
        await service.RestartAsync();
        return service;
    }

    /// <summary>Starts it (again) at the address it had.</summary>
    public async Task RestartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Address = _app.Urls.Single();
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/.well-known/microservice":
                Interlocked.Increment(ref _manifestReads);
                return Manifest(context);
            case "/readyz":
                context.Response.StatusCode = ReadyStatus;
                return Task.CompletedTask;
            default:
                var request = context.Request;
                Seen.Enqueue(new(
                    request.Method,
                    context.Features.Get<IHttpRequestFeature>()!.RawTarget,
                    request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
                return Handler(context);
        }
    }
}

public sealed record SeenRequest(string Method, string RawTarget, IReadOnlyDictionary<string, string> Headers);
