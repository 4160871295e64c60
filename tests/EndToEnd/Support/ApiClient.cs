using System.Net.Http.Json;
using System.Text.Json;

namespace Microservices.EndToEnd.Support;

/// <summary>Sends requests to one address, as one caller.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A caller with the credentials of a header, or with none.</summary>
    public ApiClient(Uri address, string? header = null, string? value = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = address };
        if (header is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        }
    }

    /// <summary>Address of a DocType, or of one document.</summary>
    public static string Resource(string docType, string? name = null) =>
        $"/api/resource/{Uri.EscapeDataString(docType)}{(name is null ? "" : "/" + Uri.EscapeDataString(name))}";

    /// <summary>Address of the rows of a DocType whose field has a value.</summary>
    public static string Where(string docType, string field, string value, string fields = "[\"name\"]") =>
        $"{Resource(docType)}?fields={Uri.EscapeDataString(fields)}&limit=1000&filters={Uri.EscapeDataString(JsonSerializer.Serialize<string[][]>([[field, "=", value]]))}";

    /// <inheritdoc cref="SendAsync"/>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <inheritdoc cref="SendAsync"/>
    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonContent.Create(body));

    /// <inheritdoc cref="SendAsync"/>
    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    /// <inheritdoc cref="SendAsync"/>
    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join('\n', header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, text, headers);
    }

    /// <summary>Adds a customer, an item and an order of it; returns the order.</summary>
    public async Task<Answer> OrderAsync(string customer, string item)
    {
        (await PostAsync(Resource("Customer"), new { customer_name = customer })).Expect(201);
        (await PostAsync(Resource("Item"), new { item_code = item })).Expect(201);
        return await PostAsync(Resource("Sales Order"), new { customer, items = new[] { new { item_code = item, qty = 2, rate = 3.25m } } });
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
