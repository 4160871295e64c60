using Microservices.Data.Queries;
using Microservices.DocTypes;

namespace Microservices.Framework.Tests.Permissions;

/// <summary>What a service and its administrators add to the permissions that DocTypes declare.</summary>
public sealed class PermissionHookTests
{
    [Fact]
    public async Task Conditions_NarrowListsAndCounts_ChecksTheRest()
    {
        await using var service = await Archive.StartAsync();
        var manager = service.As("acme", Archive.Boss);
        await Archive.FillAsync(manager);
        await manager.PutAsync("/api/resource/Dossier/D-2", new { secret = 1 });
        var outsider = service.As("acme", "out@example.com", "Outsider");

        Assert.Equal("D-1 D-3 D-4", await Archive.NamesAsync(outsider));
        Assert.Equal(3, (await outsider.GetAsync("""/api/resource/Dossier?fields=["count(name) as n"]""")).Data[0].GetProperty("n").GetInt32());
        Assert.Equal("", await Archive.NamesAsync(outsider, """/api/resource/Dossier?or_filters=[["secret","=",1]]"""));
        Assert.Equal(403, (await outsider.GetAsync("/api/resource/Dossier/D-2")).Status);
        Assert.Equal(403, (await outsider.PutAsync("/api/resource/Dossier/D-2", new { subject = "x" })).Status);
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(manager));
    }

    [Fact]
    public async Task HookForEveryDocType_IsAskedForEach()
    {
        var asked = new List<string>();
        await using var service = await Archive.StartAsync(service => service.HasPermission("*", check =>
        {
            asked.Add($"{check.Document.Name}:{check.Right}");
            return check.Right is not Rights.Delete;
        }));
        var manager = service.As("acme", Archive.Boss);
        await Archive.FillAsync(manager);
        asked.Clear();

        Assert.Equal(200, (await manager.GetAsync("/api/resource/Branch/North")).Status);
        Assert.Equal(403, (await manager.DeleteAsync("/api/resource/Dossier/D-4")).Status);
        Assert.Equal(["North:Read", "D-4:Delete"], asked);
    }

    [Fact]
    public async Task HookForAnUnknownDocType_StopsTheStart() =>
        Assert.Contains("Nonesuch", (await Assert.ThrowsAnyAsync<DocTypeException>(() => Archive.StartAsync(service => service.HasPermission("Nonesuch", _ => true)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task HookThatFails_Refuses()
    {
        await using var service = await Archive.StartAsync(service =>
        {
            service.HasPermission("Branch", bool (_) => throw new InvalidOperationException("on purpose"));
            service.PermissionQueryConditions("Branch", IEnumerable<Filter> (_) => throw new InvalidOperationException("on purpose"));
        });
        var manager = service.As("acme", Archive.Boss);
        await service.As("acme", "root", "Administrator").PostAsync("/api/resource/Branch", new { branch_name = "North" });

        Assert.Equal(500, (await manager.GetAsync("/api/resource/Branch/North")).Status);
        Assert.Equal(500, (await manager.GetAsync("/api/resource/Branch")).Status);
        Assert.Equal(500, (await manager.PostAsync("/api/resource/Branch", new { branch_name = "South" })).Status);
    }

    [Fact]
    public async Task CustomRows_StandInForThoseDeclared_InTheirTenantOnly()
    {
        await using var service = await Archive.StartAsync();
        var manager = service.As("acme", Archive.Boss);
        await Archive.FillAsync(manager);
        await Archive.FillAsync(service.As("globex"));
        var clerk = service.As("acme", Archive.Ann, "Clerk");
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(service.As("acme", Archive.Bob, "Auditor")));

        await Isolation.Bank.Created(manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Dossier", role = "Auditor", read = 1, write = 1, if_owner = 0 }));

        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(service.As("acme", Archive.Bob, "Auditor")));
        Assert.Equal(200, (await service.As("acme", Archive.Bob, "Auditor").PutAsync("/api/resource/Dossier/D-1", new { subject = "x" })).Status);
        Assert.Equal(403, (await service.As("acme", Archive.Bob, "Auditor").DeleteAsync("/api/resource/Dossier/D-4")).Status);
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(clerk));
        Assert.Equal("403 PermissionError", await Archive.NamesAsync(service.As("globex", Archive.Bob, "Auditor")));
        Assert.Equal("D-1 D-2 D-3 D-4", await Archive.NamesAsync(service.As("globex", Archive.Ann, "Clerk")));
        Assert.Equal(404, (await manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Nonesuch", role = "Auditor", read = 1 })).Status);
    }
}
