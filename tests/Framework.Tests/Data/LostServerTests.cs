using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Data;

/// <summary>A server that closes its connections, as one that was restarted has: requests fail with 503 and the service heals by itself.</summary>
public sealed class LostServerTests : IAsyncLifetime
{
    private const int Sessions = 3;

    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(Shop.Describe, settings =>
        {
            settings["Database:MaxSessions"] = $"{Sessions}";
            settings["Database:SessionTimeout"] = "00:00:02";
        });
        _caller = _service.As("acme");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task LostConnections_Answer503WithRetryAfter_AndLeaveNoPlaceOccupied()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite has no server.");
        // More often than there are places: one that is lost each time would be missed in the end.
        for (var i = 0; i <= Sessions; i++)
        {
            Assert.Equal(201, (await _caller.PostAsync("/api/resource/Item", new { item_code = $"before {i}" })).Status);
            await _service.Database.LoseConnectionsAsync();

            var answer = await _caller.PostAsync("/api/resource/Item", new { item_code = $"during {i}" });

            Assert.Equal(503, answer.Status);
            Assert.Equal("DatabaseUnavailable", answer.ErrorType);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(0, await _service.Database.ScalarAsync<int>("select count(*) from `tabItem` where name like 'during%'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // takes one over that was for reading
    public async Task LostConnections_CostOneRequest_HoweverManyWereIdle(bool write)
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite has no server.");
        while (await _service.Database.CountConnectionsAsync() < Sessions)
        {
            await Task.WhenAll(Enumerable.Range(0, 4 * Sessions).Select(_ => _caller.GetAsync("/api/resource/Item")));
        }

        await _service.Database.LoseConnectionsAsync();

        Assert.Equal(503, (write ? await _caller.PostAsync("/api/resource/Item", new { item_code = "lost" }) : await _caller.GetAsync("/api/resource/Item")).Status);
        for (var i = 0; i < Sessions; i++)
        {
            Assert.Equal(200, (await _caller.GetAsync("/api/resource/Item")).Status);
        }
    }
}
