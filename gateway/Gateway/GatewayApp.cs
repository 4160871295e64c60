using System.Text;
using Gateway.Discovery;
using Gateway.Forwarding;
using Gateway.Health;
using Gateway.Pages;
using Gateway.Routing.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>The gateway as a program, and as a part of another host.</summary>
public static class GatewayApp
{
    /// <summary>Builds the gateway; the caller runs it. Several can live in one process.</summary>
    /// <param name="args">Settings as <c>--name value</c>, such as <c>--port 8080 --services "http://127.0.0.1:5001"</c>.</param>
    /// <param name="configure">Changes the builder before the gateway is built, after the gateway's own registrations.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    /// <exception cref="FormatException">The port or the address to listen on is none.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        QuietByDefault(builder.Configuration);
        Listen(builder);
        AddGateway(builder.Services);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseMiddleware<RequestGuardMiddleware>();
        app.UseMiddleware<CrossOriginMiddleware>();
        app.Run(app.Services.GetRequiredService<RequestDispatcher>().DispatchAsync);
        return app;
    }

    /// <summary>Runs the gateway until it is told to stop, or, with <c>--health</c>, asks a running one whether it is up.</summary>
    /// <returns>The exit code: 0, or 1 when a setting is wrong, the port is taken, or <c>--health</c> found no healthy gateway.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--health", StringComparer.Ordinal))
        {
            return await HealthProbe.RunAsync(args);
        }

        try
        {
            await Create(args).RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is OptionsValidationException or IOException or FormatException)
        {
            await Console.Error.WriteLineAsync($"The gateway cannot start: {exception.Message}");
            return 1;
        }
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        if (ListenAddress.From(builder.Configuration) is { } address)
        {
            builder.WebHost.UseUrls(address);
        }
    }

    private static void AddGateway(IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>()
            .BindConfiguration("")
            .Configure<IConfiguration>((options, configuration) =>
            {
                options.Services = GatewayOptions.ReadServices(configuration);
                options.AllowedOrigins = GatewayOptions.ReadOrigins(configuration, GatewayOptions.AllowedOriginsSetting);
                options.TrustedOrigins = GatewayOptions.ReadOrigins(configuration, GatewayOptions.TrustedOriginsSetting);
            })
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>((kestrel, gateway) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = gateway.Value.MaxRequestBodyBytes;
            // Latin-1 on both sides of the gateway hands every byte of a header value on as it came.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        });

        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        services.AddSingleton<ServiceClient>();
        services.AddSingleton<ServiceDirectory>();
        services.AddSingleton<ManifestReader>();
        services.AddHostedService<ManifestPoller>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ServiceForwarder>();
        services.AddSingleton<ServicesPage>();
        services.AddSingleton<RequestInspector>();
        services.AddSingleton<RequestDispatcher>();
    }

    // Lowest priority, so that any configuration of the host's own wins: two lines per request cost more than the request.
    private static void QuietByDefault(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Yarp"] = "Error",
            },
        });
}
