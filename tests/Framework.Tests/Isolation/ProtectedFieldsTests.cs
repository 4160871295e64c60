using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Whose document it is, what it is called and when it was made are never a client's to say.</summary>
public sealed class ProtectedFieldsTests(Bank bank) : IClassFixture<Bank>
{
    public static TheoryData<string, string> Fields => new()
    {
        { "tenant_id", "\"rival\"" },
        { "TENANT_ID", "\"rival\"" },
        { "tenant_id", "null" },
        { "tenant_id", "[\"rival\"]" },
        { "name", "\"Victim\"" },
        { "name", "\"Rival Only\"" },
        { "name", "null" },
        { "name", "5" },
        { "owner", "\"bob@rival.example\"" },
        { "creation", "\"2001-01-01 00:00:00\"" },
        { "modified_by", "\"bob@rival.example\"" },
        { "doctype", "\"Ticket\"" },
        { "parent", "\"Victim\"" },
        { "parenttype", "\"Account\"" },
        { "parentfield", "\"lines\"" },
        { "idx", "7" },
        { "__islocal", "1" },
        { "__newname", "\"Victim\"" },
        { "flags", "{\"ignore_permissions\":1}" },
        { "ignore_permissions", "1" },
        { "_user_tags", "\"x\"" },
        { "`name`", "\"Victim\"" },
        { "name`='Victim", "\"x\"" },
        { "secret`='x',`owner", "\"x\"" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task ProtectedFieldInABody_HasNoEffect(string field, string value)
    {
        await EnsureVictimAsync();
        var victims = await VictimsAsync();
        var title = "Doc " + Guid.NewGuid().ToString("N");

        var body = new JsonObject { ["title"] = title, ["secret"] = "mine", ["lines"] = new JsonArray(new JsonObject { ["note"] = "row", [field] = JsonNode.Parse(value) }), [field] = JsonNode.Parse(value) };
        var created = await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", body));
        Check(created.Data, title);

        var row = created.Data.GetProperty("lines")[0].GetProperty("name").GetString();
        var change = new JsonObject { ["secret"] = "still mine", ["lines"] = new JsonArray(new JsonObject { ["name"] = row, ["note"] = "row", [field] = JsonNode.Parse(value) }), [field] = JsonNode.Parse(value) };
        var updated = await bank.Acme.PutAsync($"/api/resource/Account/{title}", change);
        Assert.True(updated.Status == 200, updated.Text);
        Check(updated.Data, title);
        Assert.Equal(created.Data.GetProperty("creation").GetString(), updated.Data.GetProperty("creation").GetString());
        Assert.Equal(victims, await VictimsAsync());

        // What is stored says the same as what was answered.
        var stored = await bank.Acme.GetAsync($"/api/resource/Account/{title}");
        Assert.Equal(updated.Data.ToString(), stored.Data.ToString());
        var database = bank.Service.Database;
        Assert.Equal("acme", await database.ScalarAsync<string>($"select group_concat(`tenant_id`) from `tabAccount` where `name`='{title}'"));
        Assert.Equal("acme", await database.ScalarAsync<string>($"select group_concat(`tenant_id`) from `tabAccount Line` where `parent`='{title}'"));
        Assert.Equal(0, await database.ScalarAsync<int>("select count(*) from `tabTicket`"));
    }

    [Fact]
    public async Task ModifiedInABody_IsOnlyTheLock()
    {
        var created = await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Clock", modified = "2001-01-01 00:00:00", lines = new[] { new { note = "a", modified = "2001-01-01 00:00:00" } } }));
        Assert.StartsWith("20", created.Data.GetProperty("modified").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("2001-01-01 00:00:00", created.Data.GetProperty("modified").GetString());
        Assert.NotEqual("2001-01-01 00:00:00", created.Data.GetProperty("lines")[0].GetProperty("modified").GetString());

        Assert.Equal("TimestampMismatchError", (await bank.Acme.PutAsync("/api/resource/Account/Clock", new { modified = "2001-01-01 00:00:00", secret = "x" })).ErrorType);
        Assert.Equal(200, (await bank.Acme.PutAsync("/api/resource/Account/Clock", new { modified = created.Data.GetProperty("modified").GetString(), secret = "x" })).Status);
    }

    [Fact]
    public async Task PromptedNameOfAnotherTenant_IsFree()
    {
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Tag", new { name = "both", color = "red" }));
        var mine = await Bank.Created(bank.Acme.PostAsync("/api/resource/Tag", new { name = "both", color = "blue" }));

        Assert.Equal("both", mine.Data.GetProperty("name").GetString());
        Assert.Equal("red", (await bank.Rival.GetAsync("/api/resource/Tag/both")).Data.GetProperty("color").GetString());
        Assert.Equal("DuplicateEntryError", (await bank.Acme.PostAsync("/api/resource/Tag", new { name = "both" })).ErrorType);
        Assert.Equal("DuplicateEntryError", (await bank.Acme.PostAsync("/api/resource/Tag", new { __newname = "BOTH" })).ErrorType);
    }

    [Fact]
    public async Task UniqueValueOfAnotherTenant_IsFree()
    {
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Account", new { title = "Unique", iban = "U-1" }));
        await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Unique", iban = "U-1" }));

        var second = await bank.Acme.PostAsync("/api/resource/Account", new { title = "Unique 2", iban = "u-1" });
        Assert.Equal("UniqueValidationError", second.ErrorType);
        Assert.Equal("DuplicateEntryError", (await bank.Acme.PostAsync("/api/resource/Account", new { title = "unique" })).ErrorType);
    }

    [Fact]
    public async Task Counters_BelongToTheirTenant()
    {
        var service = bank.Service;
        var (one, two) = (service.As("counter-one"), service.As("counter-two"));
        string[] names =
        [
            .. await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await Bank.Created(one.PostAsync("/api/resource/Ticket", new { subject = "s" }))).Data.GetProperty("name").GetString()!)),
        ];
        Assert.Equal(["T-00001", "T-00002", "T-00003"], names.Order(StringComparer.Ordinal));
        Assert.Equal("T-00001", (await Bank.Created(two.PostAsync("/api/resource/Ticket", new { subject = "s" }))).Data.GetProperty("name").GetString());

        await one.DeleteAsync("/api/resource/Ticket/T-00003");
        await two.DeleteAsync("/api/resource/Ticket/T-00001");
        Assert.Equal("T-00003", (await Bank.Created(one.PostAsync("/api/resource/Ticket", new { subject = "s" }))).Data.GetProperty("name").GetString());
        Assert.Equal("T-00001", (await Bank.Created(two.PostAsync("/api/resource/Ticket", new { subject = "s" }))).Data.GetProperty("name").GetString());
        await service.Database.ExecuteAsync("delete from `tabTicket`");
    }

