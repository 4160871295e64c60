using System.Text.Json;
using Microservices.Errors;
using Microservices.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Microservices.Files;

/// <summary>
/// The body of an upload, whichever order its parts come in: fields as text, and the bytes of <c>file</c> in a temporary file. A body that is no
/// multipart form has fields only.
/// </summary>
internal sealed class UploadForm : IAsyncDisposable
{
    private const int MaxParts = 100;
    private const int MaxFieldBytes = 64 * 1024;
    private const int MaxBoundaryLength = 100;
    private const string FilePart = "file";

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>The bytes; null when none came.</summary>
    public StagedFile? File { get; private set; }

    /// <summary>What their sender calls them.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>A field; empty when it did not come.</summary>
    public string this[string field] => _fields.GetValueOrDefault(field, "");

    public static async Task<UploadForm> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellationToken)
    {
        var form = new UploadForm();
        try
        {
            if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                await form.ReadPartsAsync(request, HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), maxBytes, cancellationToken);
            }
            else
            {
                await form.ReadFieldsAsync(request, cancellationToken);
            }

            return form;
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested))
        {
            await form.DisposeAsync();
            throw new BadRequestException("The form cannot be read: it ends early or is malformed");
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => File?.DisposeAsync() ?? default;

    private async Task ReadPartsAsync(HttpRequest request, string boundary, long maxBytes, CancellationToken cancellationToken)
    {
        if (boundary.Length is 0 or > MaxBoundaryLength)
        {
            throw new BadRequestException("The form has no boundary that fits");
        }

        var reader = new MultipartReader(boundary, request.Body);
        var parts = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (++parts > MaxParts)
            {
                throw new BadRequestException($"The form has more than {MaxParts} parts");
            }

            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            {
                throw new BadRequestException("A part of the form has no name");
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
            {
                if (name == FilePart && File is null)
                {
                    FileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).ToString();
                    File = await StagedFile.ReceiveAsync(part.Body, maxBytes, cancellationToken);
                }

                continue; // what is not taken is read past
            }

            _fields.TryAdd(name, await TextAsync(part.Body, name, cancellationToken));
        }
    }

    private static async Task<string> TextAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var chunk = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (text.Length + read > MaxFieldBytes)
            {
                throw new ValidationException($"{name} is too long");
            }

            text.Write(chunk, 0, read);
        }

        return System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private async Task ReadFieldsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, cancellationToken);
        if (body.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new BadRequestException("The body must be a JSON object");
        }

        var arguments = new MethodArguments(body.RootElement);
        foreach (var property in body.RootElement.EnumerateObject())
        {
            _fields[property.Name] = arguments.Text(property.Name);
        }
    }
}
