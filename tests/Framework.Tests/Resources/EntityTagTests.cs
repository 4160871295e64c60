using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Conditional requests on documents, RFC 9110 section 13.</summary>
public sealed class EntityTagTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Item/a";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(Shop.Describe);
        _caller = _service.As("acme");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Tag_IsTheSameUntilTheDocumentChanges()
    {
        var created = TagOf(await _caller.PostAsync("/api/resource/Item", new { item_code = "a" }));
        Assert.Equal(created, TagOf(await _caller.GetAsync(Path)));
        var changed = TagOf(await _caller.PutAsync(Path, new { item_name = "x" }));
        Assert.NotEqual(created, changed);
        Assert.Equal(changed, TagOf(await _caller.GetAsync(Path)));
    }

    [Fact]
    public async Task KnownTag_Is304WithoutABody()
    {
        var tag = TagOf(await _caller.PostAsync("/api/resource/Item", new { item_code = "a" }));
        foreach (var known in (string[])[tag, "W/" + tag, "\"x\", " + tag, "*"])
        {
            var answer = await SendAsync(HttpMethod.Get, "If-None-Match", known);
            Assert.Equal(304, answer.Status);
            Assert.Empty(answer.Text);
            Assert.Equal(tag, TagOf(answer));
        }

        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "If-None-Match", "\"x\"")).Status);
    }

    [Fact]
    public async Task StaleTag_Is412_AndChangesNothing()
    {
        var stale = TagOf(await _caller.PostAsync("/api/resource/Item", new { item_code = "a" }));
        var fresh = TagOf(await _caller.PutAsync(Path, new { item_name = "x" }));

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete])
        {
            foreach (var tag in (string[])[stale, "W/" + fresh, "nonsense"])
            {
                var answer = await SendAsync(method, "If-Match", tag, new { item_name = "y" });
                Assert.Equal(412, answer.Status);
                Assert.Equal("TimestampMismatchError", answer.ErrorType);
            }
        }

        Assert.Equal("x", (await _caller.GetAsync(Path)).Data.GetProperty("item_name").GetString());
        Assert.Equal(404, (await SendAsync(HttpMethod.Put, "If-Match", stale, new { }, _service.As("globex"))).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Put, "If-Match", fresh, new { item_name = "y" })).Status);
        Assert.Equal(202, (await SendAsync(HttpMethod.Delete, "If-Match", "*")).Status);
    }

    private static string TagOf(Answer answer) => answer.Headers.ETag!.ToString();

    private async Task<Answer> SendAsync(HttpMethod method, string header, string value, object? body = null, TestCaller? caller = null)
    {
        using var request = new HttpRequestMessage(method, Path) { Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation(header, value);
        return await (caller ?? _caller).SendAsync(request);
    }
}
