using System.Collections.Frozen;
using Gateway.Discovery;
using Gateway.Routing.Shared;

namespace Gateway.Routing;

/// <summary>Which service owns what. Immutable; a lookup costs the same for ten DocTypes and for ten thousand.</summary>
internal sealed class RoutingTable(
    FrozenDictionary<string, Service> docTypes,
    FrozenDictionary<string, Service> methods,
    FrozenDictionary<string, Service> names,
    FrozenDictionary<string, ServiceRoute[]> routes,
    ServiceRoute[] otherRoutes,
    SharedNames shared)
{
    public static RoutingTable Empty { get; } = new RoutingTableBuilder(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance).Build();

    /// <param name="docType">The DocType's name, or its slug.</param>
    public Service? FindDocType(string docType) => docTypes.GetValueOrDefault(docType);

    public Service? FindMethod(string method) => methods.GetValueOrDefault(method);

    public Service? FindName(string name) => names.GetValueOrDefault(name);

    /// <summary>What several services have under one name.</summary>
    public SharedNames Shared => shared;

    /// <summary>
    /// Finds the service that announced the path: the most specific pattern that takes the verb, or, when none does, the most
    /// specific pattern, whose service then answers for the verb itself (405, or a browser's preflight).
    /// </summary>
    public Service? FindRoute(string verb, PathString path)
    {
        ServiceRoute? otherVerb = null;
        foreach (var route in routes.GetValueOrDefault(FirstSegment(path), otherRoutes))
        {
            if (!route.IsPath(path))
            {
                continue;
            }

            if (route.TakesVerb(verb))
            {
                return route.Service;
            }

            otherVerb ??= route;
        }

        return otherVerb?.Service;
    }

    private static string FirstSegment(PathString path)
    {
        var text = path.Value is { Length: > 0 } value ? value.AsSpan(1) : default;
        var end = text.IndexOf('/');
        return (end < 0 ? text : text[..end]).ToString();
    }
}
