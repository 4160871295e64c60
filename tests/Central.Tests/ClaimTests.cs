using Central.OAuth.Tokens;
using Central.Platform;
using Central.Sessions;
using Microservices.Data;
using Microservices.Documents;
using Microservices.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests;

/// <summary>
/// What is spent once, such as a code, is claimed by one of all who try at the same moment, whichever process they ask: two sites on one
/// database stand for two processes.
/// </summary>
public sealed class ClaimTests : IAsyncLifetime
{
    private const int CallersPerSite = 25;

    private readonly SiteStorage _storage = new();
    private readonly List<TestSite> _sites = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new SiteOptions { Seed = null };
        _sites.Add(await _storage.StartAsync(options));
        _sites.Add(await _storage.StartAsync(options));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task UpdateInATransaction_IsSeenByEveryLaterOne_SoOneCallerWins()
    {
        for (var round = 0; round < 4; round++)
        {
            var name = $"code-{round}";
            var unspent = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            await InsertAsync(new Session { Name = name, UserId = "nobody", LastSeen = unspent, EndsAt = unspent });

            var winners = await RaceAsync(async db =>
            {
                var isMine = false;
                await db.TransactionAsync(
                    async () =>
                    {
                        // What was read before the claim is old by then; the claim itself must not go by it.
                        await db.FindDocAsync<Session>(name, Stop);
                        await db.UpdateAsync<Session>(
                            name,
                            stored =>
                            {
                                isMine = stored.EndsAt == unspent;
                                stored.EndsAt = unspent.AddDays(1);
                            },
                            ignorePermissions: true,
                            Stop);
                    },
                    Stop);
                return isMine;
            });

            Assert.Equal(1, winners);
        }
    }

    [Fact]
    public async Task Delete_TellsOneCallerThatItWasThere()
    {
        for (var round = 0; round < 4; round++)
        {
            var name = $"token-{round}";
            await InsertAsync(new RevokedToken { Name = name });

            Assert.Equal(1, await RaceAsync(db => db.TryDeleteAsync("Revoked Token", name, Stop)));
        }
    }

    [Fact]
    public async Task InsertOfOneName_SucceedsForOneCaller()
    {
        for (var round = 0; round < 4; round++)
        {
            var name = $"assertion-{round}";

            Assert.Equal(1, await RaceAsync(async db =>
            {
                try
                {
                    await db.InsertAsync(new RevokedToken { Name = name }, ignorePermissions: true, Stop);
                    return true;
                }
                catch (DuplicateEntryException)
                {
                    return false;
                }
            }));
        }
    }

    private Task<T> InsertAsync<T>(T document)
        where T : Document =>
        Platform(_sites[0]).RunAsync(db => db.InsertAsync(document, ignorePermissions: true, Stop));

    /// <summary>Lets all callers of both sites go at once, and counts those who were told that it was them.</summary>
    private async Task<int> RaceAsync(Func<TenantDb, Task<bool>> claim)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * CallersPerSite).Select(i => Task.Run(() => Platform(_sites[i % 2]).RunAsync(claim), Stop)));
        return answers.Count(isMine => isMine);
    }

    private static PlatformDatabase Platform(TestSite site) => site.Services.GetRequiredService<PlatformDatabase>();
}
