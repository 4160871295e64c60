using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>Reads what a client sent in one of Frappe's three forms: a JSON body, the form field <c>data</c> with JSON, or plain form fields.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    /// <summary>The body as JSON: an object, or an array where the endpoint takes one. The caller disposes it.</summary>
    /// <exception cref="BadRequestException">The body is empty, is not JSON, or is neither object nor array.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var document = request.HasFormContentType ? await ReadFormDataAsync(request, cancellationToken)
            : request.HasJsonContentType() || string.IsNullOrEmpty(request.ContentType) ? await ReadJsonAsync(request, cancellationToken)
            : throw new UnsupportedMediaTypeException($"Send application/json, not {request.ContentType}");

        // Frappe lets a key "data" stand for the whole body.
        if (document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("data", out var data)
            && data.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            using (document)
            {
                return JsonDocument.Parse(data.GetRawText(), s_options);
            }
        }

        if (document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            document.Dispose();
            throw new BadRequestException("The body must be a JSON object");
        }

        return document;
    }

    /// <summary>Parses JSON that a client put into a parameter.</summary>
    /// <exception cref="DataException">The text is not JSON.</exception>
    public static JsonDocument Parse(string text, string parameter)
    {
        try
        {
            var document = JsonDocument.Parse(text, s_options);
            if (IsText(document.RootElement))
            {
                return document;
            }

            document.Dispose();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Told below. An InvalidOperationException is the parser's word for half a character in the name of a property.
        }

        throw new DataException($"{parameter} is not valid JSON");
    }

    /// <summary>The JSON of a body, of whatever kind. The caller disposes it.</summary>
    /// <exception cref="BadRequestException">The body is not JSON, or holds text that is none.</exception>
    public static async Task<JsonDocument> ReadJsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return Checked(await JsonDocument.ParseAsync(request.Body, s_options, cancellationToken));
        }
        catch (JsonException exception)
        {
            throw exception.LineNumber is null ? new BadRequestException("The body names a property twice")
                : exception.BytePositionInLine == 0 && exception.LineNumber == 0 ? new BadRequestException("The body must be a JSON object; it is empty or not JSON")
                : new BadRequestException($"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException("The body has a property whose name is not valid Unicode");
        }
    }

    /// <summary>The fields and files of a form.</summary>
    /// <exception cref="BadRequestException">The form cannot be read.</exception>
    public static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadRequestException($"The form cannot be read: {exception.Message}");
        }
    }

    private static async Task<JsonDocument> ReadFormDataAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var form = await ReadFormAsync(request, cancellationToken);
        return form.TryGetValue("data", out var data)
            ? ParseData(data.ToString())
            : Checked(JsonSerializer.SerializeToDocument(form.ToDictionary(field => field.Key, field => field.Value[0])));
    }

    private static JsonDocument Checked(JsonDocument document)
    {
        if (IsText(document.RootElement))
        {
            return document;
        }

        document.Dispose();
        throw new BadRequestException("The body holds text that is not valid Unicode");
    }

    private static JsonDocument ParseData(string data)
    {
        try
        {
            return Parse(data, "data");
        }
        catch (DataException exception)
        {
            throw new BadRequestException(exception.Message); // it is the body, only in a form
        }
    }

    // The parser takes bytes that are no UTF-8 and escapes of half a character, and fails when they are read.
    private static bool IsText(JsonElement root)
    {
        var json = JsonMarshal.GetRawUtf8Value(root);
        return Utf8.IsValid(json) && ((json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) || IsReadable(root));
    }

    private static bool IsReadable(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject().All(property => IsReadable(property.Value));
            case JsonValueKind.Array:
                return element.EnumerateArray().All(IsReadable);
            case JsonValueKind.String:
                try
                {
                    return element.GetString() is not null;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }

            default:
                return true;
        }
    }
}
