namespace Microservices.Central.Tests;

public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string Page = "https://app.example";

    private readonly SiteStorage _storage = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task CentralSite_LetsNoOtherOriginRead_WhateverTheSettingOfItsServicesSays()
    {
        await using var site = await _storage.StartAsync(new() { Settings = new Dictionary<string, string> { ["Cors:AllowedOrigins"] = Page, ["TRUSTED_ORIGINS"] = Page } });

        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/login"), (HttpMethod.Get, "/api/resource/User"), (HttpMethod.Options, "/api/resource/User"), (HttpMethod.Options, "/oauth/token")])
        {
            var answer = await site.SendAsync(method, path, null, ("Origin", Page), ("Access-Control-Request-Method", "POST"));

            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }
}
