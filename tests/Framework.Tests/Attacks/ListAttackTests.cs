using System.Text.Json;
using Microservices.Framework.Tests.Permissions;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>What a list answers, sorts, groups, counts or finds by tells nothing that its caller may not read.</summary>
public sealed class ListAttackTests : IAsyncLifetime
{
    private readonly Vault _vault = new();

    public ValueTask InitializeAsync() => _vault.InitializeAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Theory]
    [InlineData("""fields=["title","backer.name as x"]""")]
    [InlineData("""fields=["title","`backer`.`branch_name` as x"]""")]
    [InlineData("""fields=["title",{"MAX":"backer.name","as":"x"}]&group_by=title""")]
    [InlineData("""fields=["title","backer"]&expand=["backer"]""")]
    [InlineData("""fields=["title","code","lines.code","fees.words",{"fees":["words"]}]""")]
    [InlineData("""filters=[["backer.name","=","East"]]""")]
    [InlineData("""or_filters=[["backer.branch_name","like","E%"]]""")]
    [InlineData("""filters=[["backer","descendants of","East"]]""")]
    [InlineData("""order_by=backer.name""")]
    [InlineData("""order_by=backer.name&cursor=""")]
    [InlineData("""group_by=backer.name""")]
    [InlineData("""filters=[["Deal Line","code","like","%"]]""")]
    [InlineData("""filters=[["fees.words","is","not set"]]""")]
    [InlineData("""filters=[["password","like","%"]]""")]
    [InlineData("""fields=["password as p"]&order_by=p""")]
    [InlineData("""filters={"code":["like","ciph%"]}""")]
    [InlineData("""order_by=code""")]
    public async Task FieldAboveTheCallersLevel_IsNeitherShownNorAsked(string query)
    {
        await _vault.Manager.PutAsync(Vault.Deals + "/free", new { fees = new[] { new { words = "East" } }, lines = new[] { new { code = "East" } } });
        foreach (var path in (string[])[$"{Vault.Deals}?{query}", $"/api/v2/document/Deal?{query}"])
        {
            var answer = await _vault.Ann.GetAsync(path);

            Assert.True(answer.Status is 403 or 417 || (answer.Status == 200 && !query.StartsWith("filters", StringComparison.Ordinal)), answer.Text);
            Assert.DoesNotContain("East", answer.Text.Replace(query, "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("cipher", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""["title",{"MAX":"deal.title","as":"x"}]""")]
    [InlineData("""["title",{"MAX":"deal\u002etitle","as":"x"}]""")]
    [InlineData("""["title",{"MAX":"d\u0065al.title","as":"x"}]""")]
    [InlineData("""["title",{"MAX":"\u0060deal\u0060.\u0060title\u0060","as":"x"}]""")]
    [InlineData("""["title","deal\u002etitle as x"]""")]
    [InlineData("""["title"," `deal`.`title` as x"]""")]
    public async Task ConditionsOfTheServiceForALink_HoldHoweverTheLinkIsSpelled(string fields)
    {
        var query = $"/api/resource/Deal Note?group_by=title&fields={Uri.EscapeDataString(fields)}";
        var rows = (await _vault.Mole.GetAsync(query)).Data.EnumerateArray().ToDictionary(row => row.GetProperty("title").GetString()!, row => row.GetProperty("x").ValueKind);

        Assert.Equal(JsonValueKind.String, rows["n-open"]);
        Assert.Equal(JsonValueKind.Null, rows["n-hidden"]);
    }

    [Fact]
    public async Task DocumentWhoseRowsLinkOutside_IsInNoList()
    {
        await _vault.Manager.PutAsync(Vault.Deals + "/free", new { lines = new[] { new { branch = (string?)"North", words = "in" }, new { branch = (string?)"South", words = "row of South" } } });
        await _vault.Manager.PutAsync(Vault.Deals + "/open", new { lines = new[] { new { branch = (string?)null, words = "none" } } });
        await _vault.Manager.PostAsync("/api/resource/Deal Note", new { title = "n-free", deal = "free" });
        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "North");
        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "East");

        Assert.Equal(403, (await _vault.Ann.GetAsync(Vault.Deals + "/free")).Status);
        Assert.Equal("hidden open", await Vault.NamesAsync(_vault.Ann));
        foreach (var path in (string[])
        [
            Vault.Deals + """?fields=["title","branch",{"lines":["*"]}]""", Vault.Deals + """?fields=["title","lines.words"]""", "/api/resource/Deal Line?parent=Deal&fields=words",
            """/api/resource/Deal Note?fields=["deal.title as t"]""", """/api/resource/Deal Note?fields=["deal"]&expand=["deal"]&filters={"name":["!=","n-free"]}""",
        ])
        {
            var answer = await _vault.Ann.GetAsync(path);
            Assert.True(answer.Status == 200, answer.Text);
            Assert.DoesNotContain("row of South", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"free\"", answer.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("free", (await Vault.CallAsync(_vault.Ann, "get_value", new { doctype = "Deal", filters = "free", fieldname = "title" })).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await _vault.Ann.GetAsync("/api/v2/doctype/Deal/count")).Data.GetInt32());
        Assert.Equal("free hidden open south", await Vault.NamesAsync(_vault.Service.As("globex", Archive.Ann, "Dealer")));
    }

    [Fact]
    public async Task MoreValuesThanAStatementTakes_AreRefused()
    {
        var many = Enumerable.Range(0, 100).Select(_ => new object[] { "title", "in", Enumerable.Range(0, 1000).Select(n => $"t{n}").ToArray() }).ToArray();

        var answer = await Vault.CallAsync(_vault.Ann, "get_list", new { doctype = "Deal", filters = many });
        Assert.True(answer.Status == 417, answer.Text);
        Assert.Equal(417, (await Vault.CallAsync(_vault.Ann, "get_count", new { doctype = "Deal", filters = many })).Status);
    }

    [Theory]
    [InlineData("Chooser", """?fields=["*"]""")]
    [InlineData("Chooser", """?fields=["name","branch","secret","lines.words",{"lines":["*"]},"branch.branch_name as b"]""")]
    public async Task WhoMaySelectOnly_SeesNames(string role, string query)
    {
        var answer = await _vault.Service.As("acme", "c@example.com", role).GetAsync(Vault.Deals + query);

        Assert.Equal(200, answer.Status);
        Assert.All(answer.Data.EnumerateArray(), row => Assert.Equal(["name"], row.EnumerateObject().Select(property => property.Name)));
    }
}
