using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Microservices.Gateway.Tests.Support;

/// <summary>The gateway on a free loopback port, with a client.</summary>
public sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningGateway(WebApplication app, LogCollector logs)
    {
        _app = app;
        Logs = logs;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public LogCollector Logs { get; }

    /// <summary>Starts it and waits until it has learned all of the services.</summary>
    public static async Task<RunningGateway> StartAsync(params FakeService[] services)
    {
        var gateway = await StartUnlearnedAsync(services.Select(service => service.Address));
        await gateway.UntilLearnedAsync(services.Length);
        return gateway;
    }

    public static async Task<RunningGateway> StartUnlearnedAsync(IEnumerable<string> addresses, params string[] settings)
    {
        var logs = new LogCollector();
        var app = GatewayApp.Create(
            [
                "--port", "0", "--services", string.Join(';', addresses), "--refreshSeconds", "0.05", "--missingRefreshSeconds", "0.05",
                "--docs", "true", .. settings,
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(logs);
            });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningGateway(app, logs);
    }

    public Task UntilLearnedAsync(int services) =>
        Wait.UntilAsync(() => Logs.Lines.Count(line => line.StartsWith("Learned service", StringComparison.Ordinal)) >= services);

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<string> GetTextAsync(string path)
    {
        using var response = await GetAsync(path);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> GetJsonAsync(string path)
    {
        var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonDocument.Parse(text).RootElement, response);
    }

    /// <summary>Sends the bytes of <paramref name="head"/>, untouched by any client library, and reads the whole answer.</summary>
    public async Task<string> SendRawAsync(string head)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port, cancel);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), cancel);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancel);
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>A GET whose target is sent as given; the connection closes after the answer.</summary>
    public Task<string> GetRawAsync(string target, string headers = "") =>
        SendRawAsync($"GET {target} HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n{headers}\r\n");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
