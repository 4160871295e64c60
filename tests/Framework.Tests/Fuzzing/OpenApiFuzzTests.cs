using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Fuzzing;

/// <summary>
/// Sends hostile requests to everything that the OpenAPI document tells of. Bounded and reproducible: the seed is fixed, FUZZ_SEED and FUZZ_REQUESTS
/// (environment) choose others, and a failure prints its request.
/// </summary>
public sealed class OpenApiFuzzTests
{
    // What another tenant's documents hold, and what one of them is called: the name is tried, the content never comes.
    private const string Marker = "globex-eyes-only";
    private const string ForeignName = "Grace";
    private const int DefaultRequests = 3000;
    private const int ShownCharacters = 400;

    [Fact]
    public async Task EveryAnswer_IsWhole_NeverAFailure_NeverOfAnotherTenant()
    {
        var seed = Setting("FUZZ_SEED", 20_260_101);
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(
            service =>
            {
                Shop.Describe(service);
                service.RegisterResources(wide.Folder);
                service.RegisterResource<Secret>();
                service.Whitelist("fuzz.echo", (string text, int number = 1, DateOnly? day = null, List<string>? items = null) => new { text, number, day, items });
            },
            settings => settings["Docs"] = "true");
        var globex = service.As("globex");
        await globex.PostAsync("/api/resource/Customer", new { customer_name = ForeignName, territory = Marker });
        await globex.PostAsync("/api/resource/Secret", new { title = Marker });
        var acme = service.As("acme");
        await acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada" });
        await acme.PostAsync("/api/resource/Item", new { item_code = "I" });
        await acme.PostAsync("/api/resource/Sales Order", new { customer = "Ada", items = new[] { new { item_code = "I" } } });

        var specification = (await service.Nobody().GetAsync("/apispec_1.json")).Json;
        var operations = Operations(specification).ToList();
        Assert.Contains(operations, operation => operation.Path.StartsWith("/api/v2/document/", StringComparison.Ordinal));
        Assert.Contains(operations, operation => operation.Path.StartsWith("/api/v2/method/", StringComparison.Ordinal));
        Assert.True(operations.Count > 20);
        var random = new Random(seed);
        var hostile = new HostileValues(random);
        var failures = new List<string>();
        for (var i = 0; i < Setting("FUZZ_REQUESTS", DefaultRequests) && failures.Count < 5; i++)
        {
            var operation = operations[random.Next(operations.Count)];
            var (path, body, type) = Compose(operation, random, hostile);
            using var request = new HttpRequestMessage(new HttpMethod(operation.Verb), path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(hostile.Bytes(body));
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }

            var answer = await acme.SendAsync(request);
            if (Fault(answer) is { } fault)
            {
                failures.Add($"{fault}: {operation.Verb} {Short(path)} {type} {Short(body)} -> {answer.Status} {Short(answer.Text)} (seed {seed}, request {i})");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.Equal(1, (await globex.GetAsync("/api/resource/Secret")).Data.GetArrayLength());
        Assert.Equal(Marker, (await globex.GetAsync($"/api/resource/Customer/{ForeignName}")).Data.GetProperty("territory").GetString());
    }

    private static string? Fault(Answer answer)
    {
        if (answer.Status >= 500)
        {
            return "a failure";
        }

        if (answer.Text.Contains(Marker, StringComparison.Ordinal))
        {
            return "another tenant's data";
        }

        if (answer.Status >= 400 && answer.ContentHeaders.ContentType?.MediaType == "application/json")
        {
            return answer.Json.TryGetProperty("request_id", out _) || answer.Json.TryGetProperty("errors", out _) ? null : "an error without its shape";
        }

        return answer.Status >= 400 ? "an error that is not JSON" : null;
    }

    private static (string Path, string? Body, string Type) Compose(Operation operation, Random random, HostileValues hostile)
    {
        var path = new StringBuilder(operation.Path);
        foreach (var name in operation.PathParameters)
        {
            path.Replace($"{{{name}}}", random.Next(3) == 0 ? s_known[random.Next(s_known.Length)] : Limited(hostile.Text()) is { Length: > 0 } text ? text : "x");
        }

        var query = operation.QueryParameters.Where(_ => random.Next(4) == 0).Select(name => $"{Uri.EscapeDataString(name)}={Limited(hostile.Text())}").ToList();
        var address = query.Count == 0 ? path.ToString() : $"{path}?{string.Join('&', query)}";
        return operation.Verb is "GET" or "DELETE" ? (address, null, "") : (address, hostile.Body(operation.BodyFields), hostile.ContentType());
    }

    private static readonly string[] s_known = ["Ada", "I", "SO-00001", ForeignName];

    // Very long addresses and those with a NUL are refused by the server itself, before any of this code; both are tried in bodies.
    private static string Limited(string text)
    {
        var shown = (text.Length > 1000 ? text[..1000] : text).Replace("\0", "", StringComparison.Ordinal);
        return Uri.EscapeDataString(shown);
    }

    private static IEnumerable<Operation> Operations(JsonElement specification)
    {
        foreach (var path in specification.GetProperty("paths").EnumerateObject())
        {
            foreach (var verb in path.Value.EnumerateObject().Where(verb => verb.Value.ValueKind is JsonValueKind.Object && verb.Value.TryGetProperty("responses", out _)))
            {
                var parameters = verb.Value.TryGetProperty("parameters", out var own) ? own.EnumerateArray() : default;
                var all = (path.Value.TryGetProperty("parameters", out var shared) ? shared.EnumerateArray().Concat(parameters) : parameters).ToList();
                yield return new Operation(
                    path.Name,
                    verb.Name.ToUpperInvariant(),
                    [.. all.Where(parameter => In(parameter, "path")).Select(Name)],
                    [.. all.Where(parameter => In(parameter, "query")).Select(Name)],
                    [.. Fields(specification, verb.Value)]);
            }
        }

        static bool In(JsonElement parameter, string place) => parameter.TryGetProperty("in", out var value) && value.GetString() == place;
        static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;
    }

    private static IEnumerable<string> Fields(JsonElement specification, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body) || !body.TryGetProperty("content", out var content))
        {
            return [];
        }

        return content.EnumerateObject().SelectMany(type => type.Value.TryGetProperty("schema", out var schema) ? Properties(specification, schema, 0) : []).Distinct();
    }

    private static IEnumerable<string> Properties(JsonElement specification, JsonElement schema, int depth)
    {
        if (depth > 4)
        {
            return [];
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            var target = reference.GetString()!["#/".Length..].Split('/').Aggregate(specification, (element, name) => element.GetProperty(name));
            return Properties(specification, target, depth + 1);
        }

        var own = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name) : [];
        var parts = ((string[])["oneOf", "anyOf", "allOf"]).SelectMany(key => schema.TryGetProperty(key, out var list) ? list.EnumerateArray() : default);
        return own.Concat(parts.SelectMany(part => Properties(specification, part, depth + 1)));
    }

    private static int Setting(string name, int unset) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : unset;

    private static string Short(string? text) => text is null ? "" : text.Length > ShownCharacters ? text[..ShownCharacters] + "..." : text;

    private sealed record Operation(string Path, string Verb, IReadOnlyList<string> PathParameters, IReadOnlyList<string> QueryParameters, IReadOnlyList<string> BodyFields);

    /// <summary>Nobody's but its System Managers'.</summary>
    [DocType]
    [Permission("System Manager", Rights.All)]
    public sealed class Secret : Document
    {
        public string? Title { get; set; }
    }
}
