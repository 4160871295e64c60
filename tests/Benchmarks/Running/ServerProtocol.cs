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
        app.MapGet(AllocatedPath, () => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        await app.StartAsync(cancellationToken);
        string address = ((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine(Ready + address);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
