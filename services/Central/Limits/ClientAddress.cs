using System.Net;

namespace Central.Limits;

/// <summary>
/// The address that a request comes from: the peer of its connection, or, when that is one of <c>TRUSTED_PROXIES</c> (addresses and
/// networks, separated by commas), the last address of <c>X-Forwarded-For</c> that is none of them.
/// </summary>
internal sealed class ClientAddress(IConfiguration configuration)
{
    private const string Header = "X-Forwarded-For";

    private readonly List<IPNetwork> _trusted = [.. (configuration["TRUSTED_PROXIES"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>The client's address.</summary>
    public IPAddress Of(HttpContext context)
    {
        var address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_trusted.Count == 0)
        {
            return address;
        }

        // From the near end: each address was written by the proxy after it, so the first stranger is the client.
        var hops = context.Request.Headers[Header].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Reverse();
        foreach (var hop in hops)
        {
            if (!_trusted.Any(network => network.Contains(address)) || !IPAddress.TryParse(hop, out var next))
            {
                break;
            }

            address = Plain(next);
        }

        return address;
    }

    /// <summary>What limits count by: an IPv4 address, or the network of an IPv6 address, since its owner has all of that.</summary>
    public string LimitKey(HttpContext context)
    {
        var address = Of(context);
        return address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private static IPNetwork Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new StartupException($"TRUSTED_PROXIES holds addresses such as 10.0.0.7 and networks such as 10.0.0.0/8, not '{text}'.");

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
