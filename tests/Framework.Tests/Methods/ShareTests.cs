using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

public sealed class ShareTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Fact]
    public async Task SharedDocument_IsReadByWhomItIsSharedWith()
    {
        await fixture.CallAsync("insert", new { doc = new { doctype = "Till", name = "shared", label = "x" } });
        var eve = fixture.Service.As("acme", "eve@example.com", "Nobody");
        Assert.Equal(403, (await eve.GetAsync("/api/resource/Till/shared")).Status);
        var made = await ShareAsync("add", new { doctype = "Till", name = "shared", user = "eve@example.com" });
        Assert.Equal(1, made.Json.GetProperty("message").GetProperty("read").GetInt32());
        Assert.Equal(200, (await eve.GetAsync("/api/resource/Till/shared")).Status);
        Assert.Equal(403, (await eve.PutAsync("/api/resource/Till/shared", new { label = "y" })).Status);
        Assert.Equal(1, (await ShareAsync("set_permission", new { doctype = "Till", name = "shared", user = "eve@example.com", permission_to = "write" })).Json.GetProperty("message").GetProperty("write").GetInt32());
        Assert.Equal(200, (await eve.PutAsync("/api/resource/Till/shared", new { label = "y" })).Status);
        var users = (await fixture.Acme.GetAsync("/api/method/frappe.share.get_users?doctype=Till&name=shared")).Json.GetProperty("message");
        Assert.Equal(("eve@example.com", 1), (users[0].GetProperty("user").GetString(), users[0].GetProperty("write").GetInt32()));

        // Who may not share it shares nothing, and another tenant finds nothing to share.
        Assert.Equal(403, (await eve.PostAsync("/api/method/frappe.share.add", new { doctype = "Till", name = "shared", user = "bob@example.com" })).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").PostAsync("/api/method/frappe.share.add", new { doctype = "Till", name = "shared", user = "eve@example.com" })).Status);
        Assert.Equal("{}", (await ShareAsync("set_permission", new { doctype = "Till", name = "shared", user = "eve@example.com", permission_to = "read", value = 0 })).Text);
        Assert.Equal(403, (await eve.GetAsync("/api/resource/Till/shared")).Status);
    }

    [Theory]
    [InlineData("add", "{}", 417)]
    [InlineData("add", """{"doctype":"Till","name":"nothing","user":"x"}""", 404)]
    [InlineData("add", """{"doctype":"Nothing","name":"nothing","user":"x"}""", 404)]
    [InlineData("add", """{"doctype":"Customer","name":"Ann"}""", 417)]
    [InlineData("add", """{"doctype":"Customer","name":"Ann","user":["x"]}""", 417)]
    [InlineData("add", """{"doctype":"Hidden Record","name":"Ann","user":"x"}""", 404)]
    [InlineData("set_permission", """{"doctype":"Customer","name":"Ann","user":"x","permission_to":"fly"}""", 417)]
    public async Task BadArguments_AreRefused(string method, string arguments, int status) =>
        Assert.Equal(status, (await fixture.Acme.PostAsync("/api/method/frappe.share." + method, System.Text.Json.JsonDocument.Parse(arguments).RootElement)).Status);

    private async Task<Answer> ShareAsync(string method, object arguments)
    {
        var answer = await fixture.Acme.PostAsync("/api/method/frappe.share." + method, arguments);
        Assert.True(answer.Status == 200, answer.Text);
        return answer;
    }
}
