using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Methods.Client;
using Microservices.Routing;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>
/// Runs methods of one document: <c>run_method</c> on its path, <c>run_doc_method</c> of both APIs, and <c>/api/v2/document/&lt;dt&gt;/&lt;dn&gt;/method/&lt;m&gt;</c>. GET needs the
/// right to read the document, any other verb the right to write it.
/// </summary>
internal sealed class DocumentMethodEndpoints(DocumentMethods methods, ResourceRegistry resources, ServedDocTypes served)
{
    /// <summary>The parameter that names the method on a document's own path.</summary>
    public const string Parameter = "run_method";

    /// <summary>The one method that every submittable document has, unless its class has its own.</summary>
    public const string Discard = "discard";

    private const string V2Prefix = "/document/";

    /// <summary>Maps the address of API v2.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDeferred("/api/v2/document/{doctype}/{name}/method/{method}", ["GET", "HEAD", "POST"], (HttpContext context, DocumentMethodEndpoints endpoints) => endpoints.OnV2PathAsync(context))
            .ExcludeFromDescription();

    /// <summary>Whether a request to a document's own path runs a method, and which.</summary>
    public static async ValueTask<string?> NameAsync(HttpContext context)
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!HttpMethods.IsPost(request.Method) && !(isRead && (request.QueryString.HasValue || request.ContentLength > 0)))
        {
            return null;
        }

        return (await RequestParameters.OfAsync(context)).All.TryGetValue(Parameter, out var name) ? ArgumentReader.Read(typeof(string), Parameter, name) as string : null;
    }

    /// <summary><c>run_method</c> on <c>/api/resource/&lt;dt&gt;/&lt;dn&gt;</c>: every other parameter is an argument; the result is <c>data</c>.</summary>
    public async Task OnResourceAsync(HttpContext context, DocType docType, string name, string method)
    {
        var parameters = await RequestParameters.OfAsync(context);
        await MethodEndpoints.RunAsync(
            context, async () => await RunAsync(context, await StoredAsync(context, docType, name), method, parameters.All.Where(parameter => parameter.Key != Parameter).ToDictionary(), parameters.Files), JsonResponse.Data);
    }

    /// <summary><c>run_doc_method</c>: on a stored document, or on a document as it was sent. The answer holds the document, too.</summary>
    /// <param name="call">The request.</param>
    /// <param name="response">Gets the document.</param>
    /// <param name="method">The method.</param>
    /// <param name="dt">The DocType of a stored document.</param>
    /// <param name="dn">Its name. Null: that of the DocType, as of a Single.</param>
    /// <param name="docs">A document as the client has it, v1.</param>
    /// <param name="document">The same, v2.</param>
    /// <param name="args">Arguments, v1.</param>
    /// <param name="arg">The same.</param>
    /// <param name="kwargs">Arguments, v2.</param>
    /// <param name="asCsv">Whether the result, a list of rows, is answered as CSV.</param>
    public async Task<object?> RunDocMethodAsync(
        MethodCall call, MethodResponse response, string method, string? dt, string? dn, JsonElement? docs, JsonElement? document, JsonElement? args, JsonElement? arg, JsonElement? kwargs, bool asCsv = false)
    {
        var context = call.Context;
        var target = (docs ?? document) is { ValueKind: not JsonValueKind.Null } sent ? await SentAsync(context, DocumentArgument.Json(sent, docs is null ? "document" : "docs"))
            : await StoredAsync(context, resources.Get(dt ?? throw new ValidationException("dt is missing")).DocType, dn ?? dt);
        var result = await RunAsync(context, target, method, ArgumentsOf(args ?? arg ?? kwargs), call.Files);
        if (asCsv)
        {
            return CsvOf(result);
        }

        response.Set("docs", new[] { target });
        return result;
    }

    private Task OnV2PathAsync(HttpContext context)
    {
        var segments = ResourcePath.Segments(context, V2Prefix);
        return segments.Length == 4
            ? OnV2PathAsync(context, resources.Get(segments[0]).DocType, segments[1], segments[3])
            : throw new DoesNotExistException($"There is nothing at {context.Request.Path}");
    }

    private async Task OnV2PathAsync(HttpContext context, DocType docType, string name, string method)
    {
        var parameters = await RequestParameters.OfAsync(context);
        await MethodEndpoints.RunAsync(
            context,
            async () =>
            {
                var target = await StoredAsync(context, docType, name);
                var result = await RunAsync(context, target, method, parameters.All, parameters.Files);
                context.RequestServices.GetRequiredService<MethodResponse>().Set("docs", new[] { target });
                return result;
            },
            JsonResponse.Data);
    }

    private async ValueTask<object?> RunAsync(HttpContext context, Document document, string method, IReadOnlyDictionary<string, ParameterValue> arguments, IFormFileCollection files)
    {
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        if (method == Discard && document.DocType!.Definition.IsSubmittable && !methods.Has(document.DocType, method))
        {
            var discarded = await db.DiscardAsync(served.Get(document.DocType.Name, ResourceVerbs.Update).DocType.Name, document.Name, cancellationToken: context.RequestAborted);
            (document.DocStatus, document.Modified, document.ModifiedBy) = (discarded.DocStatus, discarded.Modified, discarded.ModifiedBy);
            return null;
        }

        var about = new DocumentContext(document, document.IsNew ? null : document, document.DocType!, db, context.RequestAborted);
        return await DocumentMethods.InvokeAsync(context, methods.Get(document.DocType!, method), new MethodCall(context, arguments, files, about));
    }

    private static async ValueTask<Document> StoredAsync(HttpContext context, DocType docType, string name)
    {
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        return (await ReadableDocuments.LoadAsync(db, docType, name, RightOf(context), context.RequestAborted)).Document;
    }

    /// <summary>The document as it was sent: a stored one with the changes that the caller may make, or a new one. Nothing of it is stored.</summary>
    private async ValueTask<Document> SentAsync(HttpContext context, JsonElement sent)
    {
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        var docType = resources.Get(DocumentArgument.DocTypeOf(sent, "docs")).DocType;
        var name = DocumentBinder.RequestedName(sent);
        if (name.Length > 0 && !DocumentArgument.IsLocal(sent))
        {
            var stored = await StoredAsync(context, docType, name);
            if (DocumentBinder.ModifiedOf(docType, sent) is { } modified && modified != stored.Modified)
            {
                throw DocumentStore.Changed(stored);
            }

            DocumentBinder.Apply(stored, sent, Access.Of(db.User, docType), isStrict: false);
            return stored;
        }

        var access = Access.Of(db.User, docType);
        access.Require(RightOf(context) is Rights.Read ? Rights.Read : Rights.Create);
        var document = Document.Create(docType);
        DocumentBinder.Apply(document, sent, access, isStrict: false);
        document.Name = name;
        return document;
    }

    private static Rights RightOf(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? Rights.Read : Rights.Write;

    private static Dictionary<string, ParameterValue> ArgumentsOf(JsonElement? given) => given switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [],
        { ValueKind: JsonValueKind.String } text => ArgumentsOf(DocumentArgument.Json(text, "args")),
        { ValueKind: JsonValueKind.Object } json => json.EnumerateObject().Where(property => property.Name is not ("ignore_permissions" or "flags"))
            .ToDictionary(property => property.Name, property => new ParameterValue(null, property.Value)),
        _ => throw new ParameterTypeException("args takes a JSON object"),
    };

    private static IResult CsvOf(object? result)
    {
        var rows = JsonSerializer.SerializeToElement(result, MethodJson.Options);
        return rows.ValueKind is JsonValueKind.Array && rows.EnumerateArray().All(row => row.ValueKind is JsonValueKind.Array)
            ? MethodResponse.Csv("result", rows.EnumerateArray().Select(row => row.EnumerateArray().Select(cell => (object?)cell.ToString())))
            : throw new ValidationException("as_csv needs a method whose result is a list of rows");
    }
}
