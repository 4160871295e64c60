using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Central;
using Gateway;
using Microservices;
using Microservices.Data.Schema;
using Microservices.DocTypes;
using Microservices.Hosting;
using Microsoft.Extensions.Options;
using Notifications;
using Orders;
using Signup;

namespace Local;

/// <summary>Every part of the product in this process, each on a loopback port of its own, with the gateway in front.</summary>
internal sealed class LocalProduct : IAsyncDisposable
{
    private static readonly TimeSpan s_readyLimit = TimeSpan.FromSeconds(60);

    private static readonly (string Name, Func<string[], Microservice> Create)[] s_services =
    [
        ("orders", OrdersService.Create),
        ("signup", SignupService.Create),
        ("notifications", NotificationsService.Create),
    ];

    private readonly LocalOptions _options;
    private readonly LocalSecrets _secrets;
    private readonly LocalDatabases _databases;
    private readonly List<WebApplication> _parts = [];

    private LocalProduct(LocalOptions options, LocalSecrets secrets)
    {
        _options = options;
        _secrets = secrets;
        _databases = new LocalDatabases(options);
    }

    /// <summary>Whether an exception says something that whoever typed the command can mend.</summary>
    public static bool IsOperatorError(Exception exception) =>
        exception is StartupException or DocTypeException or SchemaException or OptionsValidationException or IOException or UnauthorizedAccessException;

    /// <summary>Starts all parts and waits until every one of them answers.</summary>
    /// <exception cref="StartupException">Something is in the way; the message says what.</exception>
    public static async Task<LocalProduct> StartAsync(LocalOptions options, CancellationToken cancellationToken)
    {
        CheckPort(options.Port);
        var secrets = LocalSecrets.LoadOrCreate(options.DataFolder);
        var product = new LocalProduct(options, secrets);
        try
        {
            await product._databases.CheckAsync(cancellationToken);
            var seed = LocalSeed.Write(options, secrets, [.. s_services.Select(service => service.Name)]);
            if (options.SeedFile is null)
            {
                secrets.WriteDemo(options);
            }

            await product.StartPartsAsync(seed, cancellationToken);
            await product.WaitUntilReadyAsync(cancellationToken);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>Prints the address and requests to paste.</summary>
    public void PrintReady()
    {
        Console.WriteLine($"READY {_options.BaseAddress}");
        if (_options.SeedFile is null)
        {
            Console.WriteLine(LocalSecrets.Requests(_options));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The gateway is the last of them: what it has in hand is answered before the services go.
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.StopAsync(CancellationToken.None);
            await part.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(string seed, CancellationToken cancellationToken)
    {
        string[] mail = _options.MailFolder is { } folder ? ["--CENTRAL_MAIL_SINK_DIRECTORY", folder] : [];
        var central = await StartAsync(CentralSite.Create(Arguments("central", ["--CENTRAL_SEED", seed, "--CENTRAL_SITE_URL", _options.BaseAddress, .. mail])), cancellationToken);
        // Services are built first and learn each other's addresses as they start; only orders calls another one.
        var notifications = await StartServiceAsync("notifications", central, [], cancellationToken);
        var others = await Task.WhenAll(s_services
            .Where(service => service.Name != "notifications")
            .Select(service => StartServiceAsync(service.Name, central, ["--NOTIFICATIONS_URL", notifications], cancellationToken)));

        var gateway = GatewayApp.Create(
            ["--port", _options.Port.ToString(CultureInfo.InvariantCulture), "--services", string.Join(';', [central, notifications, .. others]), "--docs", "true"],
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        _parts.Add(gateway);
        await gateway.StartAsync(cancellationToken);
    }

    private Task<string> StartServiceAsync(string name, string central, string[] more, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--CENTRAL_SITE_URL", central, "--CENTRAL_SITE_ISSUER", _options.BaseAddress,
            "--CENTRAL_SITE_CLIENT_ID", name, "--CENTRAL_SITE_CLIENT_SECRET", _secrets.ServiceSecret(name), .. more,
        ];
        return StartAsync(s_services.Single(service => service.Name == name).Create(Arguments(name, arguments)), cancellationToken);
    }

    private async Task<string> StartAsync(Microservice service, CancellationToken cancellationToken)
    {
        try
        {
            var application = service.Build();
            lock (_parts)
            {
                _parts.Add(application);
            }

            await application.StartAsync(cancellationToken);
            return application.Urls.Single();
        }
        catch (Exception exception) when (IsOperatorError(exception))
        {
            var seed = _options.SeedFile is { } file && exception.Message.Contains(LocalSeed.FileName, StringComparison.Ordinal) ? $" (That seed is made of {file}.)" : "";
            throw new StartupException($"{service.Name}: {exception.Message}{seed}", exception);
        }
    }

    private string[] Arguments(string name, string[] more) =>
    [
        "--environment", "Development", "--PORT", "0", "--BIND", "127.0.0.1", "--DATA_DIRECTORY", _options.DataFolder,
        "--Logging:LogLevel:Default", "Warning",
        // The central site's work across tenants is audited there; here it would only hide READY.
        "--Logging:LogLevel:Microservices.Data.TenantDb", "Error", .. _databases.Arguments(name), .. more,
    ];

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_options.BaseAddress) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_readyLimit);
        var answer = "nothing answers";
        try
        {
            while (true)
            {
                using var ready = await http.GetAsync("/readyz", limit.Token);
                if (ready.StatusCode is HttpStatusCode.OK)
                {
                    return;
                }

                answer = await ready.Content.ReadAsStringAsync(limit.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartupException($"Not every part was ready after {s_readyLimit.TotalSeconds:0} s: {answer}");
        }
    }

    private static void CheckPort(int port)
    {
        if (port is < 1 or > ushort.MaxValue)
        {
            throw new StartupException($"--port is a number from 1 to {ushort.MaxValue}.");
        }

        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new StartupException($"Port {port} cannot be used ({exception.SocketErrorCode}): end what listens there, or choose another with --port.", exception);
        }
    }
}
