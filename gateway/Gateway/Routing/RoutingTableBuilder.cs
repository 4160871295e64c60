using System.Collections.Frozen;
using Gateway.Discovery;
using Gateway.Routing.Shared;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Gateway.Routing;

/// <summary>Makes a routing table of manifests, given in configured order: who comes first keeps a claim.</summary>
internal sealed class RoutingTableBuilder(ILogger logger)
{
    private const string Api = "api";

    private readonly Dictionary<string, Service> _docTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Service> _methods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Service> _names = new(StringComparer.Ordinal);
    private readonly List<ServiceRoute> _routes = [];
    private readonly Dictionary<string, List<Service>> _sharedDocTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SharedMethod> _sharedMethods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Service> _rows = new(StringComparer.Ordinal);

    public List<Conflict> Conflicts { get; } = [];

    /// <param name="service">Who announces.</param>
    /// <param name="manifest">What it announces.</param>
    /// <param name="isNew">Whether this manifest was not part of the table before, so that its faults are worth a log line.</param>
    public void Add(Service service, Manifest manifest, bool isNew)
    {
        Claim(_names, "Service name", manifest.Name, service);
        AddShared(service, manifest);
        foreach (var docType in manifest.DocTypes.Where(docType => !docType.Shared))
        {
            // A DocType whose name belongs to another service gets no slug either: half of it here would be worse than none.
            if (Claim(_docTypes, "DocType", docType.Name, service) && docType.Slug is { } slug)
            {
                Claim(_docTypes, "DocType slug", slug, service);
            }
        }

        foreach (var method in manifest.Methods)
        {
            Claim(_methods, "Method", method, service);
        }

        foreach (var route in manifest.Routes)
        {
            AddRoute(service, manifest.Name, route, isNew);
        }
    }

    private void AddShared(Service service, Manifest manifest)
    {
        foreach (var docType in manifest.DocTypes.Where(docType => docType.Shared))
        {
            foreach (var name in new[] { docType.Name, docType.Slug }.OfType<string>().Distinct())
            {
                if (!_sharedDocTypes.TryGetValue(name, out var holders))
                {
                    _sharedDocTypes.Add(name, holders = []);
                }

                holders.Add(service);
            }
        }

        foreach (var method in manifest.SharedMethods)
        {
            if (!_sharedMethods.TryGetValue(method.Name, out var known))
            {
                _sharedMethods.Add(method.Name, known = new SharedMethod(method.ByDocType, []));
            }

            known.Services.Add(service);
        }

        foreach (var row in manifest.Rows)
        {
            // Two services may each have rows of this name: a call says whose they are by their parent.
            _rows.TryAdd(row, service);
        }
    }

    public RoutingTable Build()
    {
        // OrderBy is stable: of two patterns equally specific, the one of the service listed first is tried first.
        ServiceRoute[] sorted = [.. _routes.OrderBy(route => route.Precedence)];
        var byFirst = sorted.Where(route => route.FirstLiteral is not null)
            .Select(route => route.FirstLiteral!)
            .Append(Api)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(first => first, first => Candidates(sorted, first), StringComparer.OrdinalIgnoreCase);
        return new(
            _docTypes.ToFrozenDictionary(StringComparer.Ordinal),
            _methods.ToFrozenDictionary(StringComparer.Ordinal),
            _names.ToFrozenDictionary(StringComparer.Ordinal),
            byFirst,
            [.. sorted.Where(route => route.FirstLiteral is null)],
            new SharedNames(
                _sharedDocTypes.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal),
                _sharedMethods.ToFrozenDictionary(StringComparer.Ordinal),
                _rows.ToFrozenDictionary(StringComparer.Ordinal)));
    }

    // A catch-all from the root, such as a web front end's, is not to swallow the API of services that are not known yet.
    private static ServiceRoute[] Candidates(ServiceRoute[] sorted, string first) =>
        [.. sorted.Where(route => string.Equals(route.FirstLiteral, first, StringComparison.OrdinalIgnoreCase)
            || (route.FirstLiteral is null && !first.Equals(Api, StringComparison.OrdinalIgnoreCase)))];

    private void AddRoute(Service service, string name, ManifestRoute announced, bool isNew)
    {
        ServiceRoute route;
        try
        {
            route = new ServiceRoute(service, announced);
        }
        catch (Exception exception) when (exception is RoutePatternException or ArgumentException)
        {
            if (isNew)
            {
                logger.BadRoute(name, OneLine(announced.Path), OneLine(exception.Message));
            }

            return;
        }

        var rival = _routes.Find(other => other.Service != service && other.Shape == route.Shape && other.SharesVerb(route));
        if (rival is not null)
        {
            Conflicts.Add(new("Route", OneLine(announced.Path), rival.Service.Label, name));
        }

        // Kept even then: it may take verbs that the first one does not.
        _routes.Add(route);
    }

    private bool Claim(Dictionary<string, Service> claims, string kind, string claim, Service service)
    {
        if (claims.TryAdd(claim, service) || claims[claim] == service)
        {
            return true;
        }

        Conflicts.Add(new(kind, claim, claims[claim].Label, service.Label));
        return false;
    }

    private static string OneLine(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) ? ' ' : c));
}
