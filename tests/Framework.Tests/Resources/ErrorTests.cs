using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Microservices.Framework.Tests.Resources;

public sealed class ErrorFixture : IAsyncLifetime
{
    public const int MaxBodyBytes = 4096;
    public const string Secret = "the password is hunter2";

    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(
            service =>
            {
                Shop.Describe(service);
                service.SecureRoute("GET", "/broken", string () => throw new InvalidOperationException(Secret));
                service.SecureRoute("POST", "/echo", (Dictionary<string, int> numbers) => numbers);
                service.SecureRoute("GET", "/square", (int side) => side * side);
            },
            configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Resources:MaxBodyBytes"] = $"{MaxBodyBytes}" }));
        Acme = Service.As("acme");
        Assert.Equal(201, (await Acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada" })).Status);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class ErrorTests(ErrorFixture fixture) : IClassFixture<ErrorFixture>
{
    private readonly TestCaller _acme = fixture.Acme;

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{\"customer_name\":\"x\"")]
    [InlineData("{\"customer_name\":\"x\"}{}")]
    [InlineData("{'customer_name':'x'}")]
    [InlineData("{\"customer_name\":\"x\",}")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("12")]
    [InlineData("true")]
    [InlineData("customer_name=x")]
    [InlineData("{\"customer_name\":\"x\",\"customer_name\":\"y\"}")]
    [InlineData("{\"customer_name\":\"x\",\"customer\\u005fname\":\"y\"}")]
    [InlineData("{\"customer_name\":\"\\ud800\"}")]
    [InlineData("{\"customer_name\":\"x\",\"\\udc00\":1}")]
    [InlineData("{\"data\":{\"customer_name\":\"\\ud83d\"}}")]
    [InlineData("[{\"customer_name\":\"\\ud800 x\"}]")]
    [InlineData("{\"customer_name\":\"\\q\"}")]
    [InlineData("[1]")]
    [InlineData("[{\"customer_name\":\"x1\"},null]")]
    [InlineData("{\"customer_name\": NaN}")]
    [InlineData("{\"data\":12}", 417)] // not one of the forms, so it is a field that does not exist, and the name is missing
    public async Task MalformedBody_Is400(string body, int status = 400)
    {
        var answer = await _acme.PostAsync("/api/resource/Customer", Json(body));
        AssertError(answer, status, status == 400 ? "DataError" : "ValidationError");
        Assert.Equal(1, (await _acme.GetAsync("/api/resource/Customer")).Data.GetArrayLength());
    }

    [Theory]
    [InlineData("[{\"rank\":1}]")]
    [InlineData("null")]
    [InlineData("\\")]
    public async Task MalformedBodyOfAnUpdate_Is400(string body) => AssertError(await _acme.PutAsync("/api/resource/Customer/Ada", Json(body)), 400, "DataError");

    [Fact]
    public async Task DeepBody_Is400()
    {
        AssertError(await _acme.PostAsync("/api/resource/Customer", Json($"{{\"customer_name\":\"x\",\"a\":{new string('[', 1000)}{new string(']', 1000)}}}")), 400, "DataError");
        AssertError(await _acme.PostAsync("/api/resource/Customer", Json(new string('[', 4000))), 400, "DataError");
        AssertError(await _acme.GetAsync("/api/resource/Customer?filters=" + new string('[', 1000)), 417, "DataError");
    }

    [Theory]
    [InlineData(0xC3)]
    [InlineData(0xFF)]
    [InlineData(0xED, 0xA0, 0x80)]
    public async Task BytesThatAreNotUtf8_Are400(params int[] bytes)
    {
        byte[] body = [.. "{\"customer_name\":\"a"u8, .. bytes.Select(value => (byte)value), .. "\"}"u8];
        AssertError(await _acme.PostAsync("/api/resource/Customer", Content(body, "application/json")), 400, "DataError");
        byte[] key = [.. "{\"customer_name\":\"x\",\"a"u8, .. bytes.Select(value => (byte)value), .. "\":1}"u8];
        AssertError(await _acme.PostAsync("/api/resource/Customer", Content(key, "application/json")), 400, "DataError");
    }

    [Theory]
    [InlineData("filters={\"city\":\"\\ud800\"}")]
    [InlineData("filters=[[\"\\ud800\",\"=\",1]]")]
    [InlineData("fields=[\"\\ud800\"]")]
    public async Task HalfACharacterInAParameter_Is417(string query) => AssertError(await _acme.GetAsync("/api/resource/Customer?" + query), 417, "DataError");

    [Theory]
    [InlineData("/api/resource/Customer/%FF")]
    [InlineData("/api/resource/Customer/%ED%A0%80")]
    [InlineData("/api/resource/%C3/x")]
    public async Task PathThatIsNotText_Is400(string path) => AssertError(await _acme.GetAsync(path), 400, "DataError");

    [Fact]
    public async Task NoCredentials_Are401WithAChallenge()
    {
        foreach (var path in (string[])["/api/resource/Customer", "/api/resource/Customer/Ada", "/api/resource/Nothing", "/api/method/auth.whoami", "/broken"])
        {
            var answer = await fixture.Service.Nobody().GetAsync(path);
            AssertError(answer, 401, "AuthenticationError");
            Assert.Equal("Bearer realm=\"api\"", answer.Headers.WwwAuthenticate.ToString());
        }

        var refused = await new TestCaller(new HttpClient { BaseAddress = fixture.Service.Address }, "x.y.z").GetAsync("/api/resource/Customer");
        AssertError(refused, 401, "AuthenticationError");
        Assert.Equal("Bearer realm=\"api\", error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task CallerWithoutTheRight_Is403()
    {
        var bob = fixture.Service.As("acme", "bob@example.com", "Nobody");
        AssertError(await bob.GetAsync("/api/resource/Customer"), 403, "PermissionError");
        AssertError(await bob.GetAsync("/api/resource/Customer/Ada"), 403, "PermissionError");
        AssertError(await bob.PostAsync("/api/resource/Customer", new { customer_name = "Bob" }), 403, "PermissionError");
        AssertError(await bob.PutAsync("/api/resource/Customer/Ada", new { rank = 1 }), 403, "PermissionError");
        AssertError(await bob.DeleteAsync("/api/resource/Customer/Ada"), 403, "PermissionError");
        AssertError(await _acme.GetAsync("/api/resource/Sales Order Item"), 403, "PermissionError");
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/nothing")]
    [InlineData("/api/resource")]
    [InlineData("/api/resource/")]
    [InlineData("/api/method/nothing")]
    [InlineData("/api/resource/Nothing")]
    [InlineData("/api/resource/customer%20")]
    [InlineData("/api/resource/CUSTOMER")]
    [InlineData("/api/resource/Nothing/Ada")]
    [InlineData("/api/resource/Customer/Nobody")]
    [InlineData("/api/resource/Customer/Ada/more")]
    [InlineData("/api/v3/resource/Customer")]
    public async Task WhatIsNotThere_Is404(string path)
    {
        foreach (var answer in new[] { await _acme.GetAsync(path), await _acme.DeleteAsync(path) })
        {
            AssertError(answer, 404, "DoesNotExistError");
        }
    }

    [Theory]
    [InlineData("PUT", "/api/resource/Customer", "GET, HEAD, POST")]
    [InlineData("DELETE", "/api/resource/Customer", "GET, HEAD, POST")]
    [InlineData("OPTIONS", "/api/resource/Customer", "GET, HEAD, POST")]
    [InlineData("PURGE", "/api/resource/Customer", "GET, HEAD, POST")]
    [InlineData("POST", "/api/resource/Customer/Ada", "GET, HEAD, PUT, PATCH, DELETE")]
    [InlineData("POST", "/square", "GET")]
    [InlineData("DELETE", "/api/method/auth.whoami", "GET, POST")]
    public async Task VerbThatIsNotTaken_Is405WithThoseThatAre(string method, string path, string allow)
    {
        var answer = await _acme.SendAsync(new HttpMethod(method), path, null);
        AssertError(answer, 405, "MethodNotAllowedError");
        Assert.Equal(allow, string.Join(", ", answer.ContentHeaders.Allow));
    }

    [Fact]
    public async Task NameThatIsTaken_Is409()
    {
        AssertError(await _acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada" }), 409, "DuplicateEntryError");
        AssertError(await _acme.PostAsync("/api/resource/Customer", new { customer_name = "ÁDA" }), 409, "DuplicateEntryError");
        AssertError(await _acme.PostAsync("/api/resource/Customer", new[] { new { customer_name = "New" }, new { customer_name = "Ada" } }), 409, "DuplicateEntryError");
        AssertError(await _acme.GetAsync("/api/resource/Customer/New"), 404, "DoesNotExistError");
    }

    [Fact]
    public async Task BodyThatIsTooLarge_Is413()
    {
        var large = $$"""{"customer_name":"x","a":"{{new string('x', ErrorFixture.MaxBodyBytes)}}"}""";
        AssertRefused(await _acme.PostAsync("/api/resource/Customer", Json(large)));
        AssertRefused(await _acme.PutAsync("/api/resource/Customer/Ada", Json(large)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/resource/Customer") { Content = Json(large) };
        request.Headers.TransferEncodingChunked = true;
        AssertRefused(await _acme.SendAsync(request));
        AssertRefused(await _acme.PostAsync("/api/resource/Customer", Content(Encoding.UTF8.GetBytes("data=" + large), "application/x-www-form-urlencoded")));
        AssertRefused(await _acme.PostAsync("/echo", Json(large)));

        static void AssertRefused(Answer answer)
        {
            AssertError(answer, 413, "PayloadTooLargeError");
            // The connection ends, and the client is told so before it sends the next request.
            Assert.True(answer.Headers.ConnectionClose);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/octet-stream")]
    [InlineData("text/json")]
    public async Task BodyOfAnotherType_Is415(string type)
    {
        AssertError(await _acme.PostAsync("/api/resource/Customer", Content("{\"customer_name\":\"x\"}"u8.ToArray(), type)), 415, "UnsupportedMediaType");
        AssertError(await _acme.PutAsync("/api/resource/Customer/Ada", Content("{\"rank\":1}"u8.ToArray(), type)), 415, "UnsupportedMediaType");
        AssertError(await _acme.PostAsync("/echo", Content("{\"a\":1}"u8.ToArray(), type)), 415, "UnsupportedMediaType");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    [InlineData(null)]
    public async Task BodyOfJson_IsRead(string? type) =>
        Assert.Equal(200, (await _acme.PutAsync("/api/resource/Customer/Ada", Content("{\"rank\":1}"u8.ToArray(), type))).Status);

    [Fact]
    public async Task RuleThatIsNotMet_Is417()
    {
        AssertError(await _acme.PostAsync("/api/resource/Sales Order", new { }), 417, "MandatoryError");
        AssertError(await _acme.PostAsync("/api/resource/Customer", Array(201)), 417, "DataError");
        AssertError(await _acme.GetAsync("/api/resource/Customer?nope=1"), 417, "DataError");

        static object[] Array(int length) => [.. Enumerable.Range(0, length).Select(_ => new { })];
    }

    [Theory]
    [InlineData("/square", "side")]
    [InlineData("/square?side=", "side")]
    [InlineData("/square?side=four", "side")]
    [InlineData("/square?side=99999999999", "side")]
    public async Task ArgumentThatDoesNotFit_Is417WithItsName(string path, string name)
    {
        var answer = await _acme.GetAsync(path);
        AssertError(answer, 417, "ValidationError");
        Assert.Contains(name, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("int", answer.Json.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":\"x\"}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task BodyOfARouteThatDoesNotFit_Is400(string body)
    {
        var answer = await _acme.PostAsync("/echo", Json(body));
        AssertError(answer, 400, "DataError");
        Assert.DoesNotContain("Dictionary", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_Is500ThatSaysNothing()
    {
        var answer = await _acme.GetAsync("/broken");
        AssertError(answer, 500, "InternalServerError");
        Assert.DoesNotContain("hunter2", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperation", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", answer.Json.GetProperty("exc").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc-DEF_1.2", true)]
    [InlineData("a", true)]
    [InlineData("has space", false)]
    [InlineData("semi;colon", false)]
    [InlineData("\"quoted\"", false)]
    [InlineData("<script>", false)]
    [InlineData("", false)]
    public async Task RequestId_IsKeptWhenItIsWellFormed(string sent, bool isKept)
    {
        foreach (var path in (string[])["/api/resource/Customer", "/api/resource/Customer/Nobody", "/healthz", "/nothing"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Frappe-Request-Id", sent);
            var answer = await _acme.SendAsync(request);
            var id = answer.Headers.GetValues("X-Frappe-Request-Id").Single();
            Assert.Equal(isKept, id == sent);
            Assert.Matches("^[A-Za-z0-9._-]{1,64}$", id);
            if (answer.Status >= 400)
            {
                Assert.Equal(id, answer.Json.GetProperty("request_id").GetString());
            }
        }
    }

    [Fact]
    public async Task RequestIdThatIsLongOrDouble_IsReplaced()
    {
        foreach (var ids in new[] { [new string('a', 65)], new[] { "one", "two" } })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
            request.Headers.TryAddWithoutValidation("X-Frappe-Request-Id", ids);
            Assert.Matches("^[0-9a-f]{32}$", (await _acme.SendAsync(request)).Headers.GetValues("X-Frappe-Request-Id").Single());
        }
    }

    [Theory]
    [InlineData("/api/resource/Customer", 200)]
    [InlineData("/api/resource/Customer/Ada", 200)]
    [InlineData("/api/resource/Customer/Nobody", 404)]
    [InlineData("/api/resource/Customer?nope=1", 417)]
    [InlineData("/nothing", 404)]
    public async Task Head_HasTheStatusAndNoBody(string path, int status)
    {
        var answer = await _acme.SendAsync(HttpMethod.Head, path, null);
        Assert.Equal(status, answer.Status);
        Assert.Equal("", answer.Text);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task ErrorOfV2_HasItsOwnShape()
    {
        var answer = await _acme.GetAsync("/api/v2/document/Customer/nosuch");
        Assert.Equal(404, answer.Status);
        Assert.Equal(["errors", "request_id"], answer.Json.EnumerateObject().Select(key => key.Name));
        Assert.Equal("DoesNotExistError", answer.Json.GetProperty("errors")[0].GetProperty("type").GetString());
    }

    private static void AssertError(Answer answer, int status, string type)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Text}");
        Assert.Equal("application/json", answer.ContentHeaders.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var error = answer.Json;
        Assert.Equal(
            ["exc_type", "exception", "exc", "_server_messages", "status", "message", "type", "code", "request_id"],
            error.EnumerateObject().Select(key => key.Name));
        var message = error.GetProperty("message").GetString()!;
        Assert.NotEmpty(message);
        Assert.Equal(type, error.GetProperty("exc_type").GetString());
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal("error", error.GetProperty("status").GetString());
        Assert.Equal(status, error.GetProperty("code").GetInt32());
        Assert.Equal($"{type}: {message}", error.GetProperty("exception").GetString());
        Assert.Equal([$"{type}: {message}"], JsonSerializer.Deserialize<string[]>(error.GetProperty("exc").GetString()!)!);
        var shown = JsonDocument.Parse(JsonSerializer.Deserialize<string[]>(error.GetProperty("_server_messages").GetString()!)!.Single()).RootElement;
        Assert.Equal(message, shown.GetProperty("message").GetString());
        Assert.Equal(answer.Headers.GetValues("X-Frappe-Request-Id").Single(), error.GetProperty("request_id").GetString());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static ByteArrayContent Content(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
