using Microservices.Resources.Lists;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources.Methods;

/// <summary>How a method answers beyond its result. Take it as a parameter, or return one of the answers that it makes.</summary>
public sealed class MethodResponse
{
    private readonly Dictionary<string, object?> _keys = new(StringComparer.Ordinal);

    /// <summary>The status of the answer. From 400 on, what was written is undone.</summary>
    /// <value>The default is 200.</value>
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    /// <summary>Further keys of the answer, beside <c>message</c> or <c>data</c>, which they may not be.</summary>
    public IReadOnlyDictionary<string, object?> Keys => _keys;

    /// <summary>Adds a key to the answer, beside <c>message</c> or <c>data</c>.</summary>
    /// <exception cref="ArgumentException">The key is one of the result's or of the framework's own.</exception>
    public void Set(string key, object? value)
    {
        if (key is "" or "message" or "data" or "messages" or "_server_messages")
        {
            throw new ArgumentException($"'{key}' is a key of the framework's own.", nameof(key));
        }

        _keys[key] = value;
    }

    /// <summary>An answer that is a file, to be saved by browsers: return it.</summary>
    /// <param name="fileName">What it is called there.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="contentType">Its media type. The default is any bytes.</param>
    public static IResult Download(string fileName, byte[] content, string contentType = "application/octet-stream") =>
        Results.File(content, contentType, fileName);

    /// <inheritdoc cref="Download(string, byte[], string)"/>
    /// <param name="fileName">What it is called there.</param>
    /// <param name="content">Its bytes; closed when they have been sent.</param>
    /// <param name="contentType">Its media type. The default is any bytes.</param>
    public static IResult Download(string fileName, Stream content, string contentType = "application/octet-stream") =>
        Results.Stream(content, contentType, fileName);

    /// <summary>An answer that is a table, as UTF-8 text with commas: return it.</summary>
    /// <param name="name">The file's name, without <c>.csv</c>.</param>
    /// <param name="rows">Rows of cells, the heading first.</param>
    /// <remarks>RFC 4180. A text that a spreadsheet would take for a formula is preceded by an apostrophe.</remarks>
    public static IResult Csv(string name, IEnumerable<IEnumerable<object?>> rows)
    {
        using var text = new CsvWriter();
        foreach (var row in rows)
        {
            text.WriteLine(row);
        }

        return Results.File(text.Buffer.Written.ToArray(), "text/csv; charset=utf-8", name + ".csv");
    }

    /// <summary>An answer that sends the browser elsewhere, 302: return it.</summary>
    /// <param name="location">A path of this site. Never hand it what a request sent.</param>
    public static IResult Redirect(string location) => Results.Redirect(location);
}
