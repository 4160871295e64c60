using System.Text.Json;
using Microservices.Framework.Tests.Permissions;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary><c>expand_links</c> puts linked documents in place of their names, as far as the caller may read them.</summary>
public sealed class ExpandLinksTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Archive.StartAsync();
        _manager = _service.As("acme", Archive.Boss);
        await Archive.FillAsync(_manager);
        await _manager.PutAsync("/api/resource/Dossier/D-1", new { pages = new[] { new { branch = "South" }, new { branch = "North" } } });
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    public async Task LinkedDocuments_StandInPlaceOfTheirNames(string asked)
    {
        var answer = (await _manager.GetAsync($"/api/resource/Dossier/D-1?expand_links={asked}")).Data;

        Assert.Equal(("North", "Branch", Archive.Boss), (Text(answer, "name"), Text(answer, "doctype"), Text(answer, "owner")));
        Assert.Equal(["South", "North"], answer.GetProperty("pages").EnumerateArray().Select(row => row.GetProperty("branch").GetProperty("branch_name").GetString()));

        static string? Text(JsonElement dossier, string field) => dossier.GetProperty("branch").GetProperty(field).GetString();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?expand_links=0")]
    [InlineData("?expand_links=false")]
    public async Task NotAsked_NamesStay(string query) =>
        Assert.Equal("North", (await _manager.GetAsync("/api/resource/Dossier/D-1" + query)).Data.GetProperty("branch").GetString());

    [Fact]
    public async Task WhatTheCallerMayNotRead_StaysAName()
    {
        // May read dossiers, and no branch.
        var outsider = _service.As("acme", "out@example.com", "Outsider");

        Assert.Equal("North", (await outsider.GetAsync("/api/resource/Dossier/D-1?expand_links=1")).Data.GetProperty("branch").GetString());
        Assert.Equal(404, (await _service.As("globex").GetAsync("/api/resource/Dossier/D-1?expand_links=1")).Status);
        Assert.Equal(403, (await _service.As("acme", "eve@example.com", "Nobody").GetAsync("/api/resource/Dossier/D-1?expand_links=1")).Status);
    }

    [Theory]
    [InlineData("/api/resource/Dossier/D-1?expand_links=yes")]
    [InlineData("/api/resource/Dossier/D-1?expand_links=%27")]
    [InlineData("/api/v2/document/Dossier/D-1?include=assignments")]
    public async Task WhatIsNotServed_Is417(string path) => Assert.Equal(417, (await _manager.GetAsync(path)).Status);

    [Fact]
    public async Task MoreThanAnAnswerHolds_Is417()
    {
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/Branch", Enumerable.Range(0, 101).Select(i => new { branch_name = $"B{i}" })));
        await _manager.PutAsync("/api/resource/Dossier/D-4", new { pages = Enumerable.Range(0, 101).Select(i => new { branch = $"B{i}" }) });

        Assert.Equal(417, (await _manager.GetAsync("/api/resource/Dossier/D-4?expand_links=1")).Status);
    }
}
