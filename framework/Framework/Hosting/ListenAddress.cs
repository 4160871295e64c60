using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microservices.Hosting;

/// <summary>Where a service listens: <c>BIND</c> (127.0.0.1; containers set 0.0.0.0) and <c>PORT</c> (8000; 0 takes a free one).</summary>
internal static class ListenAddress
{
    private const int DefaultPort = 8000;

    public static string Url(IConfiguration configuration) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{configuration["BIND"] ?? "127.0.0.1"}:{Port(configuration)}");

    /// <exception cref="StartupException">PORT is not a port.</exception>
    public static int Port(IConfiguration configuration) => configuration["PORT"] switch
    {
        null or "" => DefaultPort,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new StartupException($"PORT is a number from 0 to {ushort.MaxValue}, not '{text}'."),
    };
}
