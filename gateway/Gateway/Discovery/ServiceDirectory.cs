using Gateway.Routing;
using Microsoft.Extensions.Options;

namespace Gateway.Discovery;

/// <summary>The configured services, and the routing table made of what they announced. The table is replaced whole, never edited.</summary>
internal sealed class ServiceDirectory(IOptions<GatewayOptions> options, ILogger<ServiceDirectory> logger)
{
    private readonly Lock _rebuild = new();
    private HashSet<Conflict> _conflicts = [];
    private volatile RoutingTable _table = RoutingTable.Empty;

    /// <summary>In configured order.</summary>
    public IReadOnlyList<Service> Services { get; } = [.. options.Value.Services.Select(address => new Service(address))];

    public RoutingTable Table => _table;

    /// <summary>Whether every service has been heard of at least once; while not, what is unknown may still belong to one of them.</summary>
    public bool IsComplete => Services.All(service => service.Manifest is not null);

    public void Learn(Service service, Manifest manifest)
    {
        lock (_rebuild)
        {
            service.Manifest = manifest;
            var builder = new RoutingTableBuilder(logger);
            foreach (var known in Services)
            {
                if (known.Manifest is { } announced)
                {
                    builder.Add(known, announced, isNew: ReferenceEquals(known, service));
                }
            }

            _table = builder.Build();
            foreach (var conflict in builder.Conflicts.Except(_conflicts))
            {
                logger.Conflict(conflict.Kind, conflict.Claim, conflict.Owner, conflict.Other);
            }

            _conflicts = [.. builder.Conflicts];
        }
    }
}
