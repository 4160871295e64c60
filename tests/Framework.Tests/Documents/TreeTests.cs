using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Documents;

/// <summary>The nested set of a tree stays whole through inserts, moves, deletions, renames and merges, in each tenant for itself.</summary>
public sealed class TreeTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Region";
    private TestService _service = null!;
    private TestCaller _caller = null!;
    private TestCaller _other = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Region>();
            service.SecureRoute("POST", "/rename", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
                await db.RenameAsync("Region", http.Query["old"]!, http.Query["new"]!, http.Query["merge"] == "1", cancellationToken: ct));
        });
        _caller = _service.As("acme");
        _other = _service.As("globex");
        foreach (var (name, parent) in ((string, string?)[])[("World", null), ("Europe", "World"), ("Asia", "World"), ("NL", "Europe"), ("BE", "Europe"), ("JP", "Asia")])
        {
            await Isolation.Bank.Created(_caller.PostAsync(Path, new { title = name, is_group = 1, parent_region = parent, lft = 99, rgt = -5, old_parent = "x" }));
            await Isolation.Bank.Created(_other.PostAsync(Path, new { title = name, is_group = 1, parent_region = parent }));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal("World(Europe(NL,BE),Asia(JP))", await ShapeAsync(_other));
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Inserts_NestAsTheyLink() => Assert.Equal("World(Europe(NL,BE),Asia(JP))", await ShapeAsync(_caller));

    [Theory]
    [InlineData("NL", "Asia", "World(Europe(BE),Asia(JP,NL))")]
    [InlineData("JP", "Europe", "World(Europe(NL,BE,JP),Asia)")]
    [InlineData("Asia", "NL", "World(Europe(NL(Asia(JP)),BE))")]
    [InlineData("Europe", "JP", "World(Asia(JP(Europe(NL,BE))))")]
    [InlineData("Europe", null, "World(Asia(JP)),Europe(NL,BE)")]
    [InlineData("NL", "Europe", "World(Europe(NL,BE),Asia(JP))")]
    public async Task Move_TakesTheBranchAlong(string node, string? parent, string shape)
    {
        var answer = await _caller.PutAsync($"{Path}/{node}", new { parent_region = parent, lft = 1 });

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(shape, await ShapeAsync(_caller));
        var stored = (await _caller.GetAsync($"{Path}/{node}")).Data;
        Assert.Equal(answer.Data.GetProperty("lft").GetInt32(), stored.GetProperty("lft").GetInt32());
        Assert.Equal(parent, stored.TryGetProperty("old_parent", out var old) ? old.GetString() : null);
    }

    [Theory]
    [InlineData("Europe", "Europe")]
    [InlineData("Europe", "NL")]
    [InlineData("World", "JP")]
    [InlineData("Europe", "Nowhere")]
    public async Task Cycle_IsRefused(string node, string parent)
    {
        Assert.Equal(417, (await _caller.PutAsync($"{Path}/{node}", new { parent_region = parent })).Status);
        Assert.Equal("World(Europe(NL,BE),Asia(JP))", await ShapeAsync(_caller));
    }

    [Fact]
    public async Task Delete_IsForLeaves_AndClosesTheGap()
    {
        Assert.Equal(417, (await _caller.DeleteAsync($"{Path}/Europe")).Status);
        Assert.Equal(202, (await _caller.DeleteAsync($"{Path}/NL")).Status);
        Assert.Equal(202, (await _caller.DeleteAsync($"{Path}/BE")).Status);
        Assert.Equal(202, (await _caller.DeleteAsync($"{Path}/Europe")).Status);
        Assert.Equal("World(Asia(JP))", await ShapeAsync(_caller));
    }

    [Fact]
    public async Task RenameAndMerge_KeepTheBranch()
    {
        Assert.Equal(200, (await _caller.PostAsync("/rename?old=Europe&new=EU", new { })).Status);
        Assert.Equal("World(EU(NL,BE),Asia(JP))", await ShapeAsync(_caller));
        Assert.Equal(200, (await _caller.PostAsync("/rename?old=EU&new=Asia&merge=1", new { })).Status);
        Assert.Equal("World(Asia(JP,NL,BE))", await ShapeAsync(_caller));
        Assert.Equal(417, (await _caller.PostAsync("/rename?old=World&new=JP&merge=1", new { })).Status);
        Assert.Equal("World(Asia(JP,NL,BE))", await ShapeAsync(_caller));
    }

    [Fact]
    public async Task WritersAtTheSameTime_WaitForEachOther()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 3 == 0
            ? _caller.PutAsync($"{Path}/{(i % 2 == 0 ? "NL" : "BE")}", new { parent_region = i % 4 == 0 ? "Asia" : "Europe" })
            : _caller.PostAsync(Path, new { title = $"R{i}", parent_region = i % 2 == 0 ? "Europe" : "JP" })));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201, answer.Text));
        Assert.Equal(14, (await ShapeAsync(_caller)).Split('(', ')', ',').Count(name => name.Length > 0));
    }

    /// <summary>The tree as the nested set tells it, which must agree with the links.</summary>
    private static async Task<string> ShapeAsync(TestCaller caller)
    {
        var rows = (await caller.GetAsync("""/api/resource/Region?fields=["name","lft","rgt","parent_region"]&order_by=lft&limit=0""")).Data.EnumerateArray().ToList();
        var numbers = rows.SelectMany(row => (int[])[row.GetProperty("lft").GetInt32(), row.GetProperty("rgt").GetInt32()]).Order();
        Assert.Equal(Enumerable.Range(1, rows.Count * 2), numbers);
        return Below(0, (rows.Count * 2) + 1, null);

        string Below(int left, int right, string? parent)
        {
            var children = new List<string>();
            for (var at = left + 1; at < right;)
            {
                var node = rows.Single(row => row.GetProperty("lft").GetInt32() == at);
                Assert.Equal(parent, node.GetProperty("parent_region").GetString());
                var (name, end) = (node.GetProperty("name").GetString()!, node.GetProperty("rgt").GetInt32());
                var below = Below(at, end, name);
                children.Add(below.Length > 0 ? $"{name}({below})" : name);
                at = end + 1;
            }

            return string.Join(',', children);
        }
    }

    [DocType(Naming = "field:title", IsTree = true)]
    public sealed class Region : Document
    {
        public string Title { get; set; } = "";
    }
}