    private static void Check(JsonElement document, string title)
    {
        Assert.Equal(title, document.GetProperty("name").GetString());
        Assert.Equal("eve@acme.example", document.GetProperty("owner").GetString());
        Assert.Equal("eve@acme.example", document.GetProperty("modified_by").GetString());
        Assert.StartsWith(TimeProvider.System.GetUtcNow().Year.ToString(System.Globalization.CultureInfo.InvariantCulture), document.GetProperty("creation").GetString(), StringComparison.Ordinal);
        Assert.Equal("Account", document.GetProperty("doctype").GetString());
        Assert.Equal(0, document.GetProperty("idx").GetInt32());
        Assert.False(document.TryGetProperty("tenant_id", out _));
        Assert.False(document.TryGetProperty("parent", out _));
        var row = Assert.Single(document.GetProperty("lines").EnumerateArray());
        Assert.Equal(title, row.GetProperty("parent").GetString());
        Assert.Equal("Account", row.GetProperty("parenttype").GetString());
        Assert.Equal("lines", row.GetProperty("parentfield").GetString());
        Assert.Equal(1, row.GetProperty("idx").GetInt32());
        Assert.Equal("eve@acme.example", row.GetProperty("owner").GetString());
        Assert.Equal("Account Line", row.GetProperty("doctype").GetString());
        Assert.False(row.TryGetProperty("tenant_id", out _));
        Assert.NotEqual("Victim", row.GetProperty("name").GetString());
        Assert.Equal(10, row.GetProperty("name").GetString()!.Length);
    }

    private async Task EnsureVictimAsync()
    {
        var answer = await bank.Acme.PostAsync("/api/resource/Account", new { title = "Victim", secret = "acme victim", lines = new[] { new { note = "victim's" } } });
        Assert.True(answer.Status is 201 or 409, answer.Text);
    }

    private async Task<string> VictimsAsync() =>
        (await bank.Acme.GetAsync("/api/resource/Account/Victim")).Text + (await bank.Rival.GetAsync("/api/resource/Account/Rival Only")).Text;
}
