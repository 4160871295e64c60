using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Security;

public sealed class ServiceTokenProviderTests
{
    [Fact]
    public async Task Token_IsFetchedOnceForEachResource()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();

        string[] tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => GetAsync(harness))));
        string other = await GetAsync(harness, "https://billing.example");

        Assert.Equal("token-1", Assert.Single(tokens.Distinct()));
        Assert.Equal("token-2", other);
        Assert.Equal(["grant_type=client_credentials", "grant_type=client_credentials&resource=https%3A%2F%2Fbilling.example"], harness.Central.TokenForms);
        Assert.Equal(2, harness.Central.TokenRequests);
    }

    [Fact]
    public async Task Token_IsRenewedBeforeItEnds()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await GetAsync(harness);
        harness.Time.Advance(TimeSpan.FromSeconds(539));
        Assert.Equal("token-1", await GetAsync(harness));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("token-2", await GetAsync(harness));
    }

    [Fact]
    public async Task Outage_UsesTheOldTokenToItsEnd_ThenIs503()
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        await GetAsync(harness);
        await harness.Central.StopAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal("token-1", await GetAsync(harness));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => GetAsync(harness));

        await harness.Central.StartAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("token-2", await GetAsync(harness));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""")]
    [InlineData(200, "")]
    [InlineData(200, """{"access_token":"","token_type":"Bearer","expires_in":600}""")]
    [InlineData(200, """{"access_token":"t","token_type":"mac","expires_in":600}""")]
    [InlineData(200, """{"access_token":"t","token_type":"Bearer","expires_in":"600"}""")]
    [InlineData(200, """{"access_token":"t","token_type":"Bearer","expires_in":0}""")]
    [InlineData(200, """{"access_token":"t","token_type":"Bearer"}""")]
    public async Task BadAnswer_Is503_AndBacksOff(int status, string body)
    {
        await using AuthenticationHarness harness = await AuthenticationHarness.StartNewAsync();
        harness.Central.Token = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        };

        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => GetAsync(harness));
        await Assert.ThrowsAsync<AuthServiceUnavailableException>(() => GetAsync(harness));
        Assert.Equal(1, harness.Central.TokenRequests);
    }

    private static Task<string> GetAsync(AuthenticationHarness harness, string? resource = null) =>
        harness.Tokens.GetTokenAsync(resource, TestContext.Current.CancellationToken).AsTask();
}
