using System.Net.Http.Json;
using System.Text.Json;

namespace Microservices.Client;

/// <summary>
/// A client of services that speak the Frappe REST API, by itself or behind a gateway. It keeps no state but its
/// <see cref="HttpClient"/>, which brings the address, the time limit and the credentials.
/// </summary>
/// <param name="http">Its base address is the service or gateway.</param>
public sealed class FrappeClient(HttpClient http)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>Reads one document.</summary>
    /// <typeparam name="T">What it becomes: a class or record whose names follow the fields (<c>GrandTotal</c> is <c>grand_total</c>), or <see cref="JsonElement"/>.</typeparam>
    /// <exception cref="FrappeClientException">The service refused; 404 when there is no such document.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public Task<T> GetDocAsync<T>(string docType, string name, CancellationToken cancellationToken = default) =>
        SendAsync<T>(HttpMethod.Get, Resource(docType, name), body: null, "data", cancellationToken);

    /// <summary>Lists documents.</summary>
    /// <param name="docType">The DocType.</param>
    /// <param name="fields">Fields of each row.</param>
    /// <param name="filters">Conditions in one of Frappe's shapes, such as <c>new { status = "Open" }</c>; null for none.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="GetDocAsync{T}"/>
    public Task<IReadOnlyList<T>> GetListAsync<T>(string docType, IReadOnlyList<string> fields, object? filters = null, int limit = 20, CancellationToken cancellationToken = default) =>
        SendAsync<IReadOnlyList<T>>(
            HttpMethod.Get,
            $"{Resource(docType)}?fields={Escape(JsonSerializer.Serialize(fields))}&limit={limit}{(filters is null ? "" : $"&filters={Escape(JsonSerializer.Serialize(filters, s_json))}")}",
            body: null,
            "data",
            cancellationToken);

    /// <summary>Creates a document and returns it as it is stored.</summary>
    /// <inheritdoc cref="GetDocAsync{T}"/>
    public Task<T> InsertAsync<T>(string docType, object document, CancellationToken cancellationToken = default) =>
        SendAsync<T>(HttpMethod.Post, Resource(docType), document, "data", cancellationToken);

    /// <summary>Changes the given fields of a document and returns it as it is stored.</summary>
    /// <inheritdoc cref="GetDocAsync{T}"/>
    public Task<T> UpdateAsync<T>(string docType, string name, object changes, CancellationToken cancellationToken = default) =>
        SendAsync<T>(HttpMethod.Put, Resource(docType, name), changes, "data", cancellationToken);

    /// <summary>Deletes a document.</summary>
    /// <inheritdoc cref="GetDocAsync{T}"/>
    public Task DeleteAsync(string docType, string name, CancellationToken cancellationToken = default) =>
        SendAsync<JsonElement>(HttpMethod.Delete, Resource(docType, name), body: null, "data", cancellationToken);

    /// <summary>Calls a method by POST, its parameters in the body, and returns its <c>message</c>.</summary>
    /// <inheritdoc cref="GetDocAsync{T}"/>
    public Task<T> CallAsync<T>(string method, object? parameters = null, CancellationToken cancellationToken = default) =>
        SendAsync<T>(HttpMethod.Post, $"api/method/{Escape(method)}", parameters ?? new { }, "message", cancellationToken);

    private static string Resource(string docType, string? name = null) =>
        $"api/resource/{Escape(docType)}{(name is null ? "" : "/" + Escape(name))}";

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: s_json) };
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        using var answer = Parse(bytes);
        if (!response.IsSuccessStatusCode)
        {
            throw FrappeClientException.Of((int)response.StatusCode, answer?.RootElement);
        }

        return answer is not null && answer.RootElement.TryGetProperty(key, out var value) ? value.Deserialize<T>(s_json)! : default!;
    }

    private static JsonDocument? Parse(byte[] bytes)
    {
        try
        {
            var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document : null;
        }
        catch (JsonException)
        {
            return null; // a page of a proxy: the status tells enough
        }
    }
}
