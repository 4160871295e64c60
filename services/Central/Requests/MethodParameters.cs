using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Central.Requests;

/// <summary>
/// The parameters of a method call: text by name, from a form, a multipart form or a JSON object. The query string is no source, since
/// what is secret does not belong in addresses.
/// </summary>
internal sealed class MethodParameters
{
    private readonly Dictionary<string, string> _values;

    /// <summary>Lists of text, which only JSON has.</summary>
    private readonly Dictionary<string, string[]> _lists = new(StringComparer.Ordinal);

    private MethodParameters(Dictionary<string, string> values) => _values = values;

    /// <summary>A parameter; empty when it was not sent.</summary>
    public string this[string name] => _values.GetValueOrDefault(name, "");

    /// <summary>A parameter that is a list: one of JSON, or text with one item a line.</summary>
    public IReadOnlyList<string> List(string name) =>
        _lists.GetValueOrDefault(name) ?? this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads the body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="allowTextPlain">Whether JSON may come as <c>text/plain</c>, as a browser sends it from another origin without asking first.</param>
    /// <exception cref="BadRequestException">The body is not what its type says, or a name is repeated.</exception>
    /// <exception cref="UnsupportedMediaTypeException">The body is of another type.</exception>
    public static async Task<MethodParameters> ReadAsync(HttpContext context, bool allowTextPlain = false)
    {
        LimitedBody.Limit(context);
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed.MediaType?.ToLowerInvariant() : null;
        switch (type)
        {
            case "application/x-www-form-urlencoded":
                return new(Form(await LimitedBody.ReadAsync(context)));
            case "multipart/form-data":
                return new(await MultipartAsync(context));
            case "application/json":
            case "text/plain" when allowTextPlain:
                return Json(await LimitedBody.ReadAsync(context));
            case null when (await LimitedBody.ReadAsync(context)).Length == 0:
                return new([]);
            default:
                throw new UnsupportedMediaTypeException("Send application/json, application/x-www-form-urlencoded or multipart/form-data");
        }
    }

    private static Dictionary<string, string> Form(byte[] body)
    {
        try
        {
            return UrlEncodedForm.Parse(body);
        }
        catch (MalformedFormException exception)
        {
            throw new BadRequestException($"The form cannot be read: {exception.Message}");
        }
    }

    private static async Task<Dictionary<string, string>> MultipartAsync(HttpContext context)
    {
        var feature = new FormFeature(context.Request, new FormOptions { ValueCountLimit = 100, ValueLengthLimit = LimitedBody.MaxBytes, MultipartBodyLengthLimit = LimitedBody.MaxBytes });
        try
        {
            var form = await feature.ReadFormAsync(context.RequestAborted);
            return form.All(field => field.Value.Count == 1)
                ? form.ToDictionary(field => field.Key, field => field.Value[0] ?? "", StringComparer.Ordinal)
                : throw new BadRequestException("The form cannot be read: a parameter is repeated");
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new BadRequestException("The form cannot be read");
        }
    }

    private static MethodParameters Json(byte[] body)
    {
        using var document = StrictJson.ParseObject(body) ?? throw new BadRequestException("The body must be a JSON object");
        var parameters = new MethodParameters(new(StringComparer.Ordinal));
        foreach (var member in document.RootElement.EnumerateObject())
        {
            // What is neither text nor a list of text is passed over here, and missing for whoever needs it.
            if (member.Value.ValueKind is JsonValueKind.String)
            {
                parameters._values[member.Name] = member.Value.AsText() ?? "";
            }
            else if (member.Value.AsTexts() is { } list)
            {
                parameters._lists[member.Name] = list;
            }
        }

        return parameters;
    }
}
