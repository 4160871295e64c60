using System.Globalization;
using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Requests of several tenants at the same time, on few sessions: every row of every answer is looked at.</summary>
public sealed class ParallelTenantsTests
{
    private const int Tenants = 5;
    private const int Rounds = 40;

    [Fact]
    public async Task HundredsOfRequestsAtOnce_NeverMix()
    {
        await using var service = await TestService.StartAsync(Bank.Describe, settings => settings["Database:MaxSessions"] = "4");
        TestCaller[] callers = [.. Enumerable.Range(0, Tenants).Select(tenant => service.As($"tenant-{tenant}", $"user-{tenant}"))];
        foreach (var (caller, tenant) in callers.Select((caller, tenant) => (caller, tenant)))
        {
            await Bank.Created(caller.PostAsync("/api/resource/Account", new { title = "Same", secret = $"tenant-{tenant}", balance = tenant, lines = new[] { new { note = $"tenant-{tenant}" } } }));
        }

        await Task.WhenAll(callers.SelectMany((caller, tenant) => Enumerable.Range(0, Rounds).Select(round => Task.Run(() => WorkAsync(caller, tenant, round)))));

        foreach (var (caller, tenant) in callers.Select((caller, tenant) => (caller, tenant)))
        {
            var all = (await caller.GetAsync("/api/resource/Account?fields=*&limit=0")).Data;
            Assert.Equal(Rounds + 1, all.GetArrayLength());
            Assert.All(all.EnumerateArray(), row => Check(row, tenant));
            var tickets = (await caller.GetAsync("/api/resource/Ticket?limit=0&order_by=name")).Data;
            Assert.Equal(Enumerable.Range(1, Rounds).Select(n => $"T-{n:D5}"), tickets.EnumerateArray().Select(row => row.GetProperty("name").GetString()!));
        }

        Assert.Equal(Tenants * (Rounds + 1), await service.Database.ScalarAsync<int>("select count(*) from `tabAccount` where `secret`=`tenant_id`"));
        Assert.Equal(0, await service.Database.ScalarAsync<int>("select count(*) from `tabAccount Line` where `note`<>`tenant_id`"));
    }

    private static async Task WorkAsync(TestCaller caller, int tenant, int round)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"Round {round}");
        var mine = $"tenant-{tenant}";
        var created = await Bank.Created(caller.PostAsync("/api/resource/Account", new { title, secret = mine, balance = tenant, lines = new[] { new { note = mine }, new { note = mine } } }));
        Check(created.Data, tenant);
        await Bank.Created(caller.PostAsync("/api/resource/Ticket", new { subject = mine }));

        Check((await caller.GetAsync("/api/resource/Account/Same")).Data, tenant);
        Check((await caller.GetAsync($"/api/resource/Account/{title}")).Data, tenant);
        var updated = await caller.PutAsync($"/api/resource/Account/{title}", new { peer = "Same" });
        Assert.True(updated.Status == 200, updated.Text);
        Check(updated.Data, tenant);

        var list = (await caller.GetAsync("/api/resource/Account?fields=[\"name\",\"owner\",\"secret\",\"balance\"]&limit=0")).Data;
        Assert.True(list.GetArrayLength() > 1);
        Assert.All(list.EnumerateArray(), row => Check(row, tenant));
        var sums = (await caller.GetAsync("""/api/resource/Account?fields=["secret","min(balance) as low","max(balance) as high","sum(balance) as s","count(name) as n"]&group_by=secret""")).Data;
        var group = Assert.Single(sums.EnumerateArray());
        Assert.Equal(mine, group.GetProperty("secret").GetString());
        Assert.Equal(group.GetProperty("n").GetInt32() * tenant, group.GetProperty("s").GetDecimal());
        Assert.Equal(tenant, group.GetProperty("low").GetDecimal());
        Assert.Equal(tenant, group.GetProperty("high").GetDecimal());
        Assert.InRange((await caller.GetAsync("/accounts/count")).Json.GetProperty("count").GetInt32(), 2, Rounds + 1);
        Assert.Equal(mine, (await caller.GetAsync("/api/method/auth.whoami")).Json.GetProperty("message").GetProperty("tenant").GetString());
        Assert.Equal(404, (await caller.GetAsync($"/api/resource/Account/nobody's {tenant}")).Status);
    }

    private static void Check(JsonElement document, int tenant)
    {
        Assert.Equal($"tenant-{tenant}", document.GetProperty("secret").GetString());
        Assert.Equal($"user-{tenant}", document.GetProperty("owner").GetString());
        Assert.Equal(tenant, document.GetProperty("balance").GetDecimal());
        if (document.TryGetProperty("lines", out var lines))
        {
            Assert.All(lines.EnumerateArray(), line => Assert.Equal($"tenant-{tenant}", line.GetProperty("note").GetString()));
        }
    }
}
