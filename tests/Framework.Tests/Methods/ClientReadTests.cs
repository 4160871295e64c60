using System.Text.Json;

namespace Microservices.Framework.Tests.Methods;

public sealed class ClientReadTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("""{"doctype":"Customer","fields":["name","territory"]}""", """[{"name":"Ann","territory":"acme"}]""")]
    [InlineData("""{"doctype":"Customer","fields":"[\"name\"]","filters":"{\"territory\":\"acme\"}"}""", """[{"name":"Ann"}]""")]
    [InlineData("""{"doctype":"Customer","filters":[["territory","=","globex"]]}""", "[]")]
    [InlineData("""{"doctype":"Customer","or_filters":{"name":"Ann","territory":"x"},"as_dict":false,"order_by":"name asc"}""", """[["Ann"]]""")]
    [InlineData("""{"doctype":"Customer","limit":0,"limit_page_length":1,"limit_start":1,"unknown":5}""", "[]")]
    [InlineData("""{"doctype":"Customer","filters":null,"parent":null,"debug":false,"group_by":""}""", """[{"name":"Ann"}]""")]
    public async Task GetList_TakesJsonAndItsText(string arguments, string rows)
    {
        Assert.Equal(rows, (await fixture.CallAsync("get_list", JsonDocument.Parse(arguments).RootElement)).GetRawText());
        var query = string.Join('&', JsonDocument.Parse(arguments).RootElement.EnumerateObject().Where(pair => pair.Value.ValueKind is not JsonValueKind.Null)
            .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value.ToString())}"));
        Assert.Equal(rows, (await fixture.Acme.GetAsync("/api/method/frappe.client.get_list?" + query)).Json.GetProperty("message").GetRawText());
        Assert.Equal(rows, (await fixture.Acme.GetAsync("/api/v2/method/frappe.client.get_list?" + query)).Data.GetRawText());
    }

    [Fact]
    public async Task GetCount_CountsWhatTheCallerMayRead()
    {
        Assert.Equal(1, (await fixture.CallAsync("get_count", new { doctype = "Customer", filters = new { territory = "acme" }, cache = true })).GetInt32());
        Assert.Equal(0, (await fixture.CallAsync("get_count", new { doctype = "Customer", filters = new { territory = "globex" } })).GetInt32());
        Assert.Equal(0, (await fixture.Service.As("acme", "eve@example.com", "Owner Only").GetAsync("/api/method/frappe.client.get_count?doctype=Customer")).Json.GetProperty("message").GetInt32());
        Assert.Equal(403, (await fixture.Service.As("acme", "eve@example.com", "Nobody").GetAsync("/api/method/frappe.client.get_count?doctype=Customer")).Status);
    }

    [Fact]
    public async Task Get_AnswersTheDocumentWithItsNulls()
    {
        var document = await fixture.CallAsync("get", new { doctype = "Customer", name = "Ann" });
        Assert.Equal(("Ann", "acme", JsonValueKind.Null, "Customer"), (
            document.GetProperty("name").GetString(), document.GetProperty("territory").GetString(), document.GetProperty("since").ValueKind, document.GetProperty("doctype").GetString()));
        Assert.Equal("Ann", (await fixture.CallAsync("get", new { doctype = "Customer", filters = new { territory = "acme" } })).GetProperty("name").GetString());
        Assert.Equal("Shop Settings", (await fixture.CallAsync("get", new { doctype = "Shop Settings" })).GetProperty("doctype").GetString());
        Assert.Equal(404, (await fixture.Acme.GetAsync("/api/method/frappe.client.get?doctype=Customer&name=Nobody")).Status);
        Assert.Equal(404, (await fixture.Acme.GetAsync("""/api/method/frappe.client.get?doctype=Customer&filters={"territory":"globex"}""")).Status);
        Assert.Equal(417, (await fixture.Acme.GetAsync("/api/method/frappe.client.get?doctype=Customer")).Status);
    }

    [Theory]
    [InlineData("""{"doctype":"Customer","fieldname":"territory","filters":"Ann"}""", """{"territory":"acme"}""")]
    [InlineData("""{"doctype":"Customer","fieldname":["name","territory"],"filters":{"name":"Ann"}}""", """{"name":"Ann","territory":"acme"}""")]
    [InlineData("""{"doctype":"Customer","fieldname":"[]","filters":"[[\"Customer\",\"territory\",\"=\",\"acme\"]]"}""", """{"name":"Ann"}""")]
    [InlineData("""{"doctype":"Customer","fieldname":"territory","filters":"Nobody"}""", "{}")]
    [InlineData("""{"doctype":"Customer","fieldname":"territory","filters":{"territory":"globex"}}""", "{}")]
    [InlineData("""{"doctype":"Customer","fieldname":"territory","filters":"Ann","as_dict":false}""", "\"acme\"")]
    [InlineData("""{"doctype":"Customer","fieldname":["name","territory"],"filters":"Ann","as_dict":0}""", """["Ann","acme"]""")]
    [InlineData("""{"doctype":"Customer","fieldname":"territory","filters":"Ann","as_dict":"false"}""", """{"territory":"acme"}""")]
    [InlineData("""{"doctype":"Customer","filters":"'; drop table tabCustomer; --"}""", "{}")]
    [InlineData("""{"doctype":"Shop Settings","fieldname":"aisles"}""", """{"aisles":0}""")]
    public async Task GetValue_AnswersFieldsOfTheFirstMatch(string arguments, string expected) =>
        Assert.Equal(expected, (await fixture.CallAsync("get_value", JsonDocument.Parse(arguments).RootElement)).GetRawText());

    [Fact]
    public async Task GetSingleValue_AnswersAFieldOfASingle()
    {
        await fixture.CallAsync("set_value", new { doctype = "Shop Settings", name = "Shop Settings", fieldname = "motto", value = "buy" });
        Assert.Equal("buy", (await fixture.CallAsync("get_single_value", new { doctype = "Shop Settings", field = "motto" })).GetString());
        Assert.Equal("buy", (await fixture.CallAsync("get_value", new { doctype = "Shop Settings", fieldname = "motto" })).GetProperty("motto").GetString());
        Assert.Equal(417, (await fixture.Acme.GetAsync("/api/method/frappe.client.get_single_value?doctype=Customer&field=name")).Status);
        Assert.Equal(417, (await fixture.Acme.GetAsync("/api/method/frappe.client.get_single_value?doctype=Shop Settings&field=nothing")).Status);
        Assert.False((await fixture.Service.As("globex").GetAsync("/api/method/frappe.client.get_single_value?doctype=Shop Settings&field=motto")).Json.TryGetProperty("message", out _));
    }

    [Fact]
    public async Task HasPermission_TellsForOneDocument()
    {
        Assert.True((await fixture.CallAsync("has_permission", new { doctype = "Customer", docname = "Ann" })).GetProperty("has_permission").GetBoolean());
        Assert.False((await fixture.CallAsync("has_permission", new { doctype = "Customer", docname = "Nobody", perm_type = "write" })).GetProperty("has_permission").GetBoolean());
        var clerk = fixture.Service.As("acme", "eve@example.com", "Sales User");
        Assert.False((await clerk.GetAsync("/api/method/frappe.client.has_permission?doctype=Customer&docname=Ann&perm_type=delete")).Json.GetProperty("message").GetProperty("has_permission").GetBoolean());
        Assert.Equal(417, (await clerk.GetAsync("/api/method/frappe.client.has_permission?doctype=Customer&docname=Ann&perm_type=fly")).Status);
        var permissions = (await clerk.GetAsync("/api/method/frappe.client.get_doc_permissions?doctype=Customer&docname=Ann")).Json.GetProperty("message").GetProperty("permissions");
        Assert.Equal((1, 1, 0), (permissions.GetProperty("read").GetInt32(), permissions.GetProperty("write").GetInt32(), permissions.GetProperty("delete").GetInt32()));
        Assert.Equal(JsonValueKind.Object, permissions.GetProperty("if_owner").ValueKind);
        Assert.Equal(404, (await fixture.Service.As("globex").GetAsync("/api/method/frappe.client.get_doc_permissions?doctype=Customer&docname=Nobody")).Status);
    }

    [Fact]
    public async Task ValidateLink_TellsTheStoredName()
    {
        Assert.Equal("""{"name":"Ann","territory":"acme"}""", (await fixture.CallAsync("validate_link", new { doctype = "Customer", docname = "Ann", fields = """["territory"]""" })).GetRawText());
        Assert.Equal("""{"name":null}""", (await fixture.CallAsync("validate_link", new { doctype = "Customer", docname = "Nobody" })).GetRawText());
        Assert.Equal("""{"name":"Ann"}""", (await fixture.CallAsync("validate_link_and_fetch", new { doctype = "Customer", docname = "ann" })).GetRawText());
        Assert.Equal("{}", (await fixture.CallAsync("validate_link_and_fetch", new { doctype = "Customer", docname = "Nobody" })).GetRawText());
        Assert.Equal("{}", (await fixture.CallAsync("validate_link_and_fetch", new { doctype = "Customer", docname = "Ann", filters = new { territory = "globex" } })).GetRawText());
        Assert.Equal(417, (await fixture.Acme.GetAsync("/api/method/frappe.client.validate_link_and_fetch?doctype=Customer&docname=")).Status);
        var nobody = fixture.Service.As("acme", "eve@example.com", "Nobody");
        Assert.Equal(403, (await nobody.GetAsync("/api/method/frappe.client.validate_link?doctype=Customer&docname=Ann")).Status);
        Assert.Equal("{}", (await nobody.GetAsync("/api/method/frappe.client.validate_link_and_fetch?doctype=Customer&docname=Ann")).Json.GetProperty("message").GetRawText());
    }

    [Fact]
    public async Task GetPassword_IsForSystemManagers()
    {
        await fixture.CallAsync("insert", new { doc = new { doctype = "Till", name = "front", pin = "1234" } });
        Assert.Equal("1234", (await fixture.CallAsync("get_password", new { doctype = "Till", name = "front", fieldname = "pin" })).GetString());
        Assert.Equal(403, (await fixture.Service.As("acme", "eve@example.com", "Clerk").GetAsync("/api/method/frappe.client.get_password?doctype=Till&name=front&fieldname=pin")).Status);
        Assert.Equal(417, (await fixture.Acme.GetAsync("/api/method/frappe.client.get_password?doctype=Till&name=front&fieldname=label")).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").GetAsync("/api/method/frappe.client.get_password?doctype=Till&name=front&fieldname=pin")).Status);
        Assert.DoesNotContain("1234", (await fixture.Acme.GetAsync("/api/method/frappe.client.get?doctype=Till&name=front")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", (await fixture.Acme.GetAsync("/api/method/frappe.client.get_value?doctype=Till&filters=front&fieldname=pin")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get_list", "doctype=Hidden Record", 404)]
    [InlineData("get", "doctype=Hidden Record&name=x", 404)]
    [InlineData("get_value", "doctype=Hidden Record&fieldname=secret&filters=x", 404)]
    [InlineData("get_list", "doctype=Nothing", 404)]
    [InlineData("get_list", "", 417)]
    [InlineData("get_list", "doctype=Sales Order Item", 403)]
    [InlineData("get", "doctype=Sales Order Item&name=x", 403)]
    [InlineData("get", "doctype=Ledger&name=x", 405)]
    [InlineData("get_list", "doctype=Customer&fields=nothing", 417)]
    [InlineData("get_list", "doctype=Customer&filters={", 417)]
    [InlineData("get_list", "doctype=Customer&filters={\"nothing\":1}", 417)]
    [InlineData("get_list", "doctype=Customer&limit_page_length=-1", 417)]
    [InlineData("get_list", "doctype=Customer&order_by=name;drop", 417)]
    [InlineData("get_value", "doctype=Customer&fieldname={}", 417)]
    [InlineData("get_value", "doctype=Customer&fieldname=[1]", 417)]
    [InlineData("get_value", "doctype=Customer&fieldname=nothing&filters=Ann", 417)]
    [InlineData("get_count", "doctype=Customer&filters=5", 417)]
    public async Task WhatMayNotBeRead_IsRefused(string method, string query, int status) =>
        Assert.Equal(status, (await fixture.Acme.GetAsync($"/api/method/frappe.client.{method}?{query}")).Status);

    [Fact]
    public async Task FixedAnswers_AreThoseOfFrappe()
    {
        var nobody = fixture.Service.Nobody();
        Assert.Equal("""{"message":"pong"}""", (await nobody.GetAsync("/api/method/ping")).Text);
        Assert.Equal("""{"data":"pong"}""", (await nobody.GetAsync("/api/v2/method/ping")).Text);
        Assert.Equal("""{"message":{"time_zone":"UTC"}}""", (await nobody.GetAsync("/api/method/frappe.client.get_time_zone")).Text);
        Assert.Equal("Guest", (await nobody.GetAsync("/api/method/frappe.realtime.get_user_info")).Json.GetProperty("message").GetProperty("user").GetString());
        Assert.Equal("""{"message":"ann@example.com"}""", (await fixture.Acme.GetAsync("/api/method/frappe.auth.get_logged_user")).Text);
        Assert.Equal(401, (await nobody.GetAsync("/api/method/frappe.auth.get_logged_user")).Status);
        Assert.Equal(401, (await nobody.GetAsync("/api/method/frappe.client.get_list?doctype=Customer")).Status);
        Assert.Equal("test", (await fixture.Acme.GetAsync("/api/method/frappe.utils.change_log.get_versions")).Json.GetProperty("message").GetProperty("test").GetProperty("title").GetString());
    }
}
