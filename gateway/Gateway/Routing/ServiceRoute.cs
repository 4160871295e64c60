using Gateway.Discovery;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Gateway.Routing;

/// <summary>A path of a service's own, as an ASP.NET Core route pattern. Constraints in it are left to the service.</summary>
internal sealed class ServiceRoute
{
    private readonly TemplateMatcher _matcher;
    private readonly string[] _verbs;

    /// <summary>Reads the announced pattern; throws a <c>RoutePatternException</c> when it is none.</summary>
    public ServiceRoute(Service service, ManifestRoute route)
    {
        var template = new RouteTemplate(RoutePatternFactory.Parse(route.Path));
        _matcher = new TemplateMatcher(template, []);
        _verbs = [.. route.Methods ?? []];
        Service = service;
        Precedence = RoutePrecedence.ComputeInbound(template);
        FirstLiteral = template.Segments switch
        {
            [] => "",
            [var first, ..] => first.IsSimple && first.Parts[0].IsLiteral ? first.Parts[0].Text : null,
        };
        Shape = string.Join('/', template.Segments.Select(segment => string.Concat(segment.Parts.Select(ShapeOf))));
    }

    public Service Service { get; }

    /// <summary>ASP.NET Core's own order of patterns: the smaller, the more specific.</summary>
    public decimal Precedence { get; }

    /// <summary>The first segment when it is plain text, empty for the root path, null when it varies.</summary>
    public string? FirstLiteral { get; }

    /// <summary>The pattern without the names of its parameters: two routes of one shape match the same paths.</summary>
    public string Shape { get; }

    public bool IsPath(PathString path) => _matcher.TryMatch(path, []);

    public bool TakesVerb(string verb) => _verbs.Length == 0 || _verbs.Contains(verb, StringComparer.OrdinalIgnoreCase);

    public bool SharesVerb(ServiceRoute other) => _verbs.Length == 0 || other._verbs.Length == 0 || _verbs.Any(other.TakesVerb);

    private static string ShapeOf(TemplatePart part) => part switch
    {
        { IsCatchAll: true } => "{**}",
        { IsParameter: true } => "{}",
        _ => part.Text!.ToUpperInvariant(),
    };
}
