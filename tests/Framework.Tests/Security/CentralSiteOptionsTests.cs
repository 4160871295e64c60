using Microservices.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microservices.Framework.Tests.Security;

public sealed class CentralSiteOptionsTests
{
    [Fact]
    public void Address_IsEnough_AndTheRestHasDefaults()
    {
        CentralSiteOptions options = Read(("CENTRAL_SITE_URL", "https://site.example/"), ("AUTH_CACHE_S", " "));

        Assert.Equal("https://site.example", options.Issuer);
        Assert.True(options.AcceptSiteAudience);
        Assert.Equal((30, 5, 2, 30, 30, 60), (options.ActiveCacheDuration.TotalSeconds, options.RefusedCacheDuration.TotalSeconds, options.Timeout.TotalSeconds,
            options.KeyRefreshInterval.TotalSeconds, options.ClockSkew.TotalSeconds, options.TokenCacheDuration.TotalSeconds));
        Assert.Null(options.ClientId);
        Assert.Empty(options.TrustedOrigins);
        Assert.True(options.AcceptOpaqueCredentials);
        Assert.Equal(["ES256"], options.TokenAlgorithms);
        Assert.Equal(["at+jwt"], options.TokenTypes);
        Assert.Empty(options.TokenClaims);
    }

    [Fact]
    public void EverySetting_IsRead()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "s3cret\n");
        try
        {
            CentralSiteOptions options = Read(
                ("CENTRAL_SITE_URL", "http://central:8080"), ("CENTRAL_SITE_ALLOW_HTTP", "true"), ("CENTRAL_SITE_ISSUER", "https://site.example"),
                ("SERVICE_AUDIENCE", "https://orders.example"), ("ACCEPT_SITE_AUDIENCE", "False"), ("CENTRAL_SITE_CLIENT_ID", "orders"),
                ("CENTRAL_SITE_CLIENT_SECRET_FILE", file), ("AUTH_CACHE_S", "10"), ("AUTH_NEGATIVE_CACHE_S", "0"), ("CENTRAL_SITE_TIMEOUT", "1.5"),
                ("JWKS_MIN_REFRESH_S", "1"), ("AUTH_CLOCK_SKEW_S", "5"), ("AUTH_TOKEN_CACHE_S", "20"), ("AUTH_CACHE_SIZE", "100"),
                ("TRUSTED_ORIGINS", "https://app.example, http://localhost:3000"), ("ACCEPT_OPAQUE_CREDENTIALS", "false"), ("TOKEN_ALGORITHMS", "ES256, RS256"),
                ("TOKEN_TYPES", "at+jwt JWT"), ("TOKEN_CLAIMS", "tenant=tid, roles=realm_access.roles"));

            Assert.Equal(("https://site.example", "https://orders.example", false, "orders", "s3cret"),
                (options.Issuer, options.Audience, options.AcceptSiteAudience, options.ClientId, options.ClientSecret));
            Assert.Equal((10, 0, 1.5, 1, 5, 20, 100), (options.ActiveCacheDuration.TotalSeconds, options.RefusedCacheDuration.TotalSeconds, options.Timeout.TotalSeconds,
                options.KeyRefreshInterval.TotalSeconds, options.ClockSkew.TotalSeconds, options.TokenCacheDuration.TotalSeconds, options.CacheSize));
            Assert.Equal(["https://app.example", "http://localhost:3000"], options.TrustedOrigins);
            Assert.False(options.AcceptOpaqueCredentials);
            Assert.Equal(["ES256", "RS256"], options.TokenAlgorithms);
            Assert.Equal(["at+jwt", "JWT"], options.TokenTypes);
            Assert.Equal(new Dictionary<string, string> { ["tenant"] = "tid", ["roles"] = "realm_access.roles" }, options.TokenClaims);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("CENTRAL_SITE_URL", "")]
    [InlineData("CENTRAL_SITE_URL", "site.example")]
    [InlineData("CENTRAL_SITE_URL", "ftp://site.example")]
    [InlineData("CENTRAL_SITE_URL", "http://site.example")]
    [InlineData("CENTRAL_SITE_URL", "https://user:pass@site.example")]
    [InlineData("CENTRAL_SITE_URL", "https://site.example/?a=1")]
    [InlineData("CENTRAL_SITE_ISSUER", "site")]
    [InlineData("CENTRAL_SITE_ISSUER", "http://site.example")]
    [InlineData("CENTRAL_SITE_ALLOW_HTTP", "yes")]
    [InlineData("ACCEPT_SITE_AUDIENCE", "maybe")]
    [InlineData("ACCEPT_SITE_AUDIENCE", "false")]
    [InlineData("CENTRAL_SITE_CLIENT_ID", "orders")]
    [InlineData("CENTRAL_SITE_CLIENT_SECRET", "s3cret")]
    [InlineData("CENTRAL_SITE_CLIENT_SECRET_FILE", "/nowhere/secret")]
    [InlineData("AUTH_CACHE_S", "61")]
    [InlineData("AUTH_CACHE_S", "-1")]
    [InlineData("AUTH_CACHE_S", "NaN")]
    [InlineData("AUTH_CACHE_S", "30s")]
    [InlineData("AUTH_NEGATIVE_CACHE_S", "61")]
    [InlineData("CENTRAL_SITE_TIMEOUT", "0")]
    [InlineData("CENTRAL_SITE_TIMEOUT", "99999999999999999999")]
    [InlineData("JWKS_MIN_REFRESH_S", "0")]
    [InlineData("AUTH_CLOCK_SKEW_S", "61")]
    [InlineData("AUTH_TOKEN_CACHE_S", "601")]
    [InlineData("AUTH_CACHE_SIZE", "1")]
    [InlineData("AUTH_CACHE_SIZE", "many")]
    [InlineData("TRUSTED_ORIGINS", "*")]
    [InlineData("TRUSTED_PROXIES", "gateway")]
    [InlineData("TRUSTED_ORIGINS", "null")]
    [InlineData("TRUSTED_ORIGINS", "https://app.example/")]
    [InlineData("TRUSTED_ORIGINS", "https://App.example")]
    [InlineData("ACCEPT_OPAQUE_CREDENTIALS", "no")]
    [InlineData("TOKEN_ALGORITHMS", "HS256")]
    [InlineData("TOKEN_ALGORITHMS", "none")]
    [InlineData("TOKEN_ALGORITHMS", "ES256,none")]
    [InlineData("TOKEN_ALGORITHMS", "es256")]
    [InlineData("TOKEN_ALGORITHMS", ",")]
    [InlineData("TOKEN_TYPES", "*")]
    [InlineData("TOKEN_TYPES", "at+jwt id_token+jwt")]
    [InlineData("TOKEN_TYPES", ",")]
    [InlineData("TOKEN_CLAIMS", "tenant")]
    [InlineData("TOKEN_CLAIMS", "tenant=")]
    [InlineData("TOKEN_CLAIMS", "=tid")]
    [InlineData("TOKEN_CLAIMS", "tenant=tid tenant=org")]
    [InlineData("TOKEN_CLAIMS", "iss=issuer")]
    [InlineData("TOKEN_CLAIMS", "aud=resource")]
    [InlineData("TOKEN_CLAIMS", "exp=end")]
    public void WrongSetting_IsNamed(string name, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(("CENTRAL_SITE_URL", "https://site.example"), (name, value)));
        Assert.Contains(name, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralWrongSettings_AreNamedTogether()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(("AUTH_CACHE_S", "x"), ("AUTH_CLOCK_SKEW_S", "90")));
        Assert.Equal(3, failure.Failures.Count());
    }

    private static CentralSiteOptions Read(params (string Name, string Value)[] settings)
    {
        Dictionary<string, string?> values = [];
        foreach ((string name, string value) in settings)
        {
            values[name] = value;
        }

        return CentralSiteOptions.FromConfiguration(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
