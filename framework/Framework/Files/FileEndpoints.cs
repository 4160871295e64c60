using System.Text;
using Microservices.Data;
using Microservices.Errors;
using Microservices.Resources;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Files;

/// <summary>The methods that keep files: <c>upload_file</c> and <c>frappe.client.attach_file</c>.</summary>
internal static class FileEndpoints
{
    private const int FormBytes = 1024 * 1024; // room for the fields beside the file

    public static readonly string[] Prefixes = ["/api/method/", "/api/v1/method/", "/api/v2/method/"];

    /// <summary>The methods that files bring to every service; a call says which service is meant by the document of the file, or by its address.</summary>
    public static readonly string[] Methods = ["upload_file", "download_file", "frappe.client.attach_file"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var prefix in Prefixes)
        {
            routes.MapPost(prefix + "upload_file", UploadAsync).ExcludeFromDescription();
            routes.MapMethods(prefix + "frappe.client.attach_file", ["POST", "PUT"], AttachAsync).ExcludeFromDescription();
        }

        FileDownloads.Map(routes);
    }

    private static async Task UploadAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<FileStorageOptions>>().Value;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxBytes + FormBytes;
        }

        await using var form = await UploadForm.ReadAsync(context.Request, options.MaxBytes, context.RequestAborted);
        if (form["method"].Length > 0)
        {
            throw new ValidationException("method is not supported: upload the file first, then call the method");
        }

        var files = FileManager.Of(context.RequestServices.GetRequiredService<TenantDb>());
        var upload = new FileUpload
        {
            FileName = form.File is not null && form.FileName.Length > 0 ? form.FileName : form["file_name"],
            IsPrivate = Flag("is_private", form["is_private"]),
            DocType = form["doctype"],
            DocName = form["docname"],
            FieldName = form["fieldname"],
            Folder = form["folder"],
        };
        var file = form switch
        {
            { File: { } staged } => await files.AddAsync(upload, staged, ignorePermissions: false, context.RequestAborted),
            _ when form["library_file_name"] is { Length: > 0 } name => await files.AddCopyAsync(upload, name, ignorePermissions: false, context.RequestAborted),
            _ when form["file_url"] is { Length: > 0 } url => await files.AddUrlAsync(upload, url, context.RequestAborted),
            _ => throw new ValidationException("file is missing"),
        };
        await AnswerAsync(context, file);
    }

    private static async Task AttachAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var arguments = new MethodArguments(body.RootElement);
        var data = arguments.Text("filedata") is { Length: > 0 } text ? text : throw new ValidationException("filedata is missing");
        using var bytes = new MemoryStream(arguments.Flag("decode_base64") ? Decode(data) : Encoding.UTF8.GetBytes(data));
        var upload = new FileUpload
        {
            FileName = arguments.Text("filename"),
            IsPrivate = arguments.Flag("is_private"),
            DocType = arguments.Text("doctype"),
            DocName = arguments.Text("docname"),
            FieldName = arguments.Text("docfield"),
            Folder = arguments.Text("folder") is { Length: > 0 } folder ? folder : FileFolder.Attachments,
        };
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        await AnswerAsync(context, await FileManager.Of(db).AttachAsync(upload, bytes, context.RequestAborted));
    }

    private static byte[] Decode(string text)
    {
        // A data URL, as a browser's FileReader gives it, is its part after the comma.
        var start = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(',', StringComparison.Ordinal) + 1 : 0;
        try
        {
            return Convert.FromBase64String(text[start..]);
        }
        catch (FormatException)
        {
            throw new ValidationException("filedata is not base64");
        }
    }

    internal static bool Flag(string name, string value) => value switch
    {
        "" or "0" or "false" or "False" => false,
        "1" or "true" or "True" => true,
        _ => throw new ValidationException($"{name} is 0 or 1"),
    };

    private static async Task AnswerAsync(HttpContext context, FileDocument file)
    {
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        response.Writer.WriteStartObject();
        response.Writer.WritePropertyName(context.Request.Path.StartsWithSegments("/api/v2", StringComparison.OrdinalIgnoreCase) ? "data" : "message");
        DocumentJson.Write(response.Writer, file, Access.Of(context.RequestServices.GetRequiredService<CurrentUser>(), file.DocType!));
        response.Writer.WriteEndObject();
        await response.CompleteAsync();
    }
}
