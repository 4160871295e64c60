using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microservices.Framework.Tests.Permissions;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>Every door that writes asks what a PUT asks, and none takes what the framework alone writes.</summary>
public sealed class WriteAttackTests : IAsyncLifetime
{
    private const string Stolen = """ "owner":"x@example.com","creation":"2001-01-01 00:00:00","modified_by":"x@example.com","tenant_id":"globex","idx":9,"code":"changed","fees":[{"words":"changed"}],"lines":[{"words":"l","code":"changed","parent":"south","tenant_id":"globex"}] """;

    private readonly Vault _vault = new();

    public ValueTask InitializeAsync() => _vault.InitializeAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Theory]
    [InlineData("PUT", Vault.Deals + "/open", "{" + Stolen + ",\"name\":\"renamed\",\"title\":\"renamed\"}")]
    [InlineData("PUT", "/api/v2/document/Deal/open", "{" + Stolen + ",\"name\":\"renamed\",\"title\":\"renamed\"}")]
    [InlineData("POST", "/api/v2/document/Deal/bulk_update", "{\"docs\":[{\"name\":\"open\"," + Stolen + "}]}")]
    [InlineData("POST", Vault.Method + "bulk_update", "{\"docs\":[{\"doctype\":\"Deal\",\"docname\":\"open\"," + Stolen + "}]}")]
    [InlineData("POST", Vault.Method + "set_value", """{"doctype":"Deal","name":"open","fieldname":{"code":"changed"}}""")]
    [InlineData("POST", Vault.Method + "set_value", """{"doctype":"Deal","name":"open","fieldname":"owner","value":"x"}""")]
    [InlineData("POST", Vault.Method + "save", "{\"doc\":{\"doctype\":\"Deal\",\"name\":\"open\"," + Stolen + "}}")]
    [InlineData("POST", Vault.Method + "insert", """{"doc":{"doctype":"Deal Line","parenttype":"Deal","parent":"open","parentfield":"fees","words":"changed"}}""")]
    [InlineData("PATCH", Vault.Deals + "/open", """[{"op":"add","path":"/code","value":"changed"}]""")]
    [InlineData("PATCH", Vault.Deals + "/open", """[{"op":"replace","path":"/owner","value":"x@example.com"}]""")]
    [InlineData("PATCH", Vault.Deals + "/open", """[{"op":"copy","from":"/owner","path":"/title"}]""")]
    [InlineData("PATCH", Vault.Deals + "/open", """[{"op":"test","path":"/code","value":"cipher open"}]""")]
    public async Task WhatIsNotTheCallersToWrite_StaysAsItIs(string method, string path, string body)
    {
        var before = (await _vault.Manager.GetAsync(Vault.Deals + "/open")).Data;
        var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(method == "PATCH" ? "application/json-patch+json" : "application/json"));

        var answer = await _vault.Ann.SendAsync(new HttpMethod(method), path, content);

        Assert.True(answer.Status is 200 or 202 or 403 or 409 or 417, answer.Text);
        Assert.DoesNotContain("cipher", answer.Text, StringComparison.Ordinal);
        var after = (await _vault.Manager.GetAsync(Vault.Deals + "/open")).Data;
        foreach (var field in (string[])["name", "title", "owner", "creation", "code", "backer", "idx"])
        {
            Assert.Equal(before.GetProperty(field).ToString(), after.GetProperty(field).ToString());
        }

        Assert.Empty(after.GetProperty("fees").EnumerateArray());
        Assert.DoesNotContain("changed", after.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("cipher open", (await _vault.Rival.GetAsync(Vault.Deals + "/open")).Data.GetProperty("code").GetString());
    }

    [Fact]
    public async Task PatchThatCopiesATableOverAndOver_IsRefused()
    {
        static StringContent Copies(int count) =>
            new(JsonSerializer.Serialize(Enumerable.Repeat(new { op = "copy", from = "/lines", path = "/lines" }, count)), Encoding.UTF8, "application/json-patch+json");

        Assert.Equal(417, (await _vault.Ann.SendAsync(HttpMethod.Patch, Vault.Deals + "/open", Copies(21))).Status);
        Assert.Equal(200, (await _vault.Ann.SendAsync(HttpMethod.Patch, Vault.Deals + "/open", Copies(20))).Status);
    }

    [Theory]
    [InlineData("GET", Vault.Deals + "/south", null)]
    [InlineData("GET", "/api/v2/document/Deal/south/copy", null)]
    [InlineData("GET", Vault.Method + "get?doctype=Deal&name=south", null)]
    [InlineData("GET", Vault.Method + "get_doc_permissions?doctype=Deal&docname=south", null)]
    [InlineData("GET", "/api/method/run_doc_method?dt=Deal&dn=south&method=x", null)]
    [InlineData("POST", "/api/method/run_doc_method", """{"docs":{"doctype":"Deal","name":"south"},"method":"x"}""")]
    [InlineData("POST", Vault.Deals + "/south", """{"run_method":"x"}""")]
    [InlineData("POST", Vault.Method + "set_value", """{"doctype":"Deal","name":"south","fieldname":"branch","value":"North"}""")]
    [InlineData("POST", Vault.Method + "delete", """{"doctype":"Deal","name":"south"}""")]
    [InlineData("POST", "/api/resource/Comment", """{"reference_doctype":"Deal","reference_name":"south","content":"x"}""")]
    [InlineData("POST", "/api/resource/DocShare", """{"share_doctype":"Deal","share_name":"south","user":"ann@example.com","write":1}""")]
    [InlineData("POST", "/api/method/upload_file", """{"file_url":"https://example.com/x","doctype":"Deal","docname":"south"}""")]
    [InlineData("POST", "/api/resource/Custom DocPerm", """{"parent_doctype":"Deal","role":"All","read":1}""")]
    [InlineData("GET", "/api/method/permissions.explain?doctype=Deal&name=south", null)]
    public async Task DocumentOutsideTheUserPermission_HasNoDoor(string method, string path, string? body)
    {
        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "North");

        var answer = await _vault.Ann.SendAsync(new HttpMethod(method), path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(answer.Status is 403 or 404, answer.Text);
        Assert.Equal("South", (await _vault.Manager.GetAsync(Vault.Deals + "/south")).Data.GetProperty("branch").GetString());
    }

    [Fact]
    public async Task FileOfASingle_NeedsTheServicesCheck()
    {
        static Task<Answer> AttachAsync(TestCaller caller) => caller.PostAsync("/api/method/upload_file", new { file_url = "https://example.com/x", doctype = "Deal Rules", docname = "Deal Rules" });

        Assert.Equal(403, (await AttachAsync(_vault.Mole)).Status);
        Assert.Equal(200, (await AttachAsync(_vault.Manager)).Status);
    }
}
