using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Methods;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;

namespace Microservices.Framework.Tests.Resources.OpenApi;

/// <summary>What the OpenAPI document tells of the second API, held against what that API answers.</summary>
public sealed class V2SpecificationTests
{
    [Fact]
    public async Task DocType_HasItsPathsInTheSecondApi()
    {
        await using var service = await StartAsync(Shop.Describe);
        var paths = (await ReadAsync(service)).GetProperty("paths");

        Assert.Equal(["get", "post"], Verbs(paths, "/api/v2/document/Sales Order"));
        Assert.Equal(["delete", "get", "patch", "put"], Verbs(paths, "/api/v2/document/Sales Order/{name}"));
        Assert.Equal(["get"], Verbs(paths, "/api/v2/document/Sales Order/{name}/copy"));
        Assert.Equal(["post"], Verbs(paths, "/api/v2/document/Sales Order/bulk_update"));
        Assert.Equal(["post"], Verbs(paths, "/api/v2/document/Sales Order/bulk_delete"));
        Assert.Equal(["get"], Verbs(paths, "/api/v2/doctype/Sales Order/meta"));
        Assert.Equal(["get"], Verbs(paths, "/api/v2/doctype/Sales Order/count"));
        Assert.Equal(["get"], Verbs(paths, "/api/v2/doctype/Sales Order/search"));
        Assert.Equal(["post"], Verbs(paths, "/api/v2/document/Sales Order/{name}/method/discard"));
        Assert.False(paths.TryGetProperty("/api/v2/document/Customer/{name}/method/discard", out _));
        var list = paths.GetProperty("/api/v2/document/Sales Order").GetProperty("get");
        Assert.Equal(
            ["fields", "filters", "or_filters", "order_by", "group_by", "limit", "start", "include", "cursor", "expand", "format", "debug"],
            list.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Contains("**Roles:**", list.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(["400", "401", "403", "404", "405", "409", "413", "415", "417", "429", "500", "503"], Statuses(paths.GetProperty("/api/v2/document/Sales Order/bulk_update").GetProperty("post")));
    }

    [Fact]
    public async Task EveryParameterOfAList_IsTaken()
    {
        await using var service = await StartAsync(Shop.Describe);
        var acme = service.As("acme");
        var paths = (await ReadAsync(service)).GetProperty("paths");
        foreach (var path in (string[])["/api/v2/document/Customer", "/api/v2/doctype/Customer/count", "/api/v2/doctype/Customer/search", "/api/v2/doctype/Customer/meta"])
        {
            foreach (var parameter in paths.GetProperty(path).GetProperty("get").GetProperty("parameters").EnumerateArray())
            {
                var schema = parameter.GetProperty("schema");
                var value = schema.TryGetProperty("enum", out var words) ? words[0].GetString() : schema.GetProperty("type").GetString() == "integer" ? "5" : "";
                var answer = await acme.GetAsync($"{path}?{parameter.GetProperty("name").GetString()}={value}");
                Assert.True(answer.Status == 200, answer.Text);
            }
        }
    }

    [Fact]
    public async Task Answers_HaveTheKeysThatAreTold()
    {
        await using var service = await StartAsync(Shop.Describe);
        var acme = service.As("acme");
        await acme.PostAsync("/api/v2/document/Customer", new { customer_name = "Ada", tax_id = "T" });
        var document = await ReadAsync(service);

        AssertKeys(document, "/api/v2/document/Customer", "get", "200", await acme.GetAsync("/api/v2/document/Customer?include=count&cursor="));
        AssertKeys(document, "/api/v2/document/Customer/{name}", "get", "200", await acme.GetAsync("/api/v2/document/Customer/Ada?include=permissions,attachments,shares,tags,comments,link_titles"));
        AssertKeys(document, "/api/v2/document/Customer/{name}/copy", "get", "200", await acme.GetAsync("/api/v2/document/Customer/Ada/copy"));
        AssertKeys(document, "/api/v2/doctype/Customer/meta", "get", "200", await acme.GetAsync("/api/v2/doctype/Customer/meta?include=children"));
        AssertKeys(document, "/api/v2/doctype/Customer/count", "get", "200", await acme.GetAsync("/api/v2/doctype/Customer/count"));
        AssertKeys(document, "/api/v2/document/Customer/bulk_update", "post", "200", await acme.PostAsync("/api/v2/document/Customer/bulk_update", new { docs = new[] { new { name = "Ada", territory = "North" } } }));
        AssertKeys(document, "/api/v2/document/Customer/{name}", "get", "404", await acme.GetAsync("/api/v2/document/Customer/nobody"));
        AssertKeys(document, "/api/v2/document/Customer/bulk_delete", "post", "200", await acme.PostAsync("/api/v2/document/Customer/bulk_delete", new { names = new[] { "Ada" } }));
    }

    [Fact]
    public async Task EveryError_HasTheShapeOfTheSecondApi()
    {
        await using var service = await StartAsync(Workshop.Describe);
        var paths = (await ReadAsync(service)).GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/v2/", StringComparison.Ordinal)).ToList();

        Assert.True(paths.Count > 20);
        foreach (var operation in paths.SelectMany(path => path.Value.EnumerateObject()).Where(verb => verb.Value.ValueKind is JsonValueKind.Object))
        {
            Assert.All(
                operation.Value.GetProperty("responses").EnumerateObject().Where(status => status.Name[0] > '3'),
                status => Assert.Equal("#/components/responses/Error.v2." + status.Name, status.Value.GetProperty("$ref").GetString()));
        }
    }

    [Fact]
    public async Task Methods_AreToldWithTheirResultAsData()
    {
        await using var service = await StartAsync(Workshop.Describe);
        var paths = (await ReadAsync(service)).GetProperty("paths");

        Assert.Equal("number", Result(paths.GetProperty("/api/v2/method/workshop.total").GetProperty("get")).GetProperty("type").GetString());
        Assert.Equal(["get", "post"], Verbs(paths, "/api/v2/method/frappe.client.get_count"));
        Assert.True(paths.TryGetProperty("/api/v2/method/workshop.route", out _));
        var ofDocument = paths.GetProperty("/api/v2/document/Job Card/{name}/method/describe");
        Assert.Equal("#/components/schemas/Job_Card.read", ofDocument.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema")
            .GetProperty("properties").GetProperty("docs").GetProperty("items").GetProperty("$ref").GetString());
        Assert.Equal("name", ofDocument.GetProperty("parameters")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task WhatIsNotServed_IsNotTold()
    {
        await using var service = await StartAsync(service =>
        {
            service.RegisterResource<Customer>(options => options.Verbs = ResourceVerbs.Get);
            service.RegisterResource<Item>(options => options.CustomHandlers[ResourceVerbs.Update] = () => "done");
        });
        var paths = (await ReadAsync(service)).GetProperty("paths");

        Assert.Equal(["get"], Verbs(paths, "/api/v2/document/Customer/{name}"));
        Assert.True(paths.TryGetProperty("/api/v2/document/Customer/{name}/copy", out _));
        foreach (var absent in (string[])["/api/v2/document/Customer", "/api/v2/document/Customer/bulk_update", "/api/v2/document/Customer/bulk_delete", "/api/v2/doctype/Customer/count", "/api/v2/document/Item/bulk_update"])
        {
            Assert.False(paths.TryGetProperty(absent, out _), absent);
        }

        Assert.True(paths.TryGetProperty("/api/v2/document/Item/bulk_delete", out _));
        Assert.Equal("Answered by a handler of the service's own.", paths.GetProperty("/api/v2/document/Item/{name}").GetProperty("put").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Copy_TellsNeitherPasswordsNorWhatIsNotCopied()
    {
        using var files = new DocTypeFiles();
        await using var service = await StartAsync(files.Register("Vaulted", ("note", "Data", null), ("once", "Data", new JsonObject { ["no_copy"] = 1 }), ("secret", "Password", null)));
        var document = await ReadAsync(service);
        var copy = document.GetProperty("components").GetProperty("schemas").GetProperty("Vaulted.copy").GetProperty("properties");

        Assert.Equal(["doctype", "note"], copy.EnumerateObject().Select(field => field.Name).Order());
        Assert.DoesNotContain("tenant_id", document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deprecation_IsTold()
    {
        var leaving = new Deprecation(new DateOnly(2026, 1, 31));
        await using var service = await StartAsync(service =>
        {
            service.RegisterResource<SalesOrder>(options => options.Deprecation = leaving);
            service.RegisterResource<Customer>();
            service.Whitelist("old.method", () => 1, options => options.Deprecation = leaving);
        });
        var paths = (await ReadAsync(service)).GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/v2/", StringComparison.Ordinal)).ToList();

        Assert.All(Of("Sales Order").Concat(Of("old.method")), operation => Assert.True(operation.GetProperty("deprecated").GetBoolean()));
        Assert.All(Of("Customer"), operation => Assert.False(operation.TryGetProperty("deprecated", out _)));

        List<JsonElement> Of(string name) => [.. paths.Where(path => path.Name.Split('/')[4] == name).SelectMany(path => path.Value.EnumerateObject()).Select(verb => verb.Value).Where(verb => verb.ValueKind is JsonValueKind.Object)];
    }

    private static Task<TestService> StartAsync(Action<Microservice> describe) => TestService.StartAsync(describe, settings => settings["Docs"] = "true");

    private static async Task<JsonElement> ReadAsync(TestService service) => (await service.Nobody().GetAsync("/apispec_1.json")).Json;

    private static IEnumerable<string> Verbs(JsonElement paths, string path) =>
        paths.GetProperty(path).EnumerateObject().Select(entry => entry.Name).Where(name => name is "get" or "put" or "post" or "patch" or "delete").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Statuses(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Select(entry => entry.Name).Where(status => status[0] > '3').Order(StringComparer.Ordinal);

    private static JsonElement Result(JsonElement operation) =>
        operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties").GetProperty("data");

    /// <summary>An answer has the required keys of its schema and no others than the schema's, at the top and in <c>data</c>.</summary>
    private static void AssertKeys(JsonElement document, string path, string verb, string status, Answer answer)
    {
        Assert.Equal(status, answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var response = Resolve(document, document.GetProperty("paths").GetProperty(path).GetProperty(verb).GetProperty("responses").GetProperty(status));
        var schema = Resolve(document, response.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        Check(schema, answer.Json);
        if (schema.GetProperty("properties").TryGetProperty("data", out var data) && Resolve(document, data) is var inner && inner.TryGetProperty("properties", out _) && !path.EndsWith("meta", StringComparison.Ordinal))
        {
            Check(inner, answer.Data);
        }

        void Check(JsonElement told, JsonElement seen)
        {
            var keys = seen.EnumerateObject().Select(key => key.Name).ToHashSet();
            Assert.Subset(told.GetProperty("properties").EnumerateObject().Select(key => key.Name).ToHashSet(), keys);
            Assert.Superset(told.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(key => key.GetString()!).ToHashSet() : [], keys);
        }
    }

    private static JsonElement Resolve(JsonElement document, JsonElement element) =>
        element.TryGetProperty("$ref", out var reference) ? reference.GetString()!["#/".Length..].Split('/').Aggregate(document, (found, key) => found.GetProperty(key)) : element;
}
