using Microsoft.AspNetCore.Builder;

namespace Microservices.Resources.OpenApi;

/// <summary>What every file of Swagger UI is answered with.</summary>
internal static class DocumentationPage
{
    // Swagger UI writes style attributes and inlines its icons; all else comes from this origin, and no page may frame it.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Guard(EndpointBuilder endpoint)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            return answer(context);
        };
    }
}
