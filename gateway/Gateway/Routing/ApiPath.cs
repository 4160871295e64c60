using Gateway.Discovery;

namespace Gateway.Routing;

/// <summary>What part of a Frappe site's API a path addresses.</summary>
internal enum ApiFamily
{
    /// <summary>None of the two: a path of some service's own.</summary>
    None,

    /// <summary><c>/api/resource/…</c>, <c>/api/v1/resource/…</c>, <c>/api/v2/document/…</c>, <c>/api/v2/doctype/…</c>.</summary>
    DocType,

    /// <summary><c>/api/method/…</c>, <c>/api/v1/method/…</c>, <c>/api/v2/method/…</c>.</summary>
    Method,
}

/// <summary>A path under <c>/api</c>, read as far as the gateway needs: up to the DocType or the method.</summary>
/// <param name="Family">What the name names.</param>
/// <param name="Name">The DocType (or its slug) or the method, decoded; empty when the path ends before it.</param>
/// <param name="Document">What follows, decoded: a document, or a function of <c>/api/v2/method/&lt;DocType&gt;/&lt;function&gt;</c>; empty when the path ends before it.</param>
/// <param name="IsAboutDocType">Whether it is asked what the DocType is, which every service that has it answers alike.</param>
internal readonly record struct ApiPath(ApiFamily Family, string Name, string Document = "", bool IsAboutDocType = false)
{
    public static ApiPath Read(RequestTarget target)
    {
        var segments = target.DecodeSegments(5);
        if (!Is(segments[0], "api"))
        {
            return default;
        }

        var isV2 = segments.Length > 1 && Is(segments[1], "v2");
        var family = isV2 || (segments.Length > 1 && Is(segments[1], "v1")) ? 2 : 1;
        var name = family + 1 < segments.Length ? segments[family + 1] : "";
        var rest = family + 2 < segments.Length ? segments[family + 2] : "";
        return (family < segments.Length ? segments[family] : "") switch
        {
            var word when Is(word, "method") => new(ApiFamily.Method, name, isV2 ? rest : ""),
            var word when isV2 && Is(word, "document") => new(ApiFamily.DocType, name, rest),
            var word when isV2 && Is(word, "doctype") => new(ApiFamily.DocType, name, IsAboutDocType: Is(rest, "meta")),
            var word when !isV2 && Is(word, "resource") => new(ApiFamily.DocType, name, rest),
            _ => default,
        };
    }

    public Service? FindOwner(RoutingTable table) => Family switch
    {
        ApiFamily.DocType => table.FindDocType(Name),
        ApiFamily.Method => table.FindMethod(Name) ?? (Document.Length > 0 ? table.FindDocType(Name) : null),
        _ => null,
    };

    // As the services' own routing does: fixed parts of a path have no case.
    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);
}
