using Central.OAuth.Authorization;

namespace Microservices.Central.Tests.OAuth;

public sealed class PkceTests
{
    // RFC 7636 appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public void VectorOfTheRfc_Verifies() => Assert.True(Pkce.Verify(Verifier, Challenge));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Challenge)] // plain
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]
    [InlineData(Verifier + "=")]
    [InlineData(Verifier + " ")]
    public void OtherVerifier_DoesNot(string? verifier) => Assert.False(Pkce.Verify(verifier, Challenge));

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Length_Is43To128(int length, bool isWellFormed) => Assert.Equal(isWellFormed, Pkce.IsWellFormed(new string('~', length)));

    [Fact]
    public async Task VectorOfTheRfc_GoesTheWholeWay()
    {
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync(new SiteOptions { Seed = TestSeed.Of("alice") });
        var flow = new CodeFlow(site) { Verifier = Verifier };

        Assert.Contains("code_challenge=" + Challenge, flow.Address(), StringComparison.Ordinal);
        await flow.TokensAsync("alice");
    }
}
