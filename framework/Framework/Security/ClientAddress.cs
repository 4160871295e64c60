using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Microservices.Security;

/// <summary>
/// The address that a request comes from: the peer of its connection, or, when that is one of the trusted proxies, the last address of
/// <c>X-Forwarded-For</c> that is none of them.
/// </summary>
internal sealed class ClientAddress(CentralSiteOptions options)
{
    /// <summary>The header in which each proxy notes whom it was asked by.</summary>
    public const string Header = "X-Forwarded-For";

    private readonly IReadOnlyList<IPNetwork> _trusted = options.TrustedProxies;

    /// <summary>The client's address.</summary>
    public IPAddress Of(HttpContext context)
    {
        IPAddress address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_trusted.Count == 0)
        {
            return address;
        }

        // From the near end: each address was written by the proxy after it, so the first stranger is the client.
        IEnumerable<string> hops = context.Request.Headers[Header].SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Reverse();
        foreach (string hop in hops)
        {
            if (!_trusted.Any(network => network.Contains(address)) || !IPAddress.TryParse(hop, out IPAddress? next))
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
        IPAddress address = Of(context);
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    /// <summary>A network, or an address as the network of that address alone; null when the text is neither.</summary>
    public static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>An IPv4 address that came over IPv6 as what it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
