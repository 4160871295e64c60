using System.Text;
using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.OpenApi;

namespace Microservices.Framework.Tests.Resources.OpenApi;

public sealed class SpecificationTests
{
    private static readonly Dictionary<string, string?> s_docs = new() { ["Docs"] = "true" };

    [Fact]
    public async Task Document_IsValidOpenApi()
    {
        using var wide = new WideDocType();
        await using var service = await StartAsync(service =>
        {
            Shop.Describe(service);
            service.RegisterResources(wide.Folder);
            Routes(service);
        });
        var answer = await service.Nobody().GetAsync("/apispec_1.json");
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.MediaType);

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(answer.Text));
        var read = await OpenApiDocument.LoadAsync(stream, "json", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(read.Diagnostic!.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
        Assert.Equal("test", read.Document!.Info.Title);
        Assert.Empty(DanglingReferences(answer.Json));
        var operations = read.Document.Paths.SelectMany(path => path.Value.Operations!.Values).Select(operation => operation.OperationId).OfType<string>().ToList();
        Assert.Equal(operations.Count, operations.Distinct().Count());
        Assert.All(read.Document.Components!.Schemas!.Keys, key => Assert.Matches("^[a-zA-Z0-9._-]+$", key));
        Assert.All(WideDocType.Values, field => Assert.Contains(field.Name, read.Document.Components.Schemas["Wide_Record.create"].Properties!.Keys));
    }

    [Fact]
    public async Task DocType_HasPathsOfItsOwn()
    {
        await using var service = await StartAsync(Shop.Describe);
        var paths = (await ReadAsync(service)).GetProperty("paths");
        // The DocTypes of the framework itself stand beside them.
        Assert.Superset(
            new HashSet<string> { "/api/resource/Customer", "/api/resource/Customer/{name}", "/api/resource/Item", "/api/resource/Item/{name}", "/api/resource/Sales Order", "/api/resource/Sales Order/{name}" },
            paths.EnumerateObject().Select(path => path.Name).ToHashSet());
        Assert.DoesNotContain("/api/resource/Sales Order Item", paths.EnumerateObject().Select(path => path.Name));
        var order = paths.GetProperty("/api/resource/Sales Order");
        Assert.Equal(["get", "post"], Verbs(order));
        Assert.Equal(["delete", "get", "patch", "put"], Verbs(paths.GetProperty("/api/resource/Sales Order/{name}")));
        Assert.Contains("/api/resource/sales-order", order.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["fields", "filters", "or_filters", "order_by", "group_by", "limit_page_length", "limit", "limit_start", "start", "offset", "as_dict", "cursor", "with_total", "expand", "format", "debug"],
            order.GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(["400", "401", "403", "405", "417", "429", "500", "503"], Statuses(order.GetProperty("get")).Where(status => status[0] > '3'));
        Assert.Equal(["201", "400", "401", "403", "405", "409", "413", "415", "417", "429", "500", "503"], Statuses(order.GetProperty("post")));
    }

    [Fact]
    public async Task Fields_AreToldAsTheyAre()
    {
        await using var service = await StartAsync(Shop.Describe);
        var schemas = (await ReadAsync(service)).GetProperty("components").GetProperty("schemas");
        Assert.Equal(
            """{"title":"Status","enum":["Draft","Confirmed","Shipped",null],"type":"string","description":null,"default":"Draft","nullable":true}""",
            Ordered(schemas, "Sales_Order.create", "status", "title", "enum", "type", "description", "default", "nullable"));
        Assert.Equal(
            """{"type":"string","maxLength":140,"description":"Name of a Customer.","nullable":null,"pattern":null}""",
            Ordered(schemas, "Sales_Order.create", "customer", "type", "maxLength", "description", "nullable", "pattern"));
        Assert.Equal("""{"type":"string","format":"date","nullable":true}""", Ordered(schemas, "Sales_Order.update", "order_date", "type", "format", "nullable"));
        Assert.Equal("""{"type":"number","format":"decimal","default":1,"minimum":0}""", Ordered(schemas, "Sales_Order_Item.row", "qty", "type", "format", "default", "minimum"));
        Assert.Equal("""{"type":"integer","enum":[0,1],"nullable":null}""", Ordered(schemas, "Customer.read", "active", "type", "enum", "nullable"));
        Assert.Equal("""{"type":"integer","format":"int32"}""", Ordered(schemas, "Customer.read", "rank", "type", "format"));
        Assert.Equal("""{"type":"string","format":null,"example":"2026-01-31 09:30:00"}""", Ordered(schemas, "Customer.read", "last_seen", "type", "format", "example"));
        Assert.Equal("""{"type":"string","example":"9:30:00"}""", Ordered(schemas, "Customer.read", "opens_at", "type", "example"));
        Assert.Equal("""{"description":"Permission level 1."}""", Ordered(schemas, "Customer.read", "credit_limit", "description"));
        Assert.Equal("""{"readOnly":true}""", Ordered(schemas, "Customer.read", "owner", "readOnly"));
        Assert.Equal("""{"type":"array","items":{"$ref":"#/components/schemas/Sales_Order_Item.row"}}""", Ordered(schemas, "Sales_Order.update", "items", "type", "items"));
        Assert.Equal("""{"type":"array","items":{"$ref":"#/components/schemas/Sales_Order_Item.read"}}""", Ordered(schemas, "Sales_Order.read", "items", "type", "items"));
        Assert.Equal("""["customer","items"]""", schemas.GetProperty("Sales_Order.create").GetProperty("required").GetRawText());
        Assert.False(schemas.GetProperty("Sales_Order.update").TryGetProperty("required", out _));
        Assert.Equal("""["item_code"]""", schemas.GetProperty("Sales_Order_Item.row").GetProperty("required").GetRawText());
        Assert.DoesNotContain("tenant_id", schemas.GetRawText(), StringComparison.Ordinal);
        foreach (var field in (string[])["owner", "creation", "modified_by", "idx", "parent"])
        {
            Assert.False(schemas.GetProperty("Sales_Order.create").GetProperty("properties").TryGetProperty(field, out _), field);
        }
    }

    [Fact]
    public async Task Permissions_AreTold()
    {
        await using var service = await StartAsync(Shop.Describe);
        var paths = (await ReadAsync(service)).GetProperty("paths");
        var delete = paths.GetProperty("/api/resource/Customer/{name}").GetProperty("delete");
        Assert.Equal("**Roles:** System Manager, Owner Only (own documents).", delete.GetProperty("description").GetString());
        Assert.Equal(
            "**Roles:** System Manager, Sales User, Owner Only (own documents).\n\n**Fields of permission level 1:** Credit Manager.",
            paths.GetProperty("/api/resource/Customer").GetProperty("get").GetProperty("description").GetString());
        Assert.Equal("**Roles:** System Manager.", paths.GetProperty("/api/resource/Item").GetProperty("get").GetProperty("description").GetString());
        Assert.Equal("""[{"bearer":[]},{"api_key":[]},{"session":[]}]""", delete.GetProperty("security").GetRawText().Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ErrorShape_IsTheOneThatIsAnswered()
    {
        await using var service = await StartAsync(Shop.Describe);
        var document = await ReadAsync(service);
        var error = (await service.As("acme").GetAsync("/api/resource/Customer/nobody")).Json;
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("Error");
        Assert.Equal(
            schema.GetProperty("required").EnumerateArray().Select(key => key.GetString()).Order(StringComparer.Ordinal),
            error.EnumerateObject().Select(key => key.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            "#/components/responses/Error.404",
            document.GetProperty("paths").GetProperty("/api/resource/Customer/{name}").GetProperty("get").GetProperty("responses").GetProperty("404").GetProperty("$ref").GetString());
        Assert.True(document.GetProperty("components").GetProperty("responses").GetProperty("Error.401").GetProperty("headers").TryGetProperty("WWW-Authenticate", out _));
    }

    [Fact]
    public async Task OnlyServedVerbs_AreListed()
    {
        await using var service = await StartAsync(service =>
        {
            service.RegisterResource<Customer>(options => options.Verbs = ResourceVerbs.List | ResourceVerbs.Get);
            service.RegisterResource<Item>(options =>
            {
                options.Verbs = ResourceVerbs.Create;
                options.CustomHandlers[ResourceVerbs.Create] = () => "made";
            });
        });
        var paths = (await ReadAsync(service)).GetProperty("paths");
        Assert.Equal(["get"], Verbs(paths.GetProperty("/api/resource/Customer")));
        Assert.Equal(["get"], Verbs(paths.GetProperty("/api/resource/Customer/{name}")));
        Assert.Equal(["post"], Verbs(paths.GetProperty("/api/resource/Item")));
        Assert.False(paths.TryGetProperty("/api/resource/Item/{name}", out _));
        Assert.Equal("Answered by a handler of the service's own.", paths.GetProperty("/api/resource/Item").GetProperty("post").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Routes_AreToldWithTheirSummary()
    {
        await using var service = await StartAsync(Routes);
        var document = await ReadAsync(service);
        var paths = document.GetProperty("paths");
        var summary = paths.GetProperty("/orders/summary").GetProperty("get");
        Assert.Equal("Counts the orders.", summary.GetProperty("summary").GetString());
        Assert.True(summary.TryGetProperty("security", out _));
        Assert.Equal("days", summary.GetProperty("parameters")[0].GetProperty("name").GetString());
        Assert.Equal(["days"], summary.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(["grand_total", "order_count"], document.GetProperty("components").GetProperty("schemas").GetProperty("Totals").GetProperty("properties").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        var open = paths.GetProperty("/status").GetProperty("get");
        Assert.False(open.TryGetProperty("security", out _));
        Assert.DoesNotContain("401", Statuses(open));
        Assert.Equal(["get", "post"], Verbs(paths.GetProperty("/api/method/auth.whoami")));
        var message = paths.GetProperty("/api/method/orders.count").GetProperty("post").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("integer", message.GetProperty("properties").GetProperty("message").GetProperty("type").GetString());
        Assert.False(paths.TryGetProperty("/healthz", out _));
        Assert.False(paths.TryGetProperty("/.well-known/microservice", out _));
        Assert.DoesNotContain(paths.EnumerateObject(), path => path.Name.Contains("apidocs", StringComparison.Ordinal) || path.Name.Contains("{doctype}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SameDocument_IsNotSentTwice()
    {
        await using var service = await StartAsync(Shop.Describe);
        var caller = service.Nobody();
        var first = await caller.GetAsync("/apispec_1.json");
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/apispec_1.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(304, (await caller.SendAsync(again)).Status);
    }

    [Fact]
    public async Task ManyCallersAtFirst_GetTheSameDocument()
    {
        await using var service = await StartAsync(Shop.Describe);
        var caller = service.Nobody();
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => caller.GetAsync("/apispec_1.json")));
        Assert.Single(all.Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task NamesThatOpenApiDoesNotAllow_StayApart()
    {
        await using var service = await StartAsync(service =>
        {
            service.RegisterResource<Straße>();
            service.RegisterResource<Spaced>();
            service.RegisterResource<Underscored>();
            service.SecureRoute("GET", "/one", () => new First.Same());
            service.SecureRoute("GET", "/two", () => new Second.Same());
            service.SecureRoute("GET", "/three", () => new List<Spaced>());
        });
        var document = await ReadAsync(service);
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToList();
        Assert.Contains("Strau00dfe.read", schemas);
        Assert.Contains("My_Thing.read", schemas);
        Assert.Contains("My_Thing2.read", schemas);
        Assert.Contains("Same", schemas);
        Assert.Contains("Same2", schemas);
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/resource/Straße", out _));
    }

    private static Task<TestService> StartAsync(Action<Microservice> describe) => TestService.StartAsync(describe, configuration => configuration.AddInMemoryCollection(s_docs));

    private static void Routes(Microservice service)
    {
        service.SecureRoute("GET", "/orders/summary", (TenantDb db, CurrentUser user, CancellationToken cancellationToken, int days = 7) => new Totals(days, 0), route => route.WithSummary("Counts the orders."));
        service.SecureRoute("POST", "/api/method/orders.count", (Totals totals) => totals.OrderCount);
        service.Route("GET", "/status", () => TypedResults.Ok("up"));
    }

    private static async Task<JsonElement> ReadAsync(TestService service) => (await service.Nobody().GetAsync("/apispec_1.json")).Json;

    private static IEnumerable<string> Verbs(JsonElement path) =>
        path.EnumerateObject().Select(entry => entry.Name).Where(name => name is "get" or "put" or "post" or "patch" or "delete").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Statuses(JsonElement operation) => operation.GetProperty("responses").EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    private static string Ordered(JsonElement schemas, string schema, string field, params string[] keys)
    {
        var property = schemas.GetProperty(schema).GetProperty("properties").GetProperty(field);
        return "{" + string.Join(',', keys.Select(key => $"\"{key}\":{(property.TryGetProperty(key, out var value) ? value.GetRawText() : "null")}")) + "}";
    }

    private static List<string> DanglingReferences(JsonElement root)
    {
        var dangling = new List<string>();
        Visit(root);
        return dangling;

        void Visit(JsonElement element)
        {
            if (element.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item);
                }
            }
            else if (element.ValueKind is JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.NameEquals("$ref") && property.Value.ValueKind is JsonValueKind.String && !Exists(property.Value.GetString()!))
                    {
                        dangling.Add(property.Value.GetString()!);
                    }

                    Visit(property.Value);
                }
            }
        }

        bool Exists(string reference)
        {
            var target = root;
            return reference.Split('/')[1..].All(part => target.TryGetProperty(part, out target));
        }
    }

    private sealed record Totals(int OrderCount, decimal GrandTotal);

    private static class First
    {
        public sealed record Same(int A = 1);
    }

    private static class Second
    {
        public sealed record Same(int B = 1);
    }
}

[DocType("Straße")]
public sealed class Straße : Document
{
    public string? Note { get; set; }
}

[DocType("My Thing")]
public sealed class Spaced : Document
{
    public string? Note { get; set; }
}

[DocType("My_Thing")]
public sealed class Underscored : Document
{
    public string? Note { get; set; }
}
