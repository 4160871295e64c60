using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Data;

/// <summary>Counts that all replicas of a service share, and rows that go when their time is over.</summary>
public sealed class CounterTests : IAsyncLifetime
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _clock = new();
    private TestService? _service;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestService Service => _service!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(Describe);

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    [Fact]
    public async Task CallersOfTwoReplicas_AreCountedOneByOne()
    {
        await using var replica = await Service.StartReplicaAsync(Describe);

        var tallies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => CountAsync(i % 2 == 0 ? Service : replica, "acme", "key"), Stop)));

        Assert.Equal(Enumerable.Range(1, 60), tallies.Select(tally => (int)tally.Count).Order());
        Assert.Equal(new DateTime(2030, 1, 1, 12, 1, 0, DateTimeKind.Utc), Assert.Single(tallies.Select(tally => tally.Until).Distinct()));
    }

    [Fact]
    public async Task CountAfterItsWindow_BeginsAnew()
    {
        await CountAsync(Service, "acme", "key");
        _clock.Advance(s_window - TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await CountAsync(Service, "acme", "key")).Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        var anew = await CountAsync(Service, "acme", "key");

        Assert.Equal((1, _clock.GetUtcNow().UtcDateTime + s_window), ((int)anew.Count, anew.Until));
        Assert.Equal(2, (await CountAsync(Service, "acme", "key")).Count);
    }

    [Fact]
    public async Task OtherKeyAndOtherTenant_HaveTheirOwnCount()
    {
        await CountAsync(Service, "acme", "key");

        Assert.Equal(1, (await CountAsync(Service, "acme", "other")).Count);
        Assert.Equal(1, (await CountAsync(Service, "globex", "key")).Count);
        Assert.Equal(2, (await CountAsync(Service, "acme", "key")).Count);
    }

    [Fact]
    public async Task Count_IsOneRoundTrip()
    {
        await CountAsync(Service, "acme", "key");
        var pool = Service.Services.GetRequiredService<Microservices.Data.Sessions.SessionPool>();
        var before = pool.Statements;

        await CountAsync(Service, "acme", "key");

        Assert.Equal(1, pool.Statements - before);
    }

    [Fact]
    public async Task CountInATransactionThatFails_IsUndone()
    {
        await CountAsync(Service, "acme", "key");
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Service, "acme", db => db.TransactionAsync(
            async () =>
            {
                Assert.Equal(2, (await db.CountOneAsync("Visit", "key", s_window, Stop)).Count);
                throw new InvalidOperationException("On purpose.");
            },
            Stop)));

        Assert.Equal(2, (await CountAsync(Service, "acme", "key")).Count);
    }

    [Fact]
    public async Task RowsWhoseTimeIsOver_AreDeletedInOneTenantAlone()
    {
        await CountAsync(Service, "acme", "old");
        await CountAsync(Service, "globex", "old");
        _clock.Advance(s_window);
        await CountAsync(Service, "acme", "new");
        _clock.Advance(TimeSpan.FromSeconds(1));

        var deleted = 0;
        await RunAsync(Service, "acme", async db => deleted = await db.DeleteBeforeAsync("Visit", "until", db.Now, Stop));

        Assert.Equal(1, deleted);
        Assert.Equal(["new", "old"], (await Service.SqlAsync("select name from `tabVisit` order by name")).Order());
        await RunAsync(Service, "globex", async db => Assert.True(await db.ExistsAsync("Visit", "old", Stop)));
    }

    [Fact]
    public async Task ManyRows_AreDeletedInPieces()
    {
        await RunAsync(Service, "acme", db => db.TransactionAsync(
            async () =>
            {
                for (var i = 0; i < 2_500; i++)
                {
                    await db.CountOneAsync("Visit", $"v{i}", s_window, Stop);
                }
            },
            Stop));
        _clock.Advance(s_window + TimeSpan.FromSeconds(1));
        var pool = Service.Services.GetRequiredService<Microservices.Data.Sessions.SessionPool>();
        var before = pool.Statements;

        var deleted = 0;
        await RunAsync(Service, "acme", async db => deleted = await db.DeleteBeforeAsync("Visit", "until", db.Now, Stop));

        Assert.Equal(2_500, deleted);
        // three times delete and commit; SQLite is told that a transaction begins
        Assert.Equal(TestDatabase.IsMariaDb ? 6 : 9, pool.Statements - before);
    }

    private static async Task<Tally> CountAsync(TestService service, string tenant, string name)
    {
        var tally = default(Tally);
        await RunAsync(service, tenant, async db => tally = await db.CountOneAsync("Visit", name, s_window, Stop));
        return tally;
    }

    private static async Task RunAsync(TestService service, string tenant, Func<TenantDb, Task> work)
    {
        await using var scope = service.Services.CreateTenantScope(new Tenant(tenant));
        await work(scope.ServiceProvider.GetRequiredService<TenantDb>());
    }

    private void Describe(Microservice service)
    {
        service.RegisterDocType<Visit>();
        service.Services.AddSingleton<TimeProvider>(_clock);
    }

    [DocType(Naming = "prompt")]
    public sealed class Visit : Document
    {
        public int Count { get; set; }

        [Field(Index = true)]
        public DateTime Until { get; set; }
    }
}
