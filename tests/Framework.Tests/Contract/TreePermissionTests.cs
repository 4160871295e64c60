using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Contract;

/// <summary>A user permission on a node of a tree reaches what is below it, unless it says otherwise.</summary>
public sealed class TreePermissionTests(ContractFixture fixture) : IClassFixture<ContractFixture>
{
    [Theory]
    [InlineData(0, "Delft World", "d1")]
    [InlineData(1, "World", "")]
    public async Task Descendants_AreReachedUnlessHidden(int hide, string makers, string devices)
    {
        var user = $"buyer{hide}@example.com";
        await Isolation.Bank.Created(fixture.Acme.PostAsync("/api/resource/User Permission", new { user, allow = "Maker", for_value = "World", hide_descendants = hide }));
        var buyer = fixture.Service.As("acme", user, "Buyer");

        Assert.Equal(makers, await NamesAsync(buyer, "Maker"));
        Assert.Equal(devices, await NamesAsync(buyer, "Device"));
        Assert.Equal(hide == 0 ? 200 : 403, (await buyer.GetAsync("/api/resource/Maker/Delft")).Status);
        Assert.Equal(403, (await buyer.GetAsync("/api/resource/Maker/Ghent")).Status);
        Assert.Equal(hide == 0 ? 200 : 403, (await buyer.GetAsync("/api/resource/Device/d1")).Status);
        Assert.Equal("Delft Ghent World", await NamesAsync(fixture.Service.As("rival", user, "Buyer"), "Maker"));
    }

    private static async Task<string> NamesAsync(TestCaller caller, string docType) =>
        string.Join(' ', (await caller.GetAsync($"/api/resource/{docType}?order_by=name")).Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
}
