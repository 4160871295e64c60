using Microservices.Framework.Tests.Permissions;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>A rename or merge is no way around what a PUT or DELETE of the same documents would be refused.</summary>
public sealed class RenameAttackTests : IAsyncLifetime
{
    private readonly Vault _vault = new();

    public ValueTask InitializeAsync() => _vault.InitializeAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Theory]
    [InlineData("south", "mine", false)]
    [InlineData("south", "free", true)]
    [InlineData("free", "south", true)]
    public async Task OutsideTheUserPermission_IsRefused(string from, string to, bool merge)
    {
        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "North");
        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "East");
        await Isolation.Bank.Created(_vault.Manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Deal", role = "Dealer", read = 1, write = 1, delete = 1 }));

        Assert.Equal(417, (await Vault.RenameAsync(_vault.Ann, from, to, merge)).Status);
        Assert.Equal("free hidden open south", await Vault.NamesAsync(_vault.Service.As("acme", "root", "Administrator")));
    }

    [Theory]
    [InlineData("hidden", "mine", false)]
    [InlineData("hidden", "free", true)]
    [InlineData("free", "hidden", true)]
    public async Task AgainstTheServicesOwnCheck_IsRefused(string from, string to, bool merge)
    {
        Assert.Equal(417, (await Vault.RenameAsync(_vault.Mole, from, to, merge)).Status);
        Assert.Equal("free hidden open south", await Vault.NamesAsync(_vault.Manager));
    }

    [Fact]
    public async Task Merge_DeletesNothingForWhoMayNotDelete()
    {
        Assert.Equal(403, (await _vault.Ann.DeleteAsync(Vault.Deals + "/free")).Status);
        Assert.Equal(417, (await Vault.RenameAsync(_vault.Ann, "free", "south", merge: true)).Status);
        Assert.Equal(200, (await Vault.RenameAsync(_vault.Ann, "free", "freed", merge: false)).Status);
        Assert.Equal("freed hidden open south", await Vault.NamesAsync(_vault.Manager));
        Assert.Equal("free hidden open south", await Vault.NamesAsync(_vault.Rival));
    }

    [Fact]
    public async Task Merge_DoesNotMakeASubmittedDocumentVanish()
    {
        Assert.Equal(200, (await _vault.Manager.PutAsync(Vault.Deals + "/free", new { docstatus = 1 })).Status);
        Assert.Equal(417, (await _vault.Manager.DeleteAsync(Vault.Deals + "/free")).Status);

        Assert.Equal(417, (await Vault.RenameAsync(_vault.Manager, "free", "south", merge: true)).Status);
        Assert.Equal(200, (await _vault.Manager.GetAsync(Vault.Deals + "/free")).Status);
    }

    [Fact]
    public async Task Merge_DoesNotCarryAShareOntoTheOther()
    {
        var owner = _vault.Service.As("acme", Archive.Ann, "Owner", "Dealer");
        await Isolation.Bank.Created(owner.PostAsync(Vault.Deals, new { title = "bait" }));
        await Isolation.Bank.Created(owner.PostAsync("/api/resource/DocShare", new { share_doctype = "Deal", share_name = "bait", user = Archive.Bob, write = 1, submit = 1 }));
        Assert.Equal(404, (await owner.PostAsync("/api/resource/DocShare", new { share_doctype = "Deal", share_name = "nosuch", user = Archive.Bob })).Status);
        Assert.Equal(403, (await owner.PostAsync("/api/resource/DocShare", new { share_doctype = "Deal", share_name = "south", user = Archive.Bob })).Status);

        Assert.Equal(200, (await Vault.RenameAsync(owner, "bait", "south", merge: true)).Status);

        Assert.Equal(403, (await _vault.Bob.GetAsync(Vault.Deals + "/south")).Status);
        Assert.Equal(403, (await _vault.Bob.PutAsync(Vault.Deals + "/south", new { docstatus = 1 })).Status);
    }

    [Fact]
    public async Task Rename_OfAnotherTenantsDocument_FindsNothing()
    {
        await Isolation.Bank.Created(_vault.Rival.PostAsync(Vault.Deals, new { title = "theirs" }));

        Assert.Equal(404, (await Vault.RenameAsync(_vault.Manager, "theirs", "mine", merge: false)).Status);
        Assert.Equal(417, (await Vault.RenameAsync(_vault.Manager, "free", "theirs", merge: true)).Status);
        Assert.Equal(200, (await Vault.RenameAsync(_vault.Manager, "free", "theirs", merge: false)).Status);
        Assert.Equal("free hidden open south theirs", await Vault.NamesAsync(_vault.Rival));
    }
}
