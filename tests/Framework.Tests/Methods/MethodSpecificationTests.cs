using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

public sealed class MethodSpecificationTests
{
    [Fact]
    public async Task Methods_AreDocumentedWithTheirArgumentsAndResult()
    {
        await using var service = await TestService.StartAsync(Workshop.Describe, settings => settings["Docs"] = "true");
        var paths = (await service.Nobody().GetAsync("/apispec_1.json")).Json.GetProperty("paths");
        var total = paths.GetProperty("/api/method/workshop.total");
        Assert.Equal(["get", "post"], total.EnumerateObject().Select(verb => verb.Name).Order());
        Assert.Equal(["lines:True:string", "times:False:integer"], total.GetProperty("get").GetProperty("parameters").EnumerateArray().Select(Describe));
        var body = total.GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("array", body.GetProperty("properties").GetProperty("lines").GetProperty("type").GetString());
        Assert.Equal("""["lines"]""", body.GetProperty("required").GetRawText());
        Assert.Equal("number", total.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties").GetProperty("message").GetProperty("type").GetString());
        Assert.Equal(["post"], paths.GetProperty("/api/method/workshop.post").EnumerateObject().Select(verb => verb.Name));
        Assert.False(paths.GetProperty("/api/method/workshop.guest").GetProperty("get").TryGetProperty("security", out _));
        Assert.Equal("**Roles:** Sales User, Manager.", paths.GetProperty("/api/method/workshop.managers").GetProperty("get").GetProperty("description").GetString());
        Assert.True(paths.GetProperty("/api/method/workshop.upload").GetProperty("post").GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _));
        Assert.True(paths.TryGetProperty("/api/v2/method/Job Card/motto", out _));
        Assert.Equal(["post"], paths.GetProperty("/api/method/frappe.client.insert").EnumerateObject().Select(verb => verb.Name));
        Assert.Single(paths.EnumerateObject(), path => path.Name == "/api/method/workshop.route");
    }

    private static string Describe(JsonElement parameter) =>
        $"{parameter.GetProperty("name").GetString()}:{parameter.TryGetProperty("required", out var required) && required.GetBoolean()}:{parameter.GetProperty("schema").GetProperty("type").GetString()}";
}
