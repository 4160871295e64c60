using System.Text;
using Microservices.Data;
using Microservices.Errors;
using Microservices.Routing;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Microservices.Files;

/// <summary>
/// Answers the bytes of files, whole or in ranges. A public file is for whoever knows its address; a private one for its owner and for whoever may read
/// the document it is attached to, and to anybody else it is as if it were not there.
/// </summary>
internal static class FileDownloads
{
    // Nothing in a file may act in the name of this origin. A browser's own reader of PDF does not run in a sandbox.
    private const string ContentSecurityPolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

    public static readonly string[] Verbs = ["GET", "HEAD"];

    /// <summary>The paths of a service's files, for its manifest.</summary>
    public static string[] Patterns(string service) => [new FileAddress(service).Public("{id}", "{name}"), new FileAddress(service).Private("{name}")];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var urls = routes.ServiceProvider.GetRequiredService<FileAddress>();
        routes.MapDeferred(urls.Public("{id}", "{name}"), Verbs, PublicAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapDeferred(urls.Private("{name}"), Verbs, PrivateAsync).ExcludeFromDescription();
        foreach (var prefix in FileEndpoints.Prefixes)
        {
            // A public file needs no credentials, so the method decides itself.
            routes.MapDeferred(prefix + "download_file", Verbs, DownloadAsync).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static Task<IResult> PublicAsync(HttpContext context, string id, string name) =>
        SendPublicAsync(context, id, context.RequestServices.GetRequiredService<FileAddress>().Public(id, name), isAttachment: false);

    private static Task<IResult> PrivateAsync(HttpContext context, string name, string? fid) =>
        SendPrivateAsync(context, context.RequestServices.GetRequiredService<FileAddress>().Private(name), fid, isAttachment: false);

    private static async Task<IResult> DownloadAsync(HttpContext context, [FromQuery(Name = "file_url")] string fileUrl, string? fid)
    {
        if (context.RequestServices.GetRequiredService<FileAddress>().IsPublic(fileUrl, out var id))
        {
            return await SendPublicAsync(context, id, fileUrl, isAttachment: true);
        }

        var user = await context.RequestServices.GetRequiredService<CredentialAuthenticator>().AuthenticateAsync(context) ?? throw AuthenticationErrors.Missing();
        context.RequestServices.GetRequiredService<RequestScope>().User = user;
        return await SendPrivateAsync(context, fileUrl, fid, isAttachment: true);
    }

    private static async Task<IResult> SendPublicAsync(HttpContext context, string id, string url, bool isAttachment)
    {
        if (await TenantOfAsync(context, id) is not { } tenant)
        {
            throw new DoesNotExistException($"There is nothing at {context.Request.Path}");
        }

        context.RequestServices.GetRequiredService<RequestScope>().User = CurrentUser.Service(tenant);
        var files = FileManager.Of(context.RequestServices.GetRequiredService<TenantDb>());
        var file = await files.FindReadableAsync([new("public_id", id), new("file_url", url), new("is_private", false)], context.RequestAborted)
            ?? throw new DoesNotExistException($"There is nothing at {context.Request.Path}");
        return Answer(context, files, file, "public, no-cache", isAttachment);
    }

    private static async Task<IResult> SendPrivateAsync(HttpContext context, string url, string? fid, bool isAttachment)
    {
        var files = FileManager.Of(context.RequestServices.GetRequiredService<TenantDb>());
        var file = await files.FindReadableAsync(string.IsNullOrEmpty(fid) ? [new("file_url", url), new("is_private", true)] : [new("file_url", url), new("is_private", true), new("name", fid)], context.RequestAborted);
        return file?.StorageKey is null
            ? throw new PermissionException("There is no such file, or you may not read it")
            : Answer(context, files, file, "private, no-cache", isAttachment);
    }

    // The id is 128 random bits and stands in a public address only: whoever has it was given the file.
    private static async Task<Tenant?> TenantOfAsync(HttpContext context, string id)
    {
        if (!FileKeys.IsId(id) || await context.RequestServices.GetRequiredService<IFileStore>().OpenAsync(FileKeys.Note(id), 0, context.RequestAborted) is not { } note)
        {
            return null;
        }

        using var reader = new StreamReader(note, Encoding.UTF8);
        var tenant = await reader.ReadToEndAsync(context.RequestAborted);
        return Tenant.IsValid(tenant) ? new Tenant(tenant) : null;
    }

    private static FileStreamHttpResult Answer(HttpContext context, FileManager files, FileDocument file, string caching, bool isAttachment)
    {
        var type = FileTypes.MediaType(file.FileUrl);
        var isShown = !isAttachment && FileTypes.IsShown(type);
        var headers = context.Response.Headers;
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.FileName);
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = type == "application/pdf" ? ContentSecurityPolicy : ContentSecurityPolicy + "; sandbox";
        headers.CacheControl = caching;
        return TypedResults.Stream(
            files.Open(file),
            type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type,
            lastModified: new DateTimeOffset(DateTime.SpecifyKind(file.Modified, DateTimeKind.Utc)),
            entityTag: new EntityTagHeaderValue($"\"{file.Digest![..32]}\""),
            enableRangeProcessing: true);
    }
}
