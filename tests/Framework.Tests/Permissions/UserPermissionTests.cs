using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Permissions;

/// <summary>User permissions narrow lists and documents alike, for one user of one tenant.</summary>
public sealed class UserPermissionTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _manager = null!;
    private TestCaller _ann = null!;
    private TestCaller _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Archive.StartAsync();
        (_manager, _ann, _bob) = (_service.As("acme", Archive.Boss), _service.As("acme", Archive.Ann, "Clerk"), _service.As("acme", Archive.Bob, "Clerk"));
        await Archive.FillAsync(_manager);
        await Archive.FillAsync(_service.As("globex"));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task List_HoldsWhatIsAllowedAndWhatLinksToNothing()
    {
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(_ann));
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");
        await Archive.RestrictAsync(_manager, Archive.Ann, "East");

        Assert.Equal("D-1 D-3 D-4", await Archive.NamesAsync(_ann));
        Assert.Equal("East North", await Archive.NamesAsync(_ann, "/api/resource/Branch?order_by=name"));
        Assert.Equal("D-1", await Archive.NamesAsync(_ann, """/api/resource/Dossier?filters=[["branch","in",["North","South"]]]"""));
        Assert.Equal("", await Archive.NamesAsync(_ann, """/api/resource/Dossier?or_filters=[["branch","=","South"]]"""));
        Assert.Equal(3, (await _ann.GetAsync("""/api/resource/Dossier?fields=["count(name) as n"]""")).Data[0].GetProperty("n").GetInt32());
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(_bob));
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(_service.As("globex", Archive.Ann, "Clerk")));
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(_service.As("acme", Archive.Ann, "Administrator")));
    }

    [Fact]
    public async Task Documents_OutsideAreRefusedOnEveryVerb()
    {
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");

        Assert.Equal(200, (await _ann.GetAsync("/api/resource/Dossier/D-1")).Status);
        Assert.Equal(200, (await _ann.GetAsync("/api/resource/Dossier/D-4")).Status);
        Assert.Equal(403, (await _ann.GetAsync("/api/resource/Dossier/D-2")).Status);
        Assert.Equal(403, (await _ann.GetAsync("/api/resource/Branch/South")).Status);
        Assert.Equal(403, (await _ann.PutAsync("/api/resource/Dossier/D-2", new { subject = "x" })).Status);
        Assert.Equal(403, (await _ann.PutAsync("/api/resource/Dossier/D-2", new { branch = "North" })).Status);
        Assert.Equal(403, (await _ann.DeleteAsync("/api/resource/Dossier/D-2")).Status);
        Assert.Equal(403, (await _ann.PutAsync("/api/resource/Dossier/D-1", new { branch = "South" })).Status);
        Assert.Equal(403, (await _ann.PutAsync("/api/resource/Dossier/D-1", new { pages = new[] { new { branch = "South" } } })).Status);
        Assert.Equal(403, (await _ann.PostAsync("/api/resource/Dossier", new { subject = "x", branch = "South" })).Status);
        Assert.Equal(403, (await _ann.PostAsync("/api/resource/Dossier", new { subject = "x", pages = new[] { new { branch = "South" } } })).Status);
        Assert.Equal("South", (await _manager.GetAsync("/api/resource/Dossier/D-2")).Data.GetProperty("branch").GetString());
        Assert.Equal(200, (await _ann.PutAsync("/api/resource/Dossier/D-1", new { subject = "y" })).Status);
    }

    [Fact]
    public async Task RowThatLinksOutside_HidesItsDocument()
    {
        await _manager.PutAsync("/api/resource/Dossier/D-1", new { pages = new[] { new { branch = "South" } } });
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");

        Assert.Equal(403, (await _ann.GetAsync("/api/resource/Dossier/D-1")).Status);
    }

    [Fact]
    public async Task NewDocument_LinksToTheOnlyOneOrTheDefault()
    {
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");
        Assert.Equal("North", (await _ann.PostAsync("/api/resource/Dossier", new { subject = "x" })).Data.GetProperty("branch").GetString());

        await Archive.RestrictAsync(_manager, Archive.Ann, "East", new { is_default = 1 });
        Assert.Equal("East", (await _ann.PostAsync("/api/resource/Dossier", new { subject = "x" })).Data.GetProperty("branch").GetString());
        Assert.Equal(417, (await _manager.PostAsync("/api/resource/User Permission", new { user = Archive.Ann, allow = "Branch", for_value = "South", is_default = 1 })).Status);
        Assert.Equal(417, (await _manager.PostAsync("/api/resource/User Permission", new { user = Archive.Ann, allow = "Branch", for_value = "East" })).Status);
    }

    [Fact]
    public async Task OneDocType_IsTheOnlyOneConcerned()
    {
        await Archive.RestrictAsync(_manager, Archive.Ann, "North", new { apply_to_all_doctypes = 0, applicable_for = "Dossier" });

        Assert.Equal("D-1 D-4", await Archive.NamesAsync(_ann));
        Assert.Equal("East North South", await Archive.NamesAsync(_ann, "/api/resource/Branch?order_by=name"));
    }

    [Fact]
    public async Task Strict_LeavesOutEmptyLinks()
    {
        await using var service = await Archive.StartAsync(settings: ("Permissions:Strict", "true"));
        await Archive.FillAsync(service.As("acme", Archive.Boss));
        await Archive.RestrictAsync(service.As("acme", Archive.Boss), Archive.Ann, "North");
        var ann = service.As("acme", Archive.Ann, "Clerk");

        Assert.Equal("D-1", await Archive.NamesAsync(ann));
        Assert.Equal(403, (await ann.GetAsync("/api/resource/Dossier/D-4")).Status);
    }

    [Fact]
    public async Task OwnDocuments_StayWithWhoSeesThemBecauseOfOwning()
    {
        var author = _service.As("acme", Archive.Ann, "Author");
        await Isolation.Bank.Created(author.PostAsync("/api/resource/Dossier", new { subject = "mine", branch = "South" }));
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");

        Assert.Equal("D-5", await Archive.NamesAsync(author));
        Assert.Equal(200, (await author.GetAsync("/api/resource/Dossier/D-5")).Status);
        Assert.Equal(403, (await author.GetAsync("/api/resource/Dossier/D-1")).Status);
    }

    [Fact]
    public async Task Removed_CountsAtOnce()
    {
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");
        Assert.Equal("D-1 D-4", await Archive.NamesAsync(_ann));

        var name = (await _manager.GetAsync("/api/resource/User Permission")).Data[0].GetProperty("name").GetString();
        Assert.Equal(202, (await _manager.DeleteAsync($"/api/resource/User Permission/{name}")).Status);
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(_ann));
    }

    [Theory]
    [InlineData("/api/resource/User Permission", """{"user":"ann@example.com","allow":"Branch","for_value":"South"}""")]
    [InlineData("/api/resource/Custom DocPerm", """{"parent_doctype":"Dossier","role":"Clerk","delete":1}""")]
    public async Task Clerk_CannotChangeOwnLimits(string path, string body)
    {
        Assert.Equal(403, (await _ann.PostAsync(path, System.Text.Json.JsonDocument.Parse(body).RootElement)).Status);
        Assert.Equal(403, (await _ann.GetAsync(path)).Status);
    }

    [Fact]
    public async Task ManyValues_AreOneStatement()
    {
        var rules = Enumerable.Range(0, 150).Select(i => new { user = Archive.Ann, allow = "Branch", for_value = i == 0 ? "North" : $"Branch {i}", apply_to_all_doctypes = 1 });
        await Isolation.Bank.Created(_manager.PostAsync("/api/resource/User Permission", rules));

        Assert.Equal("D-1 D-4", await Archive.NamesAsync(_ann));
    }
}
