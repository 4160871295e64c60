using System.Text;

namespace Microservices.Framework.Tests.Contract;

/// <summary>What Frappe serves and a service does not, and what of a request does not count: each is refused or left alone as docs/frappe.md says.</summary>
public sealed class RequestTests(ContractFixture fixture) : IClassFixture<ContractFixture>
{
    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/app", 404)]
    [InlineData("GET", "/print?doctype=Device&name=d1", 404)]
    [InlineData("GET", "/backups/x.sql.gz", 404)]
    [InlineData("GET", "/.well-known/oauth-protected-resource", 404)]
    [InlineData("GET", "/api/resource//Device/d1", 404)]
    [InlineData("GET", "/api/resource/DocType/Device", 404)]
    [InlineData("GET", "/api/resource/User", 404)]
    [InlineData("POST", "/api/method/login", 404)]
    [InlineData("POST", "/api/method/logout", 404)]
    [InlineData("POST", "/api/v1/method/login", 404)]
    [InlineData("POST", "/api/v2/method/login", 404)]
    [InlineData("GET", "/api/method/web_logout", 404)]
    [InlineData("GET", "/api/method/version", 404)]
    [InlineData("GET", "/api/method/runserverobj", 404)]
    [InlineData("GET", "/api/method/frappe.client.get_js", 404)]
    [InlineData("GET", "/api/method/frappe.utils.print_format.download_pdf", 404)]
    [InlineData("POST", "/api/method/frappe.core.doctype.user.user.reset_password", 404)]
    [InlineData("POST", "/api/method/frappe.integrations.oauth2.get_token", 404)]
    [InlineData("GET", "/api/v2/session", 404)]
    [InlineData("GET", "/api/v2/discovery", 404)]
    [InlineData("GET", "/api/v2/doctype/Device/search?limit=x", 417)]
    [InlineData("POST", "/api/v2/method/bulk_delete", 404)]
    [InlineData("POST", "/api/v2/method/bulk_update", 404)]
    [InlineData("QUERY", "/api/resource/Device", 405)]
    [InlineData("QUERY", "/api/v2/document/Device/d1", 405)]
    [InlineData("POST", "/api/v2/document/Device/d1/tags", 405)]
    [InlineData("POST", "/api/v2/document/Device/d1/assignments", 405)]
    [InlineData("POST", "/api/v2/document/File", 405)]
    [InlineData("OPTIONS", "/api/resource/Device", 405)]
    [InlineData("OPTIONS", "/api/method/ping", 403)]
    [InlineData("PATCH", "/api/method/ping", 403)]
    public async Task WhatIsLeftOut_IsToldInJson(string verb, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Origin", "https://elsewhere.example");
        var answer = await fixture.Acme.SendAsync(request);

        Assert.Equal(status, answer.Status);
        Assert.True(answer.Json.TryGetProperty(path.StartsWith("/api/v2", StringComparison.Ordinal) ? "errors" : "exc_type", out _), answer.Text);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase) || header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/api/resource/Device?sid=abc", 417)]
    [InlineData("/api/resource/Device?cmd=ping", 417)]
    [InlineData("/api/resource/Device?_user_tags=x", 417)]
    [InlineData("/api/resource/Device?fields=[\"_comments\"]", 417)]
    [InlineData("/api/resource/Device?order_by=timestamp(modified)", 417)]
    [InlineData("/api/resource/Setup", 417)]
    [InlineData("/api/resource/Device/d1?include=tags", 200)]
    [InlineData("/api/v2/document/Device/d1?include=assignments", 417)]
    public async Task ParameterThatMeansSomethingElsewhere_IsRefusedOrLeftAlone(string path, int status)
    {
        var answer = await fixture.Acme.GetAsync(path);
        Assert.Equal(status, answer.Status);
        Assert.False(answer.Json.TryGetProperty("tags", out _));
    }

    [Fact]
    public async Task ListOfABody_IsThatOfTheQuery()
    {
        var answer = await fixture.Acme.SendAsync(HttpMethod.Get, "/api/resource/Device?order_by=name&fields=name", new StringContent("""{"fields":["title"],"limit":1}""", Encoding.UTF8, "application/json"));
        Assert.Equal("""[{"name":"d1"},{"name":"d2"}]""", answer.Data.GetRawText());
    }

    [Fact]
    public async Task SiteHeader_ChoosesNoTenant()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/resource/Maker/Delft");
        request.Headers.Add("X-Frappe-Site-Name", "rival");
        Assert.Equal("ours", (await fixture.Acme.SendAsync(request)).Data.GetProperty("town").GetString());
        Assert.Equal("theirs", (await fixture.Rival.GetAsync("/api/resource/Maker/Delft")).Data.GetProperty("town").GetString());
    }

    [Fact]
    public async Task Methods_AreNotSanitised_AndAServicesOwnWins()
    {
        Assert.Equal("<script>x</script>", (await fixture.Service.Nobody().GetAsync("/api/method/contract.echo?text=<script>x</script>")).Json.GetProperty("message").GetString());
        Assert.Equal("Mars", (await fixture.Service.Nobody().GetAsync("/api/method/frappe.client.get_time_zone")).Json.GetProperty("message").GetProperty("time_zone").GetString());
    }

    [Fact]
    public async Task Errors_NeverHoldATraceback()
    {
        var answer = await fixture.Acme.PostAsync("/api/resource/Device", new { name = "New Device 1" });
        Assert.Equal(["exc_type", "exception", "exc", "_server_messages", "status", "message", "type", "code", "request_id"], answer.Json.EnumerateObject().Select(key => key.Name));
        Assert.DoesNotContain(" at ", answer.Json.GetProperty("exc").GetString(), StringComparison.Ordinal);
        var second = await fixture.Acme.PostAsync("/api/v2/document/Device", new { name = "New Device 1" });
        Assert.Equal(["type", "message", "indicator"], second.Json.GetProperty("errors")[0].EnumerateObject().Select(key => key.Name));
    }

    [Fact]
    public async Task UploadWithAMethod_Is417()
    {
        using var form = new MultipartFormDataContent { { new StringContent("contract.echo"), "method" }, { new ByteArrayContent("abc"u8.ToArray()), "file", "a.txt" } };
        Assert.Equal("ValidationError", (await fixture.Acme.PostAsync("/api/method/upload_file", form)).ErrorType);
        Assert.Equal("[]", (await fixture.Acme.GetAsync("/api/resource/File")).Data.GetRawText());
    }
}
