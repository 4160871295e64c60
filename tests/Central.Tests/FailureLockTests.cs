using Central.Limits;
using Central.Platform;
using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests;

/// <summary>The steps of a lock that doors with several steps need, and what happens when the database gives up.</summary>
public sealed class FailureLockTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = null });

    public async ValueTask DisposeAsync()
    {
        await _site!.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task AttemptGivenBack_CountsNot_AndOpensTheLockItCaused()
    {
        var attempts = New(maxFailures: 3);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await attempts.TakeAsync("key", Stop));
            await attempts.GiveBackAsync("key", Stop);
        }

        await attempts.TakeAsync("key", Stop);
        await attempts.TakeAsync("key", Stop);
        Assert.True(await attempts.TakeAsync("key", Stop));
        await Assert.ThrowsAsync<TooManyRequestsException>(() => attempts.TakeAsync("key", Stop));
        await attempts.GiveBackAsync("key", Stop);

        Assert.True(await attempts.TakeAsync("key", Stop));
        Assert.Equal(TimeSpan.FromSeconds(60), (await Assert.ThrowsAsync<TooManyRequestsException>(() => attempts.TakeAsync("key", Stop))).RetryAfter);
    }

    [Fact]
    public async Task GivingBackWhatWasCleared_ChangesNothing()
    {
        var attempts = New(maxFailures: 2);
        await attempts.TakeAsync("key", Stop);
        await attempts.ClearAsync("key", Stop);

        await attempts.GiveBackAsync("key", Stop);
        await attempts.ClearAsync("key", Stop);

        Assert.False(await attempts.TakeAsync("key", Stop));
        Assert.True(await attempts.TakeAsync("key", Stop));
    }

    [Fact]
    public async Task KindsAndKeys_DoNotMeet()
    {
        await New(maxFailures: 1, "one").TakeAsync("key", Stop);

        Assert.False(await New(maxFailures: 1, "two").ThrowIfLockedAsync("key", Stop));
        Assert.False(await New(maxFailures: 1, "one").ThrowIfLockedAsync("KEY", Stop));
        await Assert.ThrowsAsync<TooManyRequestsException>(() => New(maxFailures: 1, "one").ThrowIfLockedAsync("key", Stop));
    }

    [Fact]
    public async Task WhatTheDatabaseGaveUp_IsTriedAgain_ButNotForEver()
    {
        var calls = 0;
        Task<int> FailAsync(int times) => ++calls <= times ? throw new DatabaseException(new DatabaseFault(FaultKind.Busy), new TimeoutException()) : Task.FromResult(calls);

        Assert.Equal(3, await BusyRetry.RunAsync(() => FailAsync(2)));

        calls = 0;
        await Assert.ThrowsAsync<DatabaseException>(() => BusyRetry.RunAsync(() => FailAsync(100)));
        Assert.Equal(3, calls);
    }

    private FailureLock New(int maxFailures, string kind = "test") =>
        new(kind, maxFailures, TimeSpan.FromSeconds(60), doubles: true, _site!.Services.GetRequiredService<PlatformDatabase>(), _clock);
}
