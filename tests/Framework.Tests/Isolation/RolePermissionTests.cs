using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Role, owner and field rules on every way to a document.</summary>
public sealed class RolePermissionTests(Bank bank) : IClassFixture<Bank>
{
    private const string Tickets = "/api/resource/Ticket";
    private const string Vaults = "/api/resource/Vault";

    public static TheoryData<string, string> Roles => new()
    {
        { "Nobody", "" },
        { "Reader", "list get" },
        { "Clerk", "list get create update" },
        { "Submitter", "list get update submit" },
        { "Canceller", "list get update cancel" },
        { "Remover", "list get delete" },
        { "Maker", "create" },
        { "Picker", "list" },
        { "System Manager", "list get create update delete submit cancel" },
        { "Administrator", "list get create update delete submit cancel" },
        { "reader", "" },
        { "Reader ", "" },
        { "Reader,System Manager", "" },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Role_MayDoWhatItsRowsSayAndNothingElse(string role, string expected)
    {
        var tenant = "roles-" + Guid.NewGuid().ToString("N");
        var manager = bank.Service.As(tenant, "boss@example.com");
        var caller = bank.Service.As(tenant, "worker@example.com", role);
        var draft = await TicketAsync(manager);
        var toSubmit = await TicketAsync(manager);
        var toCancel = await TicketAsync(manager, submitted: true);
        var submitted = await TicketAsync(manager, submitted: true);

        var allowed = new List<string>();
        async Task Try(string right, Func<Task<Answer>> request)
        {
            var answer = await request();
            if (answer.Status < 300)
            {
                allowed.Add(right);
            }
            else
            {
                Assert.True(answer.Status == 403, $"{right}: {answer.Text}");
                Assert.Equal("PermissionError", answer.ErrorType);
            }
        }

        await Try("list", () => caller.GetAsync(Tickets));
        await Try("get", () => caller.GetAsync($"{Tickets}/{draft}"));
        await Try("create", () => caller.PostAsync(Tickets, new { subject = "new" }));
        await Try("update", () => caller.PutAsync($"{Tickets}/{draft}", new { subject = "changed" }));
        await Try("delete", () => caller.DeleteAsync($"{Tickets}/{draft}"));
        await Try("submit", () => caller.PutAsync($"{Tickets}/{toSubmit}", new { docstatus = 1 }));
        await Try("cancel", () => caller.PutAsync($"{Tickets}/{toCancel}", new { docstatus = 2 }));
        Assert.Equal(expected, string.Join(' ', allowed));

        // What needs a right beside the first.
        var creates = expected.Contains("create", StringComparison.Ordinal);
        var submits = expected.Contains("submit", StringComparison.Ordinal);
        Assert.Equal(creates && submits ? 201 : 403, (await caller.PostAsync(Tickets, new { subject = "new", docstatus = 1 })).Status);
        Assert.Equal(creates && submits ? 201 : 403, (await caller.PostAsync(Tickets, new object[] { new { subject = "new" }, new { subject = "new", docstatus = 1 } })).Status);
        Assert.Equal(submits ? 200 : 403, (await caller.PutAsync($"{Tickets}/{submitted}", new { progress = "on its way" })).Status);
    }

    [Fact]
    public async Task OwnerOnly_SeesAndChangesOwnDocumentsOnly()
    {
        var tenant = "owners-" + Guid.NewGuid().ToString("N");
        var (ann, ben) = (bank.Service.As(tenant, "ann", "Agent"), bank.Service.As(tenant, "ben", "Agent"));
        var (anns, bens) = (await TicketAsync(ann, "Ann's"), await TicketAsync(ben, "Ben's"));
        var submitted = await TicketAsync(ben, "Ben's done", submitted: true);

        Assert.Equal([anns], Names(await ann.GetAsync($"{Tickets}?limit=0")));
        Assert.Equal([anns], Names(await ann.GetAsync($$"""{{Tickets}}?or_filters=[["owner","=","ben"],["name","!=",""]]""")));
        Assert.Empty(Names(await ann.GetAsync($$"""{{Tickets}}?filters=[["owner","=","ben"]]""")));
        Assert.Empty(Names(await ann.GetAsync($$"""{{Tickets}}?name={{bens}}""")));
        Assert.Equal(1, (await ann.GetAsync($$"""{{Tickets}}?fields=["count(name) as n"]""")).Data[0].GetProperty("n").GetInt32());
        Assert.Equal("ann", Assert.Single((await ann.GetAsync($$"""{{Tickets}}?fields=["owner","count(*) as n"]&group_by=owner""")).Data.EnumerateArray()).GetProperty("owner").GetString());
        Assert.Equal("Ann's", (await ann.GetAsync($$"""{{Tickets}}?fields=["max(subject) as m"]""")).Data[0].GetProperty("m").GetString());

        Assert.Equal(200, (await ann.GetAsync($"{Tickets}/{anns}")).Status);
        Assert.Equal(403, (await ann.GetAsync($"{Tickets}/{bens}")).Status);
        Assert.DoesNotContain("Ben's", (await ann.GetAsync($"{Tickets}/{bens}")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await ann.PutAsync($"{Tickets}/{bens}", new { subject = "mine now", owner = "ann" })).Status);
        Assert.Equal(403, (await ann.PutAsync($"{Tickets}/{bens}", new { docstatus = 1 })).Status);
        Assert.Equal(403, (await ann.PutAsync($"{Tickets}/{submitted}", new { docstatus = 2 })).Status);
        Assert.Equal(403, (await ann.PutAsync($"{Tickets}/{submitted}", new { progress = "x" })).Status);
        Assert.Equal(403, (await ann.DeleteAsync($"{Tickets}/{bens}")).Status);
        Assert.Equal("Ben's", (await ben.GetAsync($"{Tickets}/{bens}")).Data.GetProperty("subject").GetString());

        Assert.Equal(200, (await ann.PutAsync($"{Tickets}/{anns}", new { subject = "x", docstatus = 1 })).Status);
        Assert.Equal(200, (await ann.PutAsync($"{Tickets}/{anns}", new { docstatus = 2 })).Status);
        Assert.Equal(202, (await ann.DeleteAsync($"{Tickets}/{anns}")).Status);

        // Letter case is no way to be somebody else, nor is a user of the same name elsewhere.
        Assert.Equal(403, (await bank.Service.As(tenant, "BEN", "Agent").GetAsync($"{Tickets}/{bens}")).Status);
        Assert.Empty(Names(await bank.Service.As(tenant, "BEN", "Agent").GetAsync(Tickets)));
        Assert.Equal(404, (await bank.Service.As("owners-elsewhere", "ben", "Agent").GetAsync($"{Tickets}/{bens}")).Status);

        // A second role adds its rights to those of the owner.
        Assert.Equal(2, Names(await bank.Service.As(tenant, "ann", "Agent", "Reader").GetAsync(Tickets)).Length);
        Assert.Equal(403, (await bank.Service.As(tenant, "ann", "Agent", "Reader").PutAsync($"{Tickets}/{bens}", new { subject = "x" })).Status);
    }

    [Fact]
    public async Task SelectRight_ShowsNamesOnly()
    {
        var tenant = "select-" + Guid.NewGuid().ToString("N");
        var name = await TicketAsync(bank.Service.As(tenant), "secret subject");
        var picker = bank.Service.As(tenant, "picker", "Picker");

        Assert.Equal([name], Names(await picker.GetAsync(Tickets)));
        Assert.DoesNotContain("secret subject", (await picker.GetAsync($"{Tickets}?fields=*")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret subject", (await picker.GetAsync($"""{Tickets}?fields=["name","subject","max(subject) as m"]""")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await picker.GetAsync($"""{Tickets}?filters=[["subject","like","secret%25"]]""")).Status);
        Assert.Equal(403, (await picker.GetAsync($"{Tickets}?order_by=subject")).Status);
        Assert.Equal(403, (await picker.GetAsync($"{Tickets}/{name}")).Status);

        // Reading one's own and selecting all does not add up to reading all.
        var both = bank.Service.As(tenant, "ann", "Picker", "Agent");
        var own = await TicketAsync(both, "own subject");
        Assert.DoesNotContain("secret subject", (await both.GetAsync($"{Tickets}?fields=*")).Text, StringComparison.Ordinal);
        Assert.Contains(own, Names(await both.GetAsync(Tickets)));
        Assert.Equal(403, (await both.GetAsync($"{Tickets}/{name}")).Status);
    }

    [Fact]
    public async Task FieldAboveThePermissionLevel_IsNeitherSeenNorWrittenNorAsked()
    {
        var tenant = "levels-" + Guid.NewGuid().ToString("N");
        var (keeper, boss, auditor) = (bank.Service.As(tenant, "keeper", "Keeper"), bank.Service.As(tenant, "boss", "Boss"), bank.Service.As(tenant, "auditor", "Auditor"));
        await Bank.Created(boss.PostAsync(Vaults, new { label = "V", code = "4711", worth = 7, items = new[] { new { what = "gold", weight = "heavy" } }, hidden_items = new[] { new { what = "diamond" } } }));

        foreach (var answer in new[]
        {
            await keeper.GetAsync($"{Vaults}/V"),
            await keeper.PutAsync($"{Vaults}/V", new { kind = "Paper" }),
            await keeper.GetAsync($"{Vaults}?fields=*"),
            await keeper.GetAsync($"""{Vaults}?fields=["name","code","worth","max(code) as m","sum(worth) as s","code as x"]"""),
            await keeper.GetAsync($$"""{{Vaults}}?fields=[{"MAX":"code","as":"m"}]"""),
        })
        {
            Assert.True(answer.Status == 200, answer.Text);
            Assert.DoesNotContain("4711", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("worth", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("heavy", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("diamond", answer.Text, StringComparison.Ordinal);
        }

        foreach (var door in (string[])["filters=[[\"code\",\"like\",\"4%25\"]]", "or_filters=[[\"code\",\"=\",\"4711\"]]", "filters={\"worth\":[\">\",5]}", "code=4711", "order_by=code", "order_by=name, `worth` desc", "group_by=code", "order_by=`tabVault`.`code`", "fields=[\"name as code\"]&order_by=code"])
        {
            var answer = await keeper.GetAsync($"{Vaults}?{door}");
            Assert.True(answer.Status == 403, $"{door}: {answer.Text}");
        }

        // What may not be written stays as it was, in the document and in its rows.
        var row = (await boss.GetAsync($"{Vaults}/V")).Data.GetProperty("items")[0].GetProperty("name").GetString();
        Assert.Equal(200, (await keeper.PutAsync($"{Vaults}/V", new { code = "0000", worth = 0, items = new[] { new { name = row, what = "lead", weight = "light" } }, hidden_items = Array.Empty<object>() })).Status);
        Assert.Equal(200, (await auditor.GetAsync($"{Vaults}/V")).Status);
        Assert.Equal(403, (await auditor.PutAsync($"{Vaults}/V", new { code = "1" })).Status);
        var stored = (await auditor.GetAsync($"{Vaults}/V")).Data;
        Assert.Equal("4711", stored.GetProperty("code").GetString());
        Assert.Equal(7, stored.GetProperty("worth").GetInt32());
        Assert.Equal("lead", stored.GetProperty("items")[0].GetProperty("what").GetString());
        Assert.Equal("heavy", stored.GetProperty("items")[0].GetProperty("weight").GetString());
        Assert.Equal("diamond", stored.GetProperty("hidden_items")[0].GetProperty("what").GetString());

        var created = await Bank.Created(keeper.PostAsync(Vaults, new { label = "W", code = "0000", worth = 9, items = new[] { new { what = "tin", weight = "light" } }, hidden_items = new[] { new { what = "x" } } }));
        Assert.False(created.Data.TryGetProperty("code", out _));
        var second = (await boss.GetAsync($"{Vaults}/W")).Data;
        Assert.False(second.TryGetProperty("code", out _));
        Assert.Equal(0, second.GetProperty("worth").GetInt32());
        Assert.False(second.GetProperty("items")[0].TryGetProperty("weight", out _));
        Assert.Equal(0, second.GetProperty("hidden_items").GetArrayLength());

        Assert.Equal("V", Assert.Single(Names(await boss.GetAsync($"""{Vaults}?filters=[["code","=","4711"]]&order_by=code"""))));
    }

    [Fact]
    public async Task Password_IsNeverShownNorAskedNorLost()
    {
        var tenant = "passwords-" + Guid.NewGuid().ToString("N");
        var boss = bank.Service.As(tenant, "boss", "Boss");
        var created = await Bank.Created(boss.PostAsync(Vaults, new { label = "P", pin = "9876", items = new[] { new { what = "safe", pin = "5432" } } }));

        foreach (var answer in new[] { created, await boss.GetAsync($"{Vaults}/P"), await boss.GetAsync($"{Vaults}?fields=*"), await boss.GetAsync($"""{Vaults}?fields=["pin","pin as x","max(pin) as m"]"""), await boss.PutAsync($"{Vaults}/P", new { kind = "Paper" }) })
        {
            Assert.DoesNotContain("9876", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("5432", answer.Text, StringComparison.Ordinal);
            Assert.Contains("********", answer.Text, StringComparison.Ordinal);
        }

        foreach (var door in (string[])["filters=[[\"pin\",\"like\",\"9%25\"]]", "filters=[[\"pin\",\"=\",\"9876\"]]", "or_filters={\"pin\":\"9876\"}", "pin=9876", "order_by=pin", "group_by=pin"])
        {
            var answer = await boss.GetAsync($"{Vaults}?{door}");
            Assert.True(answer.Status is 403 or 417, $"{door}: {answer.Text}");
        }

        // A document that is sent back as it was read keeps its secrets, which nobody reads in the database either.
        var (pin, itemPin) = (await StoredAsync("Vault"), await StoredAsync("Vault Item"));
        Assert.DoesNotContain("9876", pin, StringComparison.Ordinal);
        Assert.DoesNotContain("5432", itemPin, StringComparison.Ordinal);
        var document = (await boss.GetAsync($"{Vaults}/P")).Data;
        Assert.Equal(200, (await boss.PutAsync($"{Vaults}/P", document)).Status);
        Assert.Equal((pin, itemPin), (await StoredAsync("Vault"), await StoredAsync("Vault Item")));
        Assert.Equal(200, (await boss.PutAsync($"{Vaults}/P", new { pin = "1111" })).Status);
        Assert.NotEqual(pin, await StoredAsync("Vault"));

        async Task<string> StoredAsync(string docType) => (await bank.Service.Database.ScalarAsync<string>($"select `pin` from `tab{docType}` where `tenant_id`='{tenant}'"))!;
    }

    [Theory]
    [InlineData("\"Granite\"")]
    [InlineData("\"Steel,Paper\"")]
    [InlineData("\"7\"")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public async Task ValueOutsideAnEnum_IsRefused(string value)
    {
        var boss = bank.Service.As("enums", "boss", "Boss");

        var answer = await boss.PostAsync(Vaults, JsonDocument.Parse($$"""{"label":"E","kind":{{value}}}""").RootElement);

        Assert.True(answer.Status == 417, answer.Text);
    }

    private static string[] Names(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Text);
        return [.. answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
    }

    private static async Task<string> TicketAsync(TestCaller caller, string subject = "s", bool submitted = false) =>
        (await Bank.Created(caller.PostAsync(Tickets, new { subject, docstatus = submitted ? 1 : 0 }))).Data.GetProperty("name").GetString()!;
}
