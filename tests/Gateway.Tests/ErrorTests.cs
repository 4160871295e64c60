using System.Text.Json;
using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

public sealed class ErrorTests : IAsyncLifetime
{
    private FakeService _orders = null!;
    private RunningGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _orders = await FakeService.StartAsync("orders", docTypes: ["Item"]);
        _gateway = await RunningGateway.StartAsync(_orders);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _orders.DisposeAsync();
    }

    [Fact]
    public async Task V1Error_HasFrappesMembersAndOurs()
    {
        var (status, body, response) = await _gateway.GetJsonAsync("/api/resource/No%20%22Such%22/1");
        const string text = "No service has the DocType 'No \"Such\"'.";
        Assert.Equal(404, status);
        Assert.Equal("DoesNotExistError", body.GetProperty("exc_type").GetString());
        Assert.Equal("DoesNotExistError: " + text, body.GetProperty("exception").GetString());
        Assert.Equal(["DoesNotExistError: " + text], JsonSerializer.Deserialize<string[]>(body.GetProperty("exc").GetString()!)!);
        Assert.Equal("error", body.GetProperty("status").GetString());
        Assert.Equal(text, body.GetProperty("message").GetString());
        Assert.Equal("DoesNotExistError", body.GetProperty("type").GetString());
        Assert.Equal(404, body.GetProperty("code").GetInt32());
        Assert.Equal(response.Headers.GetValues("X-Frappe-Request-Id").Single(), body.GetProperty("request_id").GetString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task ServerMessage_IsEncodedForThePageThatShowsIt()
    {
        var (_, body, _) = await _gateway.GetJsonAsync("/api/method/%3Cimg%20onerror=x%3E");
        var messages = JsonSerializer.Deserialize<string[]>(body.GetProperty("_server_messages").GetString()!)!;
        var message = JsonDocument.Parse(Assert.Single(messages)).RootElement.GetProperty("message").GetString();
        Assert.Equal("No service has the method &#39;&lt;img onerror=x&gt;&#39;.", message);
        Assert.Equal("No service has the method '<img onerror=x>'.", body.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/api/v2/document/Nothing")]
    [InlineData("/api/v2/method/nothing")]
    [InlineData("/api/v2/nothing")]
    public async Task V2Error_HasV2sShapeAlone(string path)
    {
        var (status, body, _) = await _gateway.GetJsonAsync(path);
        Assert.Equal(404, status);
        var error = Assert.Single(body.GetProperty("errors").EnumerateArray());
        Assert.Equal("DoesNotExistError", error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(body.GetProperty("request_id").GetString()!);
        Assert.Equal(2, body.EnumerateObject().Count());
    }

    [Fact]
    public async Task VeryLongName_IsShortened()
    {
        var (_, body, _) = await _gateway.GetJsonAsync("/api/resource/" + new string('x', 4000));
        Assert.True(body.GetProperty("message").GetString()!.Length < 200);
    }

    [Fact]
    public async Task ServicesOwnError_IsHandedOnUntouched()
    {
        _orders.Handler = async context =>
        {
            context.Response.StatusCode = 417;
            await context.Response.Body.WriteAsync("{ \"own\" : 1 }"u8.ToArray());
        };
        var (status, body, _) = await _gateway.GetJsonAsync("/api/resource/Item");
        Assert.Equal(417, status);
        Assert.Equal(1, body.GetProperty("own").GetInt32());
    }

    [Fact]
    public async Task BodyLargerThanTheLimit_Returns413()
    {
        await using var gateway = await RunningGateway.StartUnlearnedAsync([_orders.Address], "--maxRequestBodyBytes", "100000");
        await gateway.UntilLearnedAsync(1);
        using var content = new ByteArrayContent(new byte[400_000]);
        using var response = await gateway.Client.PostAsync("/api/resource/Item", content, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("\"code\":413", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(_orders.Seen);
    }

    [Fact]
    public async Task ChunkedBodyLargerThanTheLimit_Returns413()
    {
        await using var gateway = await RunningGateway.StartUnlearnedAsync([_orders.Address], "--maxRequestBodyBytes", "1000");
        await gateway.UntilLearnedAsync(1);
        _orders.Handler = context => context.Request.Body.CopyToAsync(Stream.Null);
        var chunk = new string('x', 0x800);
        var answer = await gateway.SendRawAsync($"POST /api/resource/Item HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n{chunk}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"exc_type\":\"RequestEntityTooLarge\"", answer, StringComparison.Ordinal);
    }
}
