#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Collections.Concurrent;
using System.Globalization;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>
/// The service is killed in the middle of many writes: what it acknowledged is there afterwards with all that belongs to it, and of
/// everything else there is all or nothing.
/// </summary>
public sealed class KilledProcessTests
{
    private const string Parcels = "/api/resource/Parcel";
    private const int Kills = 3;
    private const int Writers = 8;
    private const int WritesBeforeTheKill = 80;
    private const int Rows = 5;

    [Fact]
    public async Task KilledDuringWrites_KeepsWhatWasAcknowledgedAndNoHalves()
    {
        await using var central = await CentralSiteServer.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync();
        var created = new ConcurrentDictionary<string, string>();
        var updated = new ConcurrentDictionary<string, int>();
        var deleted = new ConcurrentBag<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var service = await ServiceProcess.StartAsync(central, database);
            var (caller, writes) = (service.As("acme"), 0);
            var enough = new TaskCompletionSource();
            var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                try
                {
                    for (var i = 0; ; i++)
                    {
                        await WriteAsync(caller, $"{kill}-{writer}-{i}", created, updated, deleted);
                        if (Interlocked.Increment(ref writes) == WritesBeforeTheKill)
                        {
                            enough.SetResult();
                        }
                    }
                }
                catch (HttpRequestException)
                {
                    // the service is gone
                }
            })).ToList();

            await Task.WhenAny(enough.Task, Task.WhenAll(writers));
            Assert.True(enough.Task.IsCompleted, "The writers ended before the kill.");
            await service.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var last = await ServiceProcess.StartAsync(central, database);
        var reader = last.As("acme");
        foreach (var (name, receiver) in created)
        {
            var parcel = await reader.GetAsync($"{Parcels}/{name}");
            Assert.True(parcel.Status == 200, $"{name} was acknowledged: {parcel.Text}");
            Assert.Equal(receiver, parcel.Data.GetProperty("receiver").GetString());
            Assert.Equal(Enumerable.Range(0, Rows).Select(row => $"{receiver} {row}"), parcel.Data.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("what").GetString()!));
            // One update more may have been committed and not yet acknowledged.
            var progress = parcel.Data.TryGetProperty("progress", out var text) ? int.Parse(text.GetString()!, CultureInfo.InvariantCulture) : -1;
            Assert.InRange(progress, updated[name], updated[name] + 1);
        }

        // Their numbers may have been given again, to others.
        var receivers = (await reader.GetAsync($"{Parcels}?fields=receiver&limit=0")).Data.EnumerateArray().Select(row => row.GetProperty("receiver").GetString()!).ToHashSet();
        Assert.Empty(deleted.Intersect(receivers));

        // Whole or absent: no parcel without its rows and its hooks' lines, and no row or line of nothing.
        Assert.Equal(0, await database.ScalarAsync<int>($"select count(*) from `tabParcel` p where (select count(*) from `tabParcel Item` i where i.`parent`=p.`name`) <> {Rows}"));
        Assert.Equal(0, await database.ScalarAsync<int>("select count(*) from `tabParcel Item` i where not exists (select 1 from `tabParcel` p where p.`name`=i.`parent`)"));
        var line = TestDatabase.IsMariaDb ? "concat('AfterInsert ', p.`name`)" : "'AfterInsert ' || p.`name`";
        Assert.Equal(0, await database.ScalarAsync<int>($"select count(*) from `tabParcel` p where not exists (select 1 from `tabTrace` t where t.`line`={line})"));
        Assert.Equal(0, await database.ScalarAsync<int>("select (select count(*) from `tabTrace` where `line` like 'AfterInsert %') - (select count(*) from `tabTrace` where `line` like 'BeforeInsert %')"));
        Assert.Equal(
            await database.ScalarAsync<int>("select count(*) from `tabTrace`"),
            await database.ScalarAsync<int>("select `current` from `tabSeries` where `name` like 'TR-%'"));

        // Numbers go on where they ended.
        var next = await Isolation.Bank.Created(reader.PostAsync(Parcels, new { receiver = "after" }));
        Assert.DoesNotContain(next.Data.GetProperty("name").GetString()!, created.Keys);
    }

    /// <summary>Creates a parcel and changes it; every tenth one is deleted again. What is acknowledged is noted.</summary>
    private static async Task WriteAsync(TestCaller caller, string receiver, ConcurrentDictionary<string, string> created, ConcurrentDictionary<string, int> updated, ConcurrentBag<string> deleted)
    {
        var answer = await Isolation.Bank.Created(caller.PostAsync(Parcels, new { receiver, items = Enumerable.Range(0, Rows).Select(row => new { what = $"{receiver} {row}" }) }));
        var name = answer.Data.GetProperty("name").GetString()!;
        if (receiver.EndsWith('3'))
        {
            // The DocType's own handler refuses to delete names that end with 13.
            if ((await caller.DeleteAsync($"{Parcels}/{name}")).Status == 200)
            {
                deleted.Add(receiver);
            }

            return;
        }

        (created[name], updated[name]) = (receiver, -1);
        for (var progress = 0; progress < 2; progress++)
        {
            var change = await caller.PutAsync($"{Parcels}/{name}", new { progress = $"{progress}" });
            Assert.True(change.Status == 200, change.Text);
            updated[name] = progress;
        }
    }
}
