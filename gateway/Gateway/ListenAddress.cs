using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway;

/// <summary>Where the gateway listens.</summary>
internal static class ListenAddress
{
    private const int DefaultPort = 8080;

    /// <summary>
    /// <c>PORT</c> on <c>BIND</c> (loopback unless told otherwise), or null when only ASP.NET Core's own <c>urls</c> are set, which
    /// then hold. The server takes any text for a host name and listens on every address for it, so both are checked here.
    /// </summary>
    /// <exception cref="FormatException">The port is no number, or the address no IP address.</exception>
    public static string? From(IConfiguration configuration)
    {
        var port = configuration["Port"];
        if (port is null && configuration["urls"] is { Length: > 0 })
        {
            return null;
        }

        return $"http://{Host(configuration["Bind"])}:{Number(port).ToString(CultureInfo.InvariantCulture)}";
    }

    private static int Number(string? port) => port switch
    {
        null => DefaultPort,
        _ when ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new FormatException($"Port: '{port}' is not a number from 0 to 65535."),
    };

    private static string Host(string? bind) => bind switch
    {
        null or "" => "127.0.0.1",
        _ when IPAddress.TryParse(bind, out var address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(),
        _ => throw new FormatException($"Bind: '{bind}' is not an IP address, such as 127.0.0.1, 0.0.0.0 or ::."),
    };
}
