using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Permissions;

/// <summary>An administrator is told why somebody may do something or not, and nothing of what rows hold.</summary>
public sealed class PermissionExplanationTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Archive.StartAsync();
        _manager = _service.As("acme", Archive.Boss);
        await Archive.FillAsync(_manager);
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");
        await _manager.PutAsync("/api/resource/Dossier/D-3", new { secret = 1 });
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("Clerk", "D-1", "read", true, "A role has the right")]
    [InlineData("Clerk", "D-2", "read", false, "A user permission leaves out what branch says")]
    [InlineData("Clerk", "D-1", "submit", false, "No role has the right")]
    [InlineData("Author", "D-1", "write", false, "The right holds for own documents only")]
    [InlineData("Administrator", "D-2", "delete", true, "The role Administrator passes every rule")]
    public async Task Decision_IsTheOneThatRequestsGet_WithItsRule(string role, string name, string right, bool allowed, string rule)
    {
        var answer = await ExplainAsync(new { doctype = "Dossier", name, right, user = Archive.Ann, roles = new[] { role } });

        Assert.Equal((allowed, rule), (answer.GetProperty("allowed").GetBoolean(), answer.GetProperty("rule").GetString()));
        var ann = _service.As("acme", Archive.Ann, role);
        var status = right switch
        {
            "read" => (await ann.GetAsync($"/api/resource/Dossier/{name}")).Status,
            "write" => (await ann.PutAsync($"/api/resource/Dossier/{name}", new { subject = "x" })).Status,
            "delete" => (await ann.DeleteAsync($"/api/resource/Dossier/{name}")).Status,
            _ => 403,
        };
        Assert.Equal(allowed, status is 200 or 202);
    }

    [Fact]
    public async Task CheckOfTheService_IsNamed()
    {
        var answer = await ExplainAsync(new { doctype = "Dossier", name = "D-3", user = "out@example.com", roles = new[] { "Outsider" } });

        Assert.Equal("A check of the service refused", answer.GetProperty("rule").GetString());
    }

    [Fact]
    public async Task List_IsShownAsSqlWithoutValues()
    {
        var answer = await ExplainAsync(new { doctype = "Dossier", user = Archive.Ann, roles = new[] { "Clerk" } });

        Assert.Contains("`tenant_id`=@p", answer.GetProperty("list_sql").GetString(), StringComparison.Ordinal);
        Assert.Contains("`branch` in (", answer.GetProperty("list_sql").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("North", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("acme", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, answer.GetProperty("user_permissions")[0].GetProperty("values").GetInt32());
        Assert.Equal("Clerk", answer.GetProperty("rows")[0].GetProperty("role").GetString());
    }

    [Theory]
    [InlineData("""{"doctype":"Dossier","user":"other@example.com"}""", 417)]
    [InlineData("""{"doctype":"Dossier","right":"everything"}""", 417)]
    [InlineData("""{"doctype":"Dossier","right":"all"}""", 417)]
    [InlineData("""{"doctype":"Dossier","right":"3"}""", 417)]
    [InlineData("""{"doctype":"Nonesuch"}""", 404)]
    [InlineData("""{"doctype":"Dossier","name":"D-99"}""", 404)]
    [InlineData("""{"doctype":"Dossier","roles":"Clerk"}""", 417)]
    public async Task WrongQuestion_IsRefused(string body, int status) =>
        Assert.Equal(status, (await _manager.PostAsync("/api/method/permissions.explain", JsonDocument.Parse(body).RootElement)).Status);

    [Fact]
    public async Task OnlyAdministrators_Ask()
    {
        Assert.Equal(403, (await _service.As("acme", Archive.Ann, "Clerk").PostAsync("/api/method/permissions.explain", new { doctype = "Dossier" })).Status);
        Assert.Equal(404, (await _service.As("globex", Archive.Boss).PostAsync("/api/method/permissions.explain", new { doctype = "Dossier", name = "D-1" })).Status);
    }

    private async Task<JsonElement> ExplainAsync(object question)
    {
        var answer = await _manager.PostAsync("/api/method/permissions.explain", question);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("message");
    }
}
