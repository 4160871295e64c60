using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Permissions;

/// <summary>What is shared with a user is in reach, whatever the other rules say, and nothing else is.</summary>
public sealed class ShareTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _manager = null!;
    private TestCaller _ann = null!;
    private TestCaller _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Archive.StartAsync();
        (_manager, _ann, _bob) = (_service.As("acme", Archive.Boss), _service.As("acme", Archive.Ann, "Clerk"), _service.As("acme", Archive.Bob, "Nobody"));
        await Archive.FillAsync(_manager);
        await Archive.FillAsync(_service.As("globex"));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task SharedDocument_IsReadAndListed()
    {
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(_bob));
        Assert.Equal(403, (await _bob.GetAsync("/api/resource/Dossier/D-1")).Status);
        await ShareAsync(_ann, "D-1", new { user = Archive.Bob });

        Assert.Equal("D-1", await Archive.NamesAsync(_bob));
        Assert.Equal(200, (await _bob.GetAsync("/api/resource/Dossier/D-1")).Status);
        Assert.Equal(403, (await _bob.GetAsync("/api/resource/Dossier/D-2")).Status);
        Assert.Equal(403, (await _bob.PutAsync("/api/resource/Dossier/D-1", new { subject = "x" })).Status);
        Assert.Equal(403, (await _bob.DeleteAsync("/api/resource/Dossier/D-1")).Status);
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(_service.As("globex", Archive.Bob, "Nobody")));
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(_service.As("acme", "BOB@example.com", "Nobody")));
    }

    [Fact]
    public async Task SharingThatIsSwitchedOff_IsRefused()
    {
        await using var service = await Archive.StartAsync(settings: ("Permissions:DisableSharing", "true"));
        var manager = service.As("acme", Archive.Boss);
        await Archive.FillAsync(manager);

        foreach (var refused in (Answer[])
        [
            await manager.PostAsync("/api/method/frappe.share.add", new { doctype = "Dossier", name = "D-1", user = Archive.Bob }),
            await manager.PostAsync("/api/method/frappe.share.set_permission", new { doctype = "Dossier", name = "D-1", user = Archive.Bob, permission_to = "read" }),
            await manager.PostAsync("/api/resource/DocShare", new { share_doctype = "Dossier", share_name = "D-1", user = Archive.Bob }),
        ])
        {
            Assert.Equal((403, "PermissionError"), (refused.Status, refused.ErrorType));
        }

        Assert.Equal("403 PermissionError", await Archive.NamesAsync(service.As("acme", Archive.Bob, "Nobody")));
    }

    [Fact]
    public async Task SharesThereAre_CanBeLoweredAndTakenBack_WhereSharingIsSwitchedOff()
    {
        await ShareAsync(_manager, "D-1", new { user = Archive.Bob, write = 1 });
        var other = await ShareAsync(_manager, "D-2", new { user = Archive.Bob });
        await using var off = await _service.StartReplicaAsync(service =>
        {
            Archive.Describe(service);
            service.Configuration["Permissions:DisableSharing"] = "true";
        });
        var manager = off.As("acme", Archive.Boss);

        foreach (var gained in (Answer[])
        [
            await SetAsync(manager, "share", 1),
            await manager.PostAsync("/api/method/frappe.share.add", new { doctype = "Dossier", name = "D-1", user = Archive.Bob, write = 1, share = 1 }),
            await manager.PutAsync("/api/resource/DocShare/" + other, new { user = "eve@example.com" }),
            await manager.PutAsync("/api/resource/DocShare/" + other, new { user = (string?)null, everyone = 1 }),
        ])
        {
            Assert.Equal((403, "PermissionError"), (gained.Status, gained.ErrorType));
        }

        Assert.Equal(200, (await SetAsync(manager, "write", 0)).Status);
        Assert.Equal(403, (await SetAsync(manager, "write", 1)).Status);
        Assert.Equal(200, (await SetAsync(manager, "read", 0)).Status);
        Assert.Equal(202, (await manager.DeleteAsync("/api/resource/DocShare/" + other)).Status);

        static Task<Answer> SetAsync(TestCaller caller, string right, int value) => caller.PostAsync(
            "/api/method/frappe.share.set_permission", new { doctype = "Dossier", name = "D-1", user = Archive.Bob, permission_to = right, value });
    }

    [Fact]
    public async Task SharedForWriting_IsWritten()
    {
        await ShareAsync(_ann, "D-1", new { user = Archive.Bob, write = 1 });

        Assert.Equal(200, (await _bob.PutAsync("/api/resource/Dossier/D-1", new { subject = "x" })).Status);
        Assert.Equal(403, (await _bob.PutAsync("/api/resource/Dossier/D-2", new { subject = "x" })).Status);
    }

    [Fact]
    public async Task SharedWithEveryone_IsForTheTenant()
    {
        await ShareAsync(_manager, "D-2", new { everyone = 1 });

        Assert.Equal("D-2", await Archive.NamesAsync(_bob));
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(_service.As("globex", Archive.Bob, "Nobody")));
    }

    [Fact]
    public async Task Share_OverrulesUserPermissionsAndTheServicesChecks()
    {
        await Archive.RestrictAsync(_manager, Archive.Ann, "North");
        await ShareAsync(_manager, "D-2", new { user = Archive.Ann });
        Assert.Equal("D-1 D-2 D-4", await Archive.NamesAsync(_ann));
        Assert.Equal(200, (await _ann.GetAsync("/api/resource/Dossier/D-2")).Status);

        await _manager.PutAsync("/api/resource/Dossier/D-3", new { secret = 1 });
        var outsider = _service.As("acme", "out@example.com", "Outsider");
        Assert.Equal("D-1 D-2 D-4", await Archive.NamesAsync(outsider));
        await ShareAsync(_manager, "D-3", new { user = "out@example.com" });
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(outsider));
        Assert.Equal(200, (await outsider.GetAsync("/api/resource/Dossier/D-3")).Status);
    }

    [Fact]
    public async Task Sharing_NeedsTheRightAndEachRightGiven()
    {
        // Read, but not share, and not the rights that are given on.
        Assert.Equal(403, (await _service.As("acme", "out@example.com", "Outsider").PostAsync("/api/resource/DocShare", Body("D-1", new { user = Archive.Bob }))).Status);
        await ShareAsync(_ann, "D-1", new { user = Archive.Bob, share = 1 });
        Assert.Equal(403, (await _bob.PostAsync("/api/resource/DocShare", Body("D-1", new { user = "eve@example.com", write = 1 }))).Status);
        Assert.Equal(404, (await _bob.PostAsync("/api/resource/DocShare", Body("D-2", new { user = Archive.Bob }))).Status);
        Assert.Equal(404, (await _ann.PostAsync("/api/resource/DocShare", Body("D-99", new { user = Archive.Bob }))).Status);
        await ShareAsync(_bob, "D-1", new { user = "eve@example.com" });
        Assert.Equal("D-1", await Archive.NamesAsync(_service.As("acme", "eve@example.com", "Nobody")));
    }

    [Fact]
    public async Task Unshared_IsOutOfReachAtOnce()
    {
        var share = await ShareAsync(_ann, "D-1", new { user = Archive.Bob });
        Assert.Equal("D-1", await Archive.NamesAsync(_bob));

        Assert.Equal(202, (await _ann.DeleteAsync($"/api/resource/DocShare/{share}")).Status);
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(_bob));
        Assert.Equal(403, (await _bob.GetAsync("/api/resource/Dossier/D-1")).Status);
    }

    [Fact]
    public async Task Shares_AreSeenByReadersOfTheDocument()
    {
        await ShareAsync(_ann, "D-1", new { user = Archive.Bob });

        Assert.Equal(403, (await _bob.GetAsync("/api/resource/DocShare")).Status);
        Assert.Equal(1, (await _bob.GetAsync("/api/resource/DocShare?share_doctype=Dossier&share_name=D-1")).Data.GetArrayLength());
        Assert.Equal(404, (await _bob.GetAsync("/api/resource/DocShare?share_doctype=Dossier&share_name=D-2")).Status);
    }

    private static Dictionary<string, object?> Body(string name, object more) =>
        new(more.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(more)))) { ["share_doctype"] = "Dossier", ["share_name"] = name };

    private static async Task<string> ShareAsync(TestCaller caller, string name, object more) =>
        (await Isolation.Bank.Created(caller.PostAsync("/api/resource/DocShare", Body(name, more)))).Data.GetProperty("name").GetString()!;
}
