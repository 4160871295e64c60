using Microsoft.AspNetCore.Http;

namespace Microservices.Gateway.Tests.Support;

/// <summary>Three services as the framework makes them, each with the shared methods and DocTypes, answering with their name and what arrived.</summary>
public sealed class SharedServices : IAsyncLifetime
{
    private readonly List<FakeService> _services = [];

    public RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await AddAsync("central", ["User", "OAuth Client"], ["login", "logout", "frappe.auth.get_logged_user"], []);
        await AddAsync("orders", ["Sales Order", "Customer"], ["orders.api.close"], ["Sales Order Item"]);
        await AddAsync("orders-eu", ["Invoice"], [], ["Invoice Item"]);
        Gateway = await RunningGateway.StartUnlearnedAsync(
            _services.Select(service => service.Address), "--maxInspectedBodyBytes", "100000", "--maxInspectedUploadBytes", "1000000");
        await Gateway.UntilLearnedAsync(3);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    /// <summary>Who answers, and the body that arrived there; or the status of the gateway's own answer.</summary>
    public async Task<string> AskAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? text : $"{(int)response.StatusCode}";
    }

    private async Task AddAsync(string name, string[] docTypes, string[] methods, string[] rows)
    {
        var manifest = new
        {
            name,
            version = "1.0.0",
            docTypes = docTypes.Select(docType => Entry(docType, shared: false)).Concat(new[] { "Version", "File", "User Permission", "Deleted Document" }.Select(docType => Entry(docType, shared: true))),
            methods,
            routes = Array.Empty<object>(),
            rows,
            sharedMethods = new[] { "frappe.client.get_list", "frappe.client.insert", "frappe.client.get_value", "frappe.client.delete", "run_doc_method", "upload_file", "download_file", "frappe.share.add", "frappe.core.doctype.deleted_document.deleted_document.restore" }
                .Select(method => new { name = method, byDocType = true })
                .Concat(new[] { "ping", "frappe.auth.get_logged_user" }.Select(method => new { name = method, byDocType = false })),
        };
        var service = await FakeService.StartRawAsync(context => context.Response.WriteAsJsonAsync(manifest));
        service.Handler = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync(body.Length == 0 ? name : $"{name} {body.Length}");
        };
        _services.Add(service);
    }

    private static object Entry(string name, bool shared) => new { name, slug = name.ToLowerInvariant().Replace(' ', '-'), shared };
}
