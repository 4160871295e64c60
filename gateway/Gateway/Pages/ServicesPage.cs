using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Discovery;
using Microsoft.Extensions.Options;

namespace Gateway.Pages;

/// <summary>What <c>/</c> answers: the services behind this address, for people as a page, for programs as JSON.</summary>
internal sealed class ServicesPage(ServiceDirectory directory, IOptions<GatewayOptions> options, IHostEnvironment environment)
{
    public const string StylesheetPath = "/gateway.css";

    private static readonly byte[] Stylesheet = ReadStylesheet();

    /// <summary>Whether DocTypes and documentation are shown at all.</summary>
    public bool HasDocs { get; } = options.Value.Docs ?? environment.IsDevelopment();

    public Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept";
        headers.XContentTypeOptions = "nosniff";
        ServiceEntry[] entries = [.. directory.Services.Select(Describe)];
        if (!WantsHtml(context.Request))
        {
            context.Response.ContentType = "application/json";
            return JsonSerializer.SerializeAsync(context.Response.Body, new ServiceList(entries), ServiceListJson.Default.ServiceList, context.RequestAborted);
        }

        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Html(entries), context.RequestAborted);
    }

    public static Task WriteStylesheetAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = Stylesheet.Length;
        context.Response.Headers.CacheControl = "public, max-age=3600";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.Body.WriteAsync(Stylesheet, context.RequestAborted).AsTask();
    }

    private ServiceEntry Describe(Service service)
    {
        var shown = HasDocs ? service.Manifest : null;
        return new(
            service.Label, service.Manifest?.Version, service.IsUp, Address(shown?.Docs), Address(shown?.Spec),
            [.. shown?.DocTypes.Where(docType => !docType.Shared).Select(docType => docType.Name) ?? []]);

        string? Address(string? path) => path is null ? null : $"/services/{Uri.EscapeDataString(service.Label)}{path}";
    }

    private static bool WantsHtml(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && accepted.Quality != 0);

    private static string Html(IReadOnlyList<ServiceEntry> services)
    {
        var html = new StringBuilder("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Services</title>
            <link rel="stylesheet" href="/gateway.css">
            </head>
            <body>
            <main>
            <h1>Services</h1>

            """);
        foreach (var service in services)
        {
            AppendService(html, service);
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendService(StringBuilder html, ServiceEntry service)
    {
        var state = service.Up ? "up" : "down";
        html.Append(System.Globalization.CultureInfo.InvariantCulture, $"""
            <section>
            <h2>{Encode(service.Name)} <small>{Encode(service.Version)}</small> <span class="{state}">{state}</span></h2>

            """);
        AppendLink(html, service.Docs, "Documentation");
        AppendLink(html, service.Spec, "OpenAPI");
        if (service.DocTypes.Count > 0)
        {
            html.Append("<ul>").AppendJoin("", service.DocTypes.Select(name => $"<li>{Encode(name)}</li>")).Append("</ul>\n");
        }

        html.Append("</section>\n");
    }

    private static void AppendLink(StringBuilder html, string? address, string text)
    {
        if (address is not null)
        {
            html.Append(System.Globalization.CultureInfo.InvariantCulture, $"<a href=\"{Encode(address)}\">{text}</a>\n");
        }
    }

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    private static byte[] ReadStylesheet()
    {
        using var resource = typeof(ServicesPage).Assembly.GetManifestResourceStream("gateway.css")!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
