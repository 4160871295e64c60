using System.Diagnostics;
using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Documents;
using Microsoft.Extensions.Hosting;

namespace Microservices.Framework.Tests.Support;

/// <summary>A service in a process of its own, which a test can kill: this very test program, started with <see cref="Argument"/>.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    public const string Argument = "serve";

    private const string Ready = "READY ";

    private readonly Process _process;
    private readonly CentralSiteServer _central;

    private ServiceProcess(Process process, CentralSiteServer central) => (_process, _central) = (process, central);

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>What the process does.</summary>
    public static async Task ServeAsync()
    {
        var service = Microservice.Create("test");
        new Depot().Describe(service);
        Files.FileShop.Describe(service);
        var application = service.Build();
        await application.StartAsync();
        Console.WriteLine(Ready + application.Urls.Single());
        await application.WaitForShutdownAsync();
    }

    public static async Task<ServiceProcess> StartAsync(CentralSiteServer central, TestDatabase database, params (string Name, string Value)[] settings)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ServiceProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Argument);
        foreach (var (name, value) in database.Settings)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["PORT"] = "0";
        start.Environment["CENTRAL_SITE_URL"] = central.Url;
        start.Environment["CENTRAL_SITE_CLIENT_ID"] = CentralSiteServer.ClientId;
        start.Environment["CENTRAL_SITE_CLIENT_SECRET"] = CentralSiteServer.ClientSecret;
        start.Environment["Logging__LogLevel__Default"] = "None";
        var service = new ServiceProcess(Process.Start(start)!, central);
        while (await service._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                service.Address = new Uri(line[Ready.Length..]);
                return service;
            }
        }

        throw new InvalidOperationException($"The service ended with code {service._process.ExitCode} before it was ready.");
    }

    public TestCaller As(string tenant) => new(new HttpClient { BaseAddress = Address }, _central.Signer.Token(_central.Url, TimeProvider.System.GetUtcNow(), claims =>
    {
        claims["tenant"] = tenant;
        claims["roles"] = new JsonArray("System Manager");
    }));

    /// <summary>Ends the process as a power cut would: nothing in it runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
