using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Security;
using Microservices.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Microservices.Resources;

/// <summary>Tells callers, by headers of the answer, that something they use is deprecated, and counts them.</summary>
public static partial class DeprecationNotice
{
    private const string DeprecationHeader = "Deprecation";
    private const string SunsetHeader = "Sunset";

    /// <summary>Marks a route as deprecated: in its documentation and on its answers.</summary>
    public static TBuilder Deprecated<TBuilder>(this TBuilder route, Deprecation deprecation)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(deprecation);

    /// <summary>Tells of a route or method, when its endpoint is marked.</summary>
    internal static void OfEndpoint(HttpContext context, Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<Deprecation>() is { } deprecation)
        {
            Tell(context, endpoint.DisplayName ?? "", deprecation); // "HTTP: GET /path", or the name of a method
        }
    }

    /// <summary>Tells of a resource.</summary>
    internal static void OfResource(HttpContext context, DocType docType)
    {
        if (docType.Definition.Deprecation is { } deprecation)
        {
            Tell(context, docType.Name, deprecation);
        }
    }

    /// <summary>Tells of the deprecated fields that a body writes, those of child rows included.</summary>
    internal static void OfBody(HttpContext context, DocType docType, JsonElement body)
    {
        if (!docType.HasDeprecatedFields)
        {
            return;
        }

        foreach (var item in body.ValueKind is JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
        {
            foreach (var property in item.ValueKind is JsonValueKind.Object ? item.EnumerateObject().ToArray() : [])
            {
                OfField(context, docType, property.Name);
                if (docType.Table(property.Name) is { } table)
                {
                    OfBody(context, table.Child, property.Value);
                }
            }
        }
    }

    /// <summary>Tells of the deprecated fields that a list names: to show, filter, sort or group by. Asking for all of them names none.</summary>
    internal static void OfList(HttpContext context, DocType docType, ListQuery query)
    {
        if (!docType.HasDeprecatedFields)
        {
            return;
        }

        var names = query.Fields.Concat(query.Filters.Concat(query.OrFilters).Concat(query.Where?.Conditions ?? []).Select(filter => filter.Field)).Append(query.OrderBy).Append(query.GroupBy);
        foreach (var name in names.SelectMany(text => Word().Matches(text).Select(match => match.Value)).Distinct(StringComparer.Ordinal))
        {
            OfField(context, docType, name);
        }
    }

    private static void OfField(HttpContext context, DocType docType, string name)
    {
        if ((docType.Column(name)?.Definition ?? docType.Table(name)?.Definition)?.Deprecation is { } deprecation)
        {
            Tell(context, $"{docType.Name}.{name}", deprecation);
        }
    }

    private static void Tell(HttpContext context, string what, Deprecation deprecation)
    {
        var user = context.Features.Get<CurrentUserFeature>()?.User;
        context.RequestServices.GetRequiredService<DeprecatedCalls>().Count(what, user?.Subject ?? "", user?.Kind.ToString() ?? "Guest");
        // An answer that turns out to be an error tells of it too, and of several things the one that ends first.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            if (deprecation.LinkValue is { } link)
            {
                headers.Append(HeaderNames.Link, link);
            }

            if (!headers.TryGetValue(DeprecationHeader, out var since) || Number(deprecation.HeaderValue) < Number(since.ToString()))
            {
                headers[DeprecationHeader] = deprecation.HeaderValue;
            }

            if (deprecation.SunsetValue is { } sunset && (!headers.TryGetValue(SunsetHeader, out var end) || Date(sunset) < Date(end.ToString())))
            {
                headers[SunsetHeader] = sunset;
            }

            return Task.CompletedTask;
        });
    }

    private static long Number(string date) => long.Parse(date.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset Date(string date) => DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
