namespace Microservices.Central.Tests.Support;

/// <summary>One seeded site for the tests of a class, on a database of its own.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();

    public TestSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await _storage.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
