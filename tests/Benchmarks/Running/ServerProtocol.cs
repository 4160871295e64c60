using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace Microservices.Benchmarks.Running;

/// <summary>What a server of a benchmark does beside serving: it tells when and where it is ready, and what it has allocated.</summary>
internal static class ServerProtocol
{
    public const string Ready = "READY ";

    public const string AllocatedPath = "/allocated";

    /// <summary>Serves until the process is asked to end.</summary>
    public static async Task RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        app.MapGet(AllocatedPath, Allocated);
        await ServeAsync(app, cancellationToken);
    }

    /// <summary>What <see cref="AllocatedPath"/> answers.</summary>
    public static string Allocated() => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture);

    /// <summary>Serves an application that answers <see cref="AllocatedPath"/> itself.</summary>
    public static async Task ServeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        string address = ((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine(Ready + address);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
