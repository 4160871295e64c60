using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Methods;

public sealed class ClientWriteTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Fact]
    public async Task Insert_AnswersTheDocumentWithItsNulls()
    {
        var made = await fixture.CallAsync("insert", new { doc = new { doctype = "Till", name = "insert-1", label = "Front", owner = "eve" } });
        Assert.Equal(("insert-1", "ann@example.com", JsonValueKind.Null), (made.GetProperty("name").GetString(), made.GetProperty("owner").GetString(), made.GetProperty("customer").ValueKind));
        Assert.Equal("insert-2", (await fixture.CallAsync("insert", new { doc = """{"doctype":"Till","name":"insert-2"}""" })).GetProperty("name").GetString());
        Assert.Equal(409, (await fixture.Acme.PostAsync("/api/method/frappe.client.insert", new { doc = new { doctype = "Till", name = "insert-1" } })).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").GetAsync("/api/resource/Till/insert-1")).Status);
    }

    [Fact]
    public async Task InsertMany_IsAllOrNothing()
    {
        Assert.Equal("""["many-1","many-2"]""", (await fixture.CallAsync("insert_many", new { docs = new[] { Till("many-1"), Till("many-2") } })).GetRawText());
        Assert.Equal(409, (await fixture.Acme.PostAsync("/api/method/frappe.client.insert_many", new { docs = new[] { Till("many-3"), Till("many-1") } })).Status);
        Assert.Equal(404, (await fixture.Acme.GetAsync("/api/resource/Till/many-3")).Status);
        Assert.Equal(417, (await fixture.Acme.PostAsync("/api/method/frappe.client.insert_many", new { docs = Enumerable.Range(0, 201).Select(i => Till($"too-{i}")) })).Status);
        Assert.Equal(404, (await fixture.Acme.GetAsync("/api/resource/Till/too-0")).Status);
    }

    [Fact]
    public async Task Save_ReplacesTheWholeDocument()
    {
        var made = JsonNode.Parse((await fixture.CallAsync("insert", new { doc = new { doctype = "Till", name = "save", label = "Front", drawers = 2, pin = "77" } })).GetRawText())!.AsObject();
        made["label"] = "Back";
        made.Remove("drawers");
        var saved = await fixture.CallAsync("save", new { doc = made });
        Assert.Equal(("Back", 0), (saved.GetProperty("label").GetString(), saved.GetProperty("drawers").GetInt32()));
        Assert.Equal("77", (await fixture.CallAsync("get_password", new { doctype = "Till", name = "save", fieldname = "pin" })).GetString());
        Assert.Equal("TimestampMismatchError", (await fixture.Acme.PostAsync("/api/method/frappe.client.save", new { doc = made })).ErrorType);
        Assert.Equal("TimestampMismatchError", (await fixture.Acme.PostAsync("/api/method/frappe.client.save", new { doc = Till("save") })).ErrorType);
        var foreign = JsonNode.Parse(saved.GetRawText())!.AsObject();
        foreign["owner"] = "eve";
        Assert.Equal("CannotChangeConstantError", (await fixture.Acme.PostAsync("/api/method/frappe.client.save", new { doc = foreign })).ErrorType);
        Assert.Equal(404, (await fixture.Acme.PostAsync("/api/method/frappe.client.save", new { doc = Till("nothing") })).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").PostAsync("/api/method/frappe.client.save", new { doc = saved })).Status);
        Assert.StartsWith("SO-", (await fixture.CallAsync("save", new { doc = Order() })).GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAndCancel_ChangeTheState()
    {
        var draft = await fixture.CallAsync("insert", new { doc = Order() });
        Assert.Equal(0, draft.GetProperty("docstatus").GetInt32());
        var submitted = await fixture.CallAsync("submit", new { doc = draft.GetRawText() });
        Assert.Equal((1, 1), (submitted.GetProperty("docstatus").GetInt32(), submitted.GetProperty("items").GetArrayLength()));
        var cancelled = await fixture.CallAsync("cancel", new { doctype = "Sales Order", name = submitted.GetProperty("name").GetString() });
        Assert.Equal(2, cancelled.GetProperty("docstatus").GetInt32());
        var amended = await fixture.CallAsync("insert", new { doc = Order(amendedFrom: submitted.GetProperty("name").GetString()) });
        Assert.Equal(amended.GetProperty("name").GetString(), (await fixture.CallAsync("is_document_amended", new { doctype = "Sales Order", docname = submitted.GetProperty("name").GetString() })).GetString());
        Assert.Equal("{}", (await fixture.Acme.GetAsync("/api/method/frappe.client.is_document_amended?doctype=Sales Order&docname=" + amended.GetProperty("name").GetString())).Text);
        var clerk = fixture.Service.As("acme", "eve@example.com", "Sales User");
        Assert.Equal(403, (await clerk.PostAsync("/api/method/frappe.client.submit", new { doc = Order() })).Status);
        Assert.Equal(1, (await fixture.CallAsync("submit", new { doclist = JsonSerializer.Serialize(Order()) })).GetProperty("docstatus").GetInt32());
    }

    [Fact]
    public async Task SetValue_ChangesOneFieldOrSeveral()
    {
        await fixture.CallAsync("insert", new { doc = Till("set") });
        Assert.Equal("10", (await fixture.CallAsync("set_value", new { doctype = "Till", name = "set", fieldname = "label", value = "10" })).GetProperty("label").GetString());
        Assert.Equal(3, (await fixture.CallAsync("set_value", new { doctype = "Till", name = "set", fieldname = new { drawers = 3, label = "a" } })).GetProperty("drawers").GetInt32());
        Assert.Equal("b", (await fixture.CallAsync("set_value", new { doctype = "Till", name = "set", fieldname = """{"label":"b"}""" })).GetProperty("label").GetString());
        Assert.Equal((JsonValueKind.Null, 0), (
            (await fixture.CallAsync("set_value", new { doctype = "Till", name = "set", fieldname = "label", value = "" })).GetProperty("label").ValueKind,
            (await fixture.CallAsync("set_value", new { doctype = "Till", name = "set", fieldname = "drawers", value = (object?)null })).GetProperty("drawers").GetInt32()));
        foreach (var field in (string[])["owner", "name", "creation", "modified", "docstatus", "nothing", "tenant_id", "parent"])
        {
            Assert.Equal(417, (await fixture.Acme.PostAsync("/api/method/frappe.client.set_value", new { doctype = "Till", name = "set", fieldname = field, value = "1" })).Status);
        }

        Assert.Equal(403, (await fixture.Service.As("acme", "eve@example.com", "Clerk").PostAsync("/api/method/frappe.client.set_value", new { doctype = "Till", name = "set", fieldname = "label", value = "x" })).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").PostAsync("/api/method/frappe.client.set_value", new { doctype = "Till", name = "set", fieldname = "label", value = "x" })).Status);
    }

    [Fact]
    public async Task Rows_AreChangedThroughTheirDocument()
    {
        var order = await fixture.CallAsync("insert", new { doc = Order() });
        var (name, row) = (order.GetProperty("name").GetString()!, order.GetProperty("items")[0].GetProperty("name").GetString()!);
        var more = await fixture.CallAsync("insert", new { doc = new { doctype = "Sales Order Item", parenttype = "Sales Order", parent = name, parentfield = "items", item_code = "nail", qty = 5, rate = 2 } });
        Assert.Equal(("Sales Order", 2, 12m), (more.GetProperty("doctype").GetString(), more.GetProperty("items").GetArrayLength(), more.GetProperty("grand_total").GetDecimal()));
        Assert.Equal(16m, (await fixture.CallAsync("set_value", new { doctype = "Sales Order Item", name = row, fieldname = "rate", value = 6 })).GetProperty("grand_total").GetDecimal());
        Assert.Equal("nail", (await fixture.CallAsync("get_value", new { doctype = "Sales Order Item", parent = "Sales Order", filters = row, fieldname = "item_code" })).GetProperty("item_code").GetString());
        foreach (var (caller, status) in new[] { (fixture.Service.As("globex"), 404), (fixture.Service.As("acme", "eve@example.com", "Nobody"), 403) })
        {
            Assert.Equal(status, (await caller.PostAsync("/api/method/frappe.client.set_value", new { doctype = "Sales Order Item", name = row, fieldname = "rate", value = 6 })).Status);
            Assert.Equal(status, (await caller.PostAsync("/api/method/frappe.client.delete", new { doctype = "Sales Order Item", name = row })).Status);
        }

        Assert.Equal("{}", (await fixture.Acme.PostAsync("/api/method/frappe.client.delete", new { doctype = "Sales Order Item", name = row })).Text);
        Assert.Equal(1, (await fixture.CallAsync("get", new { doctype = "Sales Order", name })).GetProperty("items").GetArrayLength());
        Assert.Equal(417, (await fixture.Acme.PostAsync("/api/method/frappe.client.insert", new { doc = new { doctype = "Sales Order Item", item_code = "nail" } })).Status);
        Assert.Equal(404, (await fixture.Acme.PostAsync("/api/method/frappe.client.delete", new { doctype = "Sales Order Item", name = "nothing" })).Status);
        Assert.Equal($"""[{JsonSerializer.Serialize(new { item_code = "nail" })}]""", (await fixture.CallAsync("get_list", new { doctype = "Sales Order Item", parent = "Sales Order", fields = new[] { "item_code" }, filters = new { parent = name } })).GetRawText());
    }

    [Fact]
    public async Task DeleteAndRename_DoWhatTheySay()
    {
        await fixture.CallAsync("insert_many", new { docs = new[] { Till("gone"), Till("old"), Till("kept") } });
        Assert.Equal("{}", (await fixture.Acme.DeleteAsync("/api/method/frappe.client.delete?doctype=Till&name=gone")).Text);
        Assert.Equal(404, (await fixture.Acme.DeleteAsync("/api/method/frappe.client.delete?doctype=Till&name=gone")).Status);
        Assert.Equal(403, (await fixture.Acme.GetAsync("/api/method/frappe.client.delete?doctype=Till&name=old")).Status);
        Assert.Equal(404, (await fixture.Service.As("globex").PostAsync("/api/method/frappe.client.rename_doc", new { doctype = "Till", old_name = "old", new_name = "mine" })).Status);
        var renamed = (await fixture.Acme.PostAsync("/api/method/frappe.client.rename_doc", new { doctype = "Till", old_name = "old", new_name = "new" })).Json;
        Assert.Equal("new", renamed.GetProperty("message").GetString());
        var alert = JsonDocument.Parse(JsonDocument.Parse(renamed.GetProperty("_server_messages").GetString()!).RootElement[0].GetString()!).RootElement;
        Assert.Equal(("Document renamed from old to new", 1), (alert.GetProperty("message").GetString(), alert.GetProperty("alert").GetInt32()));
        Assert.Equal(200, (await fixture.Acme.GetAsync("/api/resource/Till/new")).Status);
        Assert.Equal("kept", (await fixture.CallAsync("rename_doc", new { doctype = "Till", old_name = "new", new_name = "kept", merge = 1 })).GetString());
        Assert.Equal(404, (await fixture.Acme.GetAsync("/api/resource/Till/new")).Status);
    }

    [Fact]
    public async Task BulkUpdate_ReportsWhatFailed()
    {
        await fixture.CallAsync("insert_many", new { docs = new[] { Till("bulk-1"), Till("bulk-2") } });
        object[] docs =
        [
            new { doctype = "Till", docname = "bulk-1", label = "one" },
            new { doctype = "Till", docname = "nothing", label = "two" },
            new { doctype = "Till", docname = "bulk-2", label = "three", customer = "Nobody" },
            new { doctype = "Ledger", docname = "x" },
            new { docname = "x" },
        ];
        foreach (var sent in (object[])[docs, JsonSerializer.Serialize(docs)])
        {
            var failed = (await fixture.CallAsync("bulk_update", new { docs = sent })).GetProperty("failed_docs");
            Assert.Equal(["DoesNotExistError", "LinkValidationError", "MethodNotAllowedError", "ValidationError"], failed.EnumerateArray().Select(item => item.GetProperty("exc").GetString()!.Split(':')[0]));
            Assert.Equal("nothing", failed[0].GetProperty("doc").GetProperty("docname").GetString());
        }

        Assert.Equal(("one", false), ((await fixture.Acme.GetAsync("/api/resource/Till/bulk-1")).Data.GetProperty("label").GetString(), (await fixture.Acme.GetAsync("/api/resource/Till/bulk-2")).Data.TryGetProperty("label", out _)));
    }

    [Theory]
    [InlineData("insert", """{}""", 417)]
    [InlineData("insert", """{"doc":5}""", 417)]
    [InlineData("insert", """{"doc":"{"}""", 417)]
    [InlineData("insert", """{"doc":[]}""", 417)]
    [InlineData("insert", """{"doc":{}}""", 417)]
    [InlineData("insert", """{"doc":{"doctype":["Till"]}}""", 417)]
    [InlineData("insert", """{"doc":{"doctype":"Nothing"}}""", 404)]
    [InlineData("insert", """{"doc":{"doctype":"Hidden Record","name":"x"}}""", 404)]
    [InlineData("insert", """{"doc":{"doctype":"Ledger","name":"x"}}""", 405)]
    [InlineData("insert", """{"doc":{"doctype":"Till","name":"x","drawers":"many"}}""", 417)]
    [InlineData("insert_many", """{"docs":{}}""", 417)]
    [InlineData("insert_many", """{"docs":[5]}""", 417)]
    [InlineData("save", """{"doc":{"doctype":"Ledger","name":"x"}}""", 405)]
    [InlineData("submit", """{}""", 417)]
    [InlineData("submit", """{"doc":{"doctype":"Till","name":"nothing"}}""", 404)]
    [InlineData("cancel", """{"doctype":"Sales Order"}""", 417)]
    [InlineData("cancel", """{"doctype":"Sales Order","name":"nothing"}""", 404)]
    [InlineData("cancel", """{"doctype":"Customer","name":"Ann"}""", 417)]
    [InlineData("set_value", """{"doctype":"Customer","name":"Ann","fieldname":5,"value":1}""", 417)]
    [InlineData("set_value", """{"doctype":"Customer","name":"Ann","fieldname":"[1]","value":1}""", 417)]
    [InlineData("set_value", """{"doctype":"Customer","name":{"x":1},"fieldname":"rank","value":1}""", 417)]
    [InlineData("set_value", """{"doctype":"Customer","name":"Ann","fieldname":"rank","value":[1]}""", 417)]
    [InlineData("set_value", """{"doctype":"Ledger","name":"x","fieldname":"note","value":"1"}""", 405)]
    [InlineData("set_value", """{"doctype":"Version","name":"x","fieldname":"data","value":"1"}""", 405)]
    [InlineData("rename_doc", """{"doctype":"Item","old_name":"nail","new_name":""}""", 417)]
    [InlineData("rename_doc", """{"doctype":"Item","old_name":"nail","new_name":"x","merge":"perhaps"}""", 417)]
    [InlineData("bulk_update", """{"docs":"x"}""", 417)]
    [InlineData("delete", """{"doctype":"Customer"}""", 417)]
    [InlineData("delete", """{"doctype":"Ledger","name":"x"}""", 405)]
    [InlineData("delete", """{"doctype":"'; drop table x; --","name":"x"}""", 404)]
    public async Task HostileArguments_AreRefused(string method, string arguments, int status) =>
        Assert.Equal(status, (await fixture.Acme.PostAsync("/api/method/frappe.client." + method, JsonDocument.Parse(arguments).RootElement)).Status);

    private static object Till(string name) => new { doctype = "Till", name };

    private static object Order(string? amendedFrom = null) => new { doctype = "Sales Order", customer = "Ann", amended_from = amendedFrom, items = new[] { new { item_code = "nail", qty = 1, rate = 2 } } };
}
