using System.Collections.Concurrent;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>What was acknowledged is there after the product has ended, however it ended.</summary>
public sealed class RestartTests : RunningProduct
{
    private const int Writers = 8;
    private const int AcknowledgedBeforeTheEnd = 40;

    // Whoever has a proxy in the environment reaches this machine's own addresses without it.
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["http_proxy"] = "http://127.0.0.1:9" };

    [Fact]
    public async Task Restart_KeepsDataAndEverythingThatSignsIn()
    {
        var token = await SignIn.TokenAsync(Address, Demo("CLIENT_ID"), Demo("CLIENT_SECRET"));
        using ApiClient bearer = new(Address, "Authorization", $"Bearer {token}");
        using ApiClient browser = new(Address, "Cookie", await SignIn.SessionAsync(Address, Demo("USR"), Demo("PASSWORD")));
        using ApiClient key = new(Address, "Authorization", $"token {Demo("API_KEY")}:{Demo("API_SECRET")}");
        var order = (await bearer.OrderAsync("Stays", "Kept")).Expect(201).Data;
        using var guest = Guest;
        var keys = (await guest.GetAsync("/oauth/jwks")).Expect(200).Text;

        Assert.Equal(0, await StopAsync());
        await StartAsync();

        foreach (var caller in (ApiClient[])[bearer, browser, key])
        {
            var again = (await caller.GetAsync(ApiClient.Resource("Sales Order", order.GetProperty("name").GetString()))).Expect(200).Data;
            Assert.Equal(order.GetRawText(), again.GetRawText());
        }

        Assert.Equal(keys, (await guest.GetAsync("/oauth/jwks")).Expect(200).Text);
        await SignIn.TokenAsync(Address, Demo("CLIENT_ID"), Demo("CLIENT_SECRET"));
        (await SignIn.LoginAsync(Address, Demo("USR"), Demo("PASSWORD"))).Expect(200);
    }

    [Fact]
    public async Task KilledWhileWriting_AcknowledgedOrdersAreThereAndOthersWholeOrAbsent()
    {
        using ApiClient api = new(Address, "Authorization", $"Bearer {await SignIn.TokenAsync(Address, Demo("CLIENT_ID"), Demo("CLIENT_SECRET"))}");
        (await api.OrderAsync("Killed", "Survivor")).Expect(201);
        ConcurrentDictionary<string, string> acknowledged = new();
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteUntilGoneAsync(api, acknowledged))).ToList();
        await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count >= AcknowledgedBeforeTheEnd), () => $"Only {acknowledged.Count} orders were made.");

        await KillAsync();
        await Task.WhenAll(writers);
        await StartAsync();

        var stored = (await api.GetAsync($"{ApiClient.Resource("Sales Order")}?limit=1000")).Expect(200).Rows.Select(row => row.GetProperty("name").GetString()!).ToList();
        Assert.Superset(acknowledged.Keys.ToHashSet(), stored.ToHashSet());
        foreach (var name in stored)
        {
            var order = (await api.GetAsync(ApiClient.Resource("Sales Order", name))).Expect(200).Data;
            Assert.True(!acknowledged.TryGetValue(name, out var answer) || answer == order.GetRawText(), order.GetRawText());
            var items = order.GetProperty("items").EnumerateArray().ToList();
            Assert.Equal(order.GetProperty("grand_total").GetDecimal(), items.Sum(item => item.GetProperty("amount").GetDecimal()));
            Assert.Contains(items.Count, (int[])[1, 3]);
        }

        (await api.OrderAsync("Afterwards", "Business as usual")).Expect(201);
    }

    [Fact]
    public async Task OtherKeyThanTheDatabaseWasEncryptedWith_StopsTheStart()
    {
        Assert.Equal(0, await StopAsync());
        File.Delete(Path.Combine(DataFolder, "central.kek"));

        using var again = Run();

        Assert.NotEqual(0, await again.WaitForEndAsync());
        Assert.Contains("encrypted with another key", Assert.Single(again.Errors), StringComparison.Ordinal);
    }

    private static async Task WriteUntilGoneAsync(ApiClient api, ConcurrentDictionary<string, string> acknowledged)
    {
        var items = Enumerable.Range(1, 3).Select(i => new { item_code = "Survivor", qty = i, rate = 1.5m }).ToArray();
        try
        {
            while (true)
            {
                var order = (await api.PostAsync(ApiClient.Resource("Sales Order"), new { customer = "Killed", items })).Expect(201).Data;
                acknowledged[order.GetProperty("name").GetString()!] = order.GetRawText();
            }
        }
        catch (HttpRequestException)
        {
            // The product is gone.
        }
    }
}
