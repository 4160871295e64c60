using System.Text.Json;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Copies of deleted documents: who sees what of them, and how they come back.</summary>
public sealed class DeletedDocumentTests : IAsyncLifetime
{
    private const string Copies = "/api/resource/Deleted Document";
    private const string Restore = "/api/method/frappe.core.doctype.deleted_document.deleted_document.restore";

    private readonly DocTypeFiles _files = new();
    private TestService _service = null!;
    private TestCaller _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(Describe);
        _manager = _service.As("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task DeletedDocument_IsKeptForItsTenantsManagers()
    {
        var name = await DeleteAsync(new { code = "L1", note = "kept", day = "2026-01-31", clock = "9:05:00", amount = 10.5, secret = "s", lines = new[] { new { entry = "row" } } });

        var row = Assert.Single((await _manager.GetAsync(Copies + "?fields=*")).Data.EnumerateArray());
        Assert.Equal(("Ledger", "L1", "ann@example.com"), (row.GetProperty("deleted_doctype").GetString(), row.GetProperty("deleted_name").GetString(), row.GetProperty("owner").GetString()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("data").ValueKind);
        Assert.False(row.TryGetProperty("stored", out _));
        var data = await DataAsync(_manager, name);
        Assert.Equal(("kept", "2026-01-31", 10.5), (data.GetProperty("note").GetString(), data.GetProperty("day").GetString(), data.GetProperty("amount").GetDouble()));
        Assert.Equal("row", data.GetProperty("lines")[0].GetProperty("entry").GetString());

        Assert.Equal(0, (await _service.As("globex").GetAsync(Copies)).Data.GetArrayLength());
        Assert.Equal(404, (await _service.As("globex").GetAsync($"{Copies}/{name}")).Status);
        Assert.Equal(403, (await _service.As("acme", "c@example.com", "Clerk").GetAsync(Copies)).Status);
        Assert.Equal(403, (await _service.As("acme", "c@example.com", "Clerk").GetAsync($"{Copies}/{name}")).Status);
    }

    [Fact]
    public async Task Content_IsShownAsTheDocumentWouldBe()
    {
        var name = await DeleteAsync(new { code = "L2", note = "kept", secret = "above the level" });

        Assert.False((await DataAsync(_manager, name)).TryGetProperty("secret", out _));
        Assert.Equal("above the level", (await DataAsync(_service.As("acme", "a@example.com", "System Manager", "Auditor"), name)).GetProperty("secret").GetString());
        // Custom rows of the tenant take the document from all but its auditors.
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Ledger", role = "Auditor", read = 1 }));
        Assert.Equal(403, (await _manager.PostAsync(Restore, new { name })).Status);
    }

    [Fact]
    public async Task ManagerWhoMayNotReadTheDocType_LearnsOfNoCopy()
    {
        var name = await DeleteAsync(new { code = "L8", note = "kept" });
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Vault Key", new { name = "V" }));
        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Vault Key/V")).Status);
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Ledger", role = "Auditor", read = 1 }));

        foreach (var list in (string[])[Copies, "/api/method/frappe.client.get_list?doctype=Deleted Document", "/api/v2/document/Deleted Document"])
        {
            Assert.DoesNotContain("L8", (await _manager.GetAsync(list + (list.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "fields=[%22deleted_name%22]")).Text, StringComparison.Ordinal);
        }

        Assert.Equal("V", Assert.Single((await _manager.GetAsync(Copies + "?fields=[%22deleted_name%22]")).Data.EnumerateArray()).GetProperty("deleted_name").GetString());
        Assert.Equal(1, (await _manager.GetAsync("/api/v2/doctype/Deleted Document/count")).Data.GetInt32());
        Assert.Equal(403, (await _manager.GetAsync($"{Copies}/{name}")).Status);
        Assert.Equal(403, (await _manager.DeleteAsync($"{Copies}/{name}")).Status);
        await _service.SqlAsync("update `tabDeleted Document` set `restored`=1");
        var restored = await _manager.PostAsync(Restore, new { name });
        Assert.Equal(403, restored.Status);
        Assert.DoesNotContain("L8", restored.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _service.As("acme", "a@example.com", "System Manager", "Auditor").GetAsync($"{Copies}/{name}")).Status);
    }

    [Fact]
    public async Task ShareOfADocument_SaysNothingOfOneThatHadItsName()
    {
        var name = await DeleteAsync(new { code = "L9", note = "of the old one" });
        var limited = _service.As("acme", "m2@example.com", "System Manager");
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Ledger", new { code = "Own" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/User Permission", new { user = "m2@example.com", allow = "Ledger", for_value = "Own" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Ledger", new { code = "L9" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/DocShare", new { share_doctype = "Ledger", share_name = "L9", user = "m2@example.com" }));

        Assert.Equal(200, (await limited.GetAsync("/api/resource/Ledger/L9")).Status);
        Assert.DoesNotContain("of the old one", (await limited.GetAsync($"{Copies}/{name}")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await limited.PostAsync(Restore, new { name })).Status);
    }

    [Fact]
    public async Task WhatHungOnADocument_GoesWithIt_AndDoesNotComeBack()
    {
        var bob = _service.As("acme", "bob@example.com", "Nobody");
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Ledger", new { code = "L10" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/DocShare", new { share_doctype = "Ledger", share_name = "L10", user = "bob@example.com" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Comment", new { reference_doctype = "Ledger", reference_name = "L10", content = "of the old one" }));
        Assert.Equal(200, (await _manager.PostAsync("/api/method/frappe.desk.doctype.tag.tag.add_tag", new { tag = "old", dt = "Ledger", dn = "L10" })).Status);
        Assert.Equal(200, (await bob.GetAsync("/api/resource/Ledger/L10")).Status);

        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Ledger/L10")).Status);
        var name = Assert.Single((await _manager.GetAsync(Copies)).Data.EnumerateArray()).GetProperty("name").GetString();
        Assert.Equal(200, (await _manager.PostAsync(Restore, new { name })).Status);

        Assert.Equal(403, (await bob.GetAsync("/api/resource/Ledger/L10")).Status);
        var parts = await _manager.GetAsync("/api/v2/document/Ledger/L10?include=comments,tags,shares");
        Assert.Equal(["[]", "[]", "[]"], new[] { "comments", "tags", "shares" }.Select(part => parts.Json.GetProperty(part).GetRawText()));
    }

    [Fact]
    public async Task Restored_KeepsWhoMadeItAndWhen_AndWhatWasEmpty()
    {
        var auditor = _service.As("acme", "ann@example.com", "System Manager", "Auditor");
        var made = (await Isolation.Bank.Created(auditor.PostAsync("/api/resource/Ledger", new { code = "L11", kind = "Large", priority = 7, lines = new[] { new { entry = "row", weight = 3 } } }))).Data;
        Assert.Equal(200, (await auditor.PutAsync("/api/resource/Ledger/L11", new { kind = (string?)null, priority = 0, lines = new[] { new { name = made.GetProperty("lines")[0].GetProperty("name").GetString(), entry = "row", weight = 0 } } })).Status);
        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Ledger/L11")).Status);
        var name = Assert.Single((await _manager.GetAsync(Copies)).Data.EnumerateArray()).GetProperty("name").GetString();
        var other = _service.As("acme", "eve@example.com", "System Manager");

        var restored = await other.PostAsync(Restore, new { name });

        Assert.True(restored.Status == 200, restored.Text);
        var document = (await other.GetAsync("/api/resource/Ledger/L11")).Data;
        Assert.Equal(("ann@example.com", made.GetProperty("creation").GetString(), "eve@example.com"), (document.GetProperty("owner").GetString(), document.GetProperty("creation").GetString(), document.GetProperty("modified_by").GetString()));
        Assert.False(document.TryGetProperty("kind", out _));
        Assert.Equal(0, document.GetProperty("priority").GetInt32());
        var (row, first) = (document.GetProperty("lines")[0], made.GetProperty("lines")[0]);
        Assert.Equal((first.GetProperty("name").GetString(), "ann@example.com", first.GetProperty("creation").GetString(), 0), (row.GetProperty("name").GetString(), row.GetProperty("owner").GetString(), row.GetProperty("creation").GetString(), row.GetProperty("weight").GetInt32()));
    }

    [Fact]
    public async Task HugeDocument_IsDeletedWithoutACopyOfItsContent()
    {
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Vault Key", new { name = "Huge", body = new string('é', 2_100_000) }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Vault Key", new { name = "Large", body = new string('x', 4_000_000) }));

        foreach (var (key, isTooLarge) in ((string, bool)[])[("Huge", true), ("Large", false)])
        {
            Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Vault Key/" + key)).Status);
            var name = Assert.Single((await _manager.GetAsync(Copies + "?deleted_name=" + key)).Data.EnumerateArray()).GetProperty("name").GetString();
            var copy = (await _manager.GetAsync($"{Copies}/{name}")).Data;
            Assert.Equal((isTooLarge ? 1 : 0, !isTooLarge), (copy.GetProperty("too_large").GetInt32(), copy.TryGetProperty("data", out _)));
            var restored = await _manager.PostAsync(Restore, new { name });
            Assert.Equal(isTooLarge ? 417 : 200, restored.Status);
            Assert.Equal(isTooLarge, restored.Text.Contains("too large", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task CopyOfADocType_ThatHasChangedSince_IsReadAsFarAsItFits()
    {
        var name = await DeleteAsync(new { code = "L12", note = "kept" });
        await _service.SqlAsync("""update `tabDeleted Document` set `stored`='{"code":"L12","note":["a"],"lines":"once a text"}'""");

        Assert.Equal("L12", (await DataAsync(_manager, name)).GetProperty("code").GetString());
        await _service.SqlAsync("""update `tabDeleted Document` set `stored`='{"code":"L12","lines":[1,"x",{"entry":"row"}]}'""");
        Assert.Equal(200, (await _manager.PostAsync(Restore, new { name })).Status);
        Assert.Equal("row", Assert.Single((await _manager.GetAsync("/api/resource/Ledger/L12")).Data.GetProperty("lines").EnumerateArray()).GetProperty("entry").GetString());
    }

    [Fact]
    public async Task Copies_GoAfterTheirTime_OfEveryTenant()
    {
        foreach (var tenant in (string[])["acme", "globex"])
        {
            foreach (var code in (string[])["Old", "New"])
            {
                await Isolation.Bank.Created(_service.As(tenant).PostAsync("/api/resource/Ledger", new { code }));
                Assert.Equal(202, (await _service.As(tenant).DeleteAsync("/api/resource/Ledger/" + code)).Status);
            }
        }

        var clock = new ManualTimeProvider();
        var time = (clock.GetUtcNow() - TimeSpan.FromDays(179)).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        await _service.SqlAsync($"update `tabDeleted Document` set `modified`='{time}' where `deleted_name`='New'");
        await using var later = await _service.StartReplicaAsync(service =>
        {
            Describe(service);
            service.Services.AddSingleton<TimeProvider>(clock);
        });

        for (var i = 0; i < 20 && (await _service.SqlAsync("select count(*) from `tabDeleted Document`"))[0] != "2"; i++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        foreach (var tenant in (string[])["acme", "globex"])
        {
            Assert.Equal("New", Assert.Single((await _service.As(tenant).GetAsync(Copies + "?fields=[%22deleted_name%22]")).Data.EnumerateArray()).GetProperty("deleted_name").GetString());
        }
    }

    [Fact]
    public async Task Stored_IsShownFilteredAndOrderedByForNobody()
    {
        await DeleteAsync(new { code = "L3", note = "kept" });

        Assert.Equal(403, (await _manager.GetAsync(Copies + "?filters=[[%22stored%22,%22like%22,%22%25kept%25%22]]")).Status);
        Assert.Equal(403, (await _manager.GetAsync(Copies + "?order_by=stored")).Status);
        Assert.False((await _manager.GetAsync(Copies + "?fields=[%22name%22,%22stored%22]")).Data[0].TryGetProperty("stored", out _));
        Assert.DoesNotContain("kept", (await _manager.GetAsync("/api/method/frappe.client.get_list?doctype=Deleted Document&fields=*")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_IsNotInTheCopy()
    {
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Vault Key", new { name = "K", note = "kept", pin = "open sesame" }));
        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Vault Key/K")).Status);

        var stored = Assert.Single(await _service.SqlAsync("select `stored` from `tabDeleted Document`"));
        Assert.Contains("kept", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("pin", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherResources_AreNotKept_AndARefusedDeleteKeepsNothing()
    {
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Draft", new { code = "D" }));
        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Draft/D")).Status);
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Ledger", new { code = "L4" }));
        Assert.Equal(403, (await _service.As("acme", "c@example.com", "Clerk").DeleteAsync("/api/resource/Ledger/L4")).Status);
        var comment = await _manager.PostAsync("/api/resource/Comment", new { reference_doctype = "Ledger", reference_name = "L4", content = "c" });
        Assert.Equal(202, (await _manager.DeleteAsync("/api/resource/Comment/" + comment.Data.GetProperty("name").GetString())).Status);

        Assert.Equal(0, (await _manager.GetAsync(Copies)).Data.GetArrayLength());
    }

    [Fact]
    public async Task Restored_IsTheDocumentAgain_Once()
    {
        var name = await DeleteAsync(new { code = "L5", note = "kept", day = "2026-01-31", clock = "9:05:00", amount = 10.5, lines = new[] { new { entry = "row" } } });

        Assert.Equal(403, (await _service.As("acme", "c@example.com", "Clerk").PostAsync(Restore, new { name })).Status);
        Assert.Equal(404, (await _service.As("globex").PostAsync(Restore, new { name })).Status);
        Assert.Equal(404, (await _manager.PostAsync(Restore, new { name, doctype = "Ledger" })).Status);
        var restored = await _manager.PostAsync(Restore, new { name, doctype = "Deleted Document" });
        Assert.True(restored.Status == 200, restored.Text);
        Assert.Equal("L5", restored.Json.GetProperty("message").GetString());
        var document = (await _manager.GetAsync("/api/resource/Ledger/L5")).Data;
        Assert.Equal(("kept", "2026-01-31", "9:05:00", 10.5), (document.GetProperty("note").GetString(), document.GetProperty("day").GetString(), document.GetProperty("clock").GetString(), document.GetProperty("amount").GetDouble()));
        Assert.Equal("row", document.GetProperty("lines")[0].GetProperty("entry").GetString());
        var copy = (await _manager.GetAsync($"{Copies}/{name}")).Data;
        Assert.Equal((1, "L5"), (copy.GetProperty("restored").GetInt32(), copy.GetProperty("new_name").GetString()));
        Assert.Equal(417, (await _manager.PostAsync(Restore, new { name })).Status);
    }

    [Theory]
    [InlineData("Ledger")]
    [InlineData("Sector")]
    public async Task RestoredByManyAtOnce_OneDoes(string docType)
    {
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Sector", new { code = "Root" }));
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/" + docType, new { code = "L7", parent_sector = "Root" }));
        Assert.Equal(202, (await _manager.DeleteAsync($"/api/resource/{docType}/L7")).Status);
        var name = Assert.Single((await _manager.GetAsync(Copies + "?deleted_name=L7")).Data.EnumerateArray()).GetProperty("name").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => _manager.PostAsync(Restore, new { name }))));

        Assert.Equal([200, .. Enumerable.Repeat(417, 11)], answers.Select(answer => answer.Status).Order());
        Assert.Equal(1, (await _manager.GetAsync($"/api/resource/{docType}?code=L7")).Data.GetArrayLength());
        Assert.Equal("1", Assert.Single(await _service.SqlAsync("select count(*) from `tabComment`")));
        if (docType is "Sector")
        {
            Assert.Equal(["1 4", "2 3"], await _service.SqlAsync(TestDatabase.IsMariaDb ? "select concat(lft, ' ', rgt) from tabSector order by lft" : "select lft || ' ' || rgt from tabSector order by lft"));
        }
    }

    [Fact]
    public async Task Copy_IsDeletedForGood_AndNotMadeOrChanged()
    {
        var name = await DeleteAsync(new { code = "L6" });

        Assert.Equal(405, (await _manager.PutAsync($"{Copies}/{name}", new { deleted_name = "x" })).Status);
        Assert.Equal(405, (await _manager.PostAsync(Copies, new { deleted_doctype = "Ledger", deleted_name = "x", stored = "{}" })).Status);
        Assert.Equal(202, (await _manager.DeleteAsync($"{Copies}/{name}")).Status);
        Assert.Equal(0, (await _manager.GetAsync(Copies)).Data.GetArrayLength());
    }

    private void Describe(Microservice service)
    {
        service.RegisterResource<Ledger>();
        service.RegisterResource<Sector>();
        service.RegisterResource<Draft>(options => options.KeepDeleted = false);
        _files.Register("Vault Key", ("note", "Data", null), ("pin", "Password", null), ("body", "Long Text", null))(service);
    }

    private async Task<string> DeleteAsync(object document)
    {
        var auditor = _service.As("acme", "ann@example.com", "System Manager", "Auditor");
        var created = await auditor.PostAsync("/api/resource/Ledger", document);
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(202, (await auditor.DeleteAsync("/api/resource/Ledger/" + created.Data.GetProperty("name").GetString())).Status);
        return Assert.Single((await _manager.GetAsync($"{Copies}?deleted_name={created.Data.GetProperty("name").GetString()}")).Data.EnumerateArray()).GetProperty("name").GetString()!;
    }

    private static async Task<JsonElement> DataAsync(TestCaller caller, string name) =>
        JsonDocument.Parse((await caller.GetAsync($"{Copies}/{name}")).Data.GetProperty("data").GetString()!).RootElement;
}

[DocType(Naming = "field:code")]
[Permission("System Manager", Rights.All)]
[Permission("Clerk", Rights.Read | Rights.Write)]
[Permission("Auditor", Rights.Read | Rights.Write, PermLevel = 1)]
public sealed class Ledger : Document
{
    [Field(Required = true)]
    public string Code { get; set; } = "";

    public string? Note { get; set; }

    public DateOnly? Day { get; set; }

    public TimeOnly? Clock { get; set; }

    public decimal Amount { get; set; }

    [Field(PermLevel = 1)]
    public string? Secret { get; set; }

    [Select("Small", "Large"), Field(Default = "Small")]
    public string? Kind { get; set; }

    [Field(Default = "5")]
    public int Priority { get; set; }

    [Table]
    public List<LedgerLine> Lines { get; set; } = [];
}

[DocType(Naming = "field:code", IsTree = true)]
[Permission("System Manager", Rights.All)]
public sealed class Sector : Document
{
    [Field(Required = true)]
    public string Code { get; set; } = "";
}

[DocType("Ledger Line")]
public sealed class LedgerLine : Document
{
    public string? Entry { get; set; }

    [Field(Default = "1")]
    public int Weight { get; set; }
}

[DocType(Naming = "field:code")]
[Permission("System Manager", Rights.All)]
public sealed class Draft : Document
{
    [Field(Required = true)]
    public string Code { get; set; } = "";
}
