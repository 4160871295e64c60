using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>What another tenant owns is, byte for byte, what does not exist.</summary>
public sealed class ForeignNamesTests(Bank bank) : IClassFixture<Bank>
{
    private const string Foreign = "Rival Only";
    private const string Missing = "Never Seen"; // of the same length

    public static TheoryData<string, string, string?> Requests => new()
    {
        { "GET", "/api/resource/Account/{0}", null },
        { "GET", "/api/v1/resource/account/{0}", null },
        { "HEAD", "/api/resource/Account/{0}", null },
        { "PUT", "/api/resource/Account/{0}", """{"secret":"x"}""" },
        { "PUT", "/api/resource/Account/{0}", """{"tenant_id":"rival","name":"{0}","secret":"x"}""" },
        { "PUT", "/api/resource/Account/{0}", """{"modified":"2020-01-01 00:00:00","secret":"x"}""" },
        { "PUT", "/api/resource/Account/{0}", """{"docstatus":1}""" },
        { "PUT", "/api/resource/Account/{0}", """{"balance":"no number"}""" },
        { "PATCH", "/api/resource/Account/{0}", """{"secret":"x"}""" },
        { "DELETE", "/api/resource/Account/{0}", null },
        { "POST", "/api/resource/Account/{0}", """{"run_method":"delete"}""" },
        { "POST", "/api/resource/Account", """{"title":"Linker","peer":"{0}"}""" },
        { "POST", "/api/resource/Account", """{"title":"Linker","lines":[{"peer":"Shared"},{"peer":"{0}"}]}""" },
        { "POST", "/api/resource/Account", """[{"title":"First"},{"title":"Linker","peer":"{0}"}]""" },
        { "PUT", "/api/resource/Account/Shared", """{"peer":"{0}"}""" },
        { "PUT", "/api/resource/Account/Shared", """{"lines":[{"peer":"{0}"}]}""" },
        { "GET", """/api/resource/Account?fields=*&filters=[["name","=","{0}"]]""", null },
        { "GET", """/api/resource/Account?fields=*&or_filters=[["name","=","{0}"],["secret","like","rival%"],["iban","=","RIVAL-1"]]""", null },
        { "GET", """/api/resource/Account?fields=["count(name) as n","sum(balance) as s","max(secret) as m"]&filters=[["name","=","{0}"]]""", null },
        { "GET", "/api/resource/Account?name={0}", null },
        { "GET", """/api/resource/Account?filters={"peer":"{0}"}""", null },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task ForeignAndMissingNames_AnswerAlike(string method, string path, string? body)
    {
        var foreign = await AskAsync(method, path, body, Foreign);
        var missing = await AskAsync(method, path, body, Missing);

        Assert.Equal(missing, foreign);
        Assert.DoesNotContain("rival secret", foreign, StringComparison.Ordinal);
        Assert.DoesNotContain("RIVAL", foreign, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VictimsDocument_IsUntouchedAfterwards()
    {
        foreach (var (method, path, body) in Requests.Select(row => row.Data))
        {
            await AskAsync(method, path, body, Foreign);
        }

        var document = (await bank.Rival.GetAsync($"/api/resource/Account/{Foreign}")).Data;
        Assert.Equal("rival secret", document.GetProperty("secret").GetString());
        Assert.Equal("bob@rival.example", document.GetProperty("modified_by").GetString());
        Assert.Equal("rival row", document.GetProperty("lines")[0].GetProperty("note").GetString());
        Assert.Equal(1, await bank.Service.Database.ScalarAsync<int>($"select count(*) from `tabAccount` where `name`='{Foreign}'"));
        Assert.Equal(0, await bank.Service.Database.ScalarAsync<int>("select count(*) from `tabAccount` where `title` in ('Linker','First')"));
    }

    [Fact]
    public async Task NameOfBothTenants_IsEachOnesOwn()
    {
        foreach (var (caller, tenant) in new[] { (bank.Acme, "acme"), (bank.Rival, "rival") })
        {
            var document = (await caller.GetAsync("/api/resource/Account/Shared")).Data;
            Assert.Equal($"{tenant} secret", document.GetProperty("secret").GetString());
            Assert.Equal([$"{tenant} first", $"{tenant} second"], document.GetProperty("lines").EnumerateArray().Select(row => row.GetProperty("note").GetString()!));
        }
    }

    [Fact]
    public async Task DeletingANameOfBothTenants_DeletesOneOfThem()
    {
        await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Doomed", lines = new[] { new { note = "acme" } } }));
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Account", new { title = "Doomed", lines = new[] { new { note = "rival" } } }));

        Assert.Equal(202, (await bank.Acme.DeleteAsync("/api/resource/Account/Doomed")).Status);
        Assert.Equal(404, (await bank.Acme.GetAsync("/api/resource/Account/Doomed")).Status);
        Assert.Equal("rival", (await bank.Rival.GetAsync("/api/resource/Account/Doomed")).Data.GetProperty("lines")[0].GetProperty("note").GetString());
        Assert.Equal("rival", await bank.Service.Database.ScalarAsync<string>("select group_concat(`tenant_id`) from `tabAccount Line` where `parent`='Doomed'"));
    }

    [Fact]
    public async Task LinkOfAnotherTenant_DoesNotHoldADocumentBack()
    {
        await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Target" }));
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Account", new { title = "Target" }));
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Account", new { title = "Pointer", peer = "Target", lines = new[] { new { peer = "Target" } } }));

        Assert.Equal(202, (await bank.Acme.DeleteAsync("/api/resource/Account/Target")).Status);
        Assert.Equal("LinkExistsError", (await bank.Rival.DeleteAsync("/api/resource/Account/Target")).ErrorType);
    }

    /// <summary>Status, headers and body, without what belongs to one request and with the name asked for made the same.</summary>
    private async Task<string> AskAsync(string method, string path, string? body, string name)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{0}", Uri.EscapeDataString(name), StringComparison.Ordinal));
        request.Headers.Add("X-Frappe-Request-Id", "attack");
        if (body is not null)
        {
            request.Content = JsonContent.Create(JsonNode.Parse(body.Replace("{0}", name, StringComparison.Ordinal)));
        }

        using var response = await bank.Acme.Http.SendAsync(request);
        response.Headers.Date = null;
        var text = $"{(int)response.StatusCode} {response.ReasonPhrase}\n{response.Headers}{response.Content.Headers}\n{await response.Content.ReadAsStringAsync()}";
        return text.Replace(name, "<name>", StringComparison.Ordinal);
    }
}
