namespace Microservices.Framework.Tests.Isolation;

/// <summary>Rows belong to their document: naming somebody else's moves, changes or shows nothing.</summary>
public sealed class ChildRowTests(Bank bank) : IClassFixture<Bank>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RowNameOfAnotherDocument_MakesANewRow(bool foreignTenant)
    {
        var owner = foreignTenant ? bank.Rival : bank.Acme;
        var victim = (await owner.GetAsync("/api/resource/Account/Shared")).Text;
        var stolen = (await owner.GetAsync("/api/resource/Account/Shared")).Data.GetProperty("lines")[0].GetProperty("name").GetString();
        var title = $"Thief {foreignTenant}";

        var created = await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title, lines = new[] { new { name = stolen, note = "created" } } }));
        var own = created.Data.GetProperty("lines")[0].GetProperty("name").GetString();
        Assert.NotEqual(stolen, own);

        var updated = await bank.Acme.PutAsync($"/api/resource/Account/{title}", new { lines = new object[] { new { name = own, note = "own" }, new { name = stolen, note = "stolen", parent = title, tenant_id = "rival" } } });
        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal(own, updated.Data.GetProperty("lines")[0].GetProperty("name").GetString());
        Assert.NotEqual(stolen, updated.Data.GetProperty("lines")[1].GetProperty("name").GetString());
        Assert.Equal(victim, (await owner.GetAsync("/api/resource/Account/Shared")).Text);

        // Nor by way of another table of the same document.
        var moved = await bank.Acme.PutAsync($"/api/resource/Account/{title}", new { more_lines = new[] { new { name = own, note = "moved" } } });
        Assert.Equal("own", moved.Data.GetProperty("lines")[0].GetProperty("note").GetString());
        Assert.NotEqual(own, moved.Data.GetProperty("more_lines")[0].GetProperty("name").GetString());
        Assert.Equal("more_lines", moved.Data.GetProperty("more_lines")[0].GetProperty("parentfield").GetString());
    }

    [Fact]
    public async Task RowNamedTwice_IsOneRowAndANewOne()
    {
        var created = await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Twice", lines = new[] { new { note = "a" } } }));
        var row = created.Data.GetProperty("lines")[0].GetProperty("name").GetString();

        var updated = await bank.Acme.PutAsync("/api/resource/Account/Twice", new { lines = new[] { new { name = row, note = "first" }, new { name = row, note = "second" } } });

        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal(["first", "second"], updated.Data.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("note").GetString()!));
        Assert.Equal(2, updated.Data.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("name").GetString()).Distinct().Count());
        Assert.Equal(updated.Data.ToString(), (await bank.Acme.GetAsync("/api/resource/Account/Twice")).Data.ToString());
    }

    [Theory]
    [InlineData("GET", "/api/resource/Account Line")]
    [InlineData("POST", "/api/resource/Account Line")]
    [InlineData("GET", "/api/resource/Account Line/x")]
    [InlineData("PUT", "/api/resource/Account Line/x")]
    [InlineData("DELETE", "/api/resource/Account Line/x")]
    public async Task ChildDocType_HasNoDoorOfItsOwn(string method, string path)
    {
        var answer = await bank.Acme.SendAsync(new HttpMethod(method), path, method is "POST" or "PUT" ? new { note = "x", parent = "Shared", parenttype = "Account", parentfield = "lines" } : null);

        Assert.Equal(403, answer.Status);
        Assert.Equal("PermissionError", answer.ErrorType);
    }

    [Fact]
    public async Task DeletingADocument_LeavesRowsOfTheSameParentNameElsewhere()
    {
        await Bank.Created(bank.Rival.PostAsync("/api/resource/Account", new { title = "Twin", lines = new[] { new { note = "rival" } } }));
        await Bank.Created(bank.Acme.PostAsync("/api/resource/Account", new { title = "Twin", lines = new[] { new { note = "acme" } } }));

        Assert.Equal(200, (await bank.Acme.PutAsync("/api/resource/Account/Twin", new { lines = Array.Empty<object>() })).Status);

        Assert.Equal("rival", await bank.Service.Database.ScalarAsync<string>("select group_concat(`note`) from `tabAccount Line` where `parent`='Twin'"));
    }
}
