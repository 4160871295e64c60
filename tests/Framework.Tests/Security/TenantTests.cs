using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

public sealed class TenantTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("acme")]
    [InlineData("acme-2.eu_west")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void AllowedId_IsKeptAsItIs(string id)
    {
        Assert.Equal(id, new Tenant(id).Id);
        Assert.Equal(id, new Tenant(id).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" acme")]
    [InlineData("acme ")]
    [InlineData("ACME")]
    [InlineData("acme'--")]
    [InlineData("acme/other")]
    [InlineData("acme\\other")]
    [InlineData("acme%")]
    [InlineData("acme\0")]
    [InlineData("acme\n")]
    [InlineData("аcme")]
    [InlineData("äcme")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void AnyOtherId_IsRefused(string? id)
    {
        Assert.False(Tenant.IsValid(id));
        Assert.Throws<ArgumentException>(() => new Tenant(id!));
    }

    [Fact]
    public void TenantsOfOneId_AreEqual()
    {
        Assert.Equal(new Tenant("acme"), new Tenant("acme"));
        Assert.NotEqual(new Tenant("acme"), new Tenant("acme2"));
    }
}
