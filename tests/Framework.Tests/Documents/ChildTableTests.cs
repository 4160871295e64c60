using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Child tables of a thousand rows: inserted, changed, moved and removed, each row keeping its name.</summary>
public sealed class ChildTableTests(JourneyService journeys) : IClassFixture<JourneyService>
{
    private const int Count = 1000;
    private readonly TestCaller _caller = journeys.NewTenant();

    [Fact]
    public async Task ThousandRows_AreInsertedChangedMovedAndRemoved()
    {
        await CreateAsync(Count);
        var rows = await ReadAsync();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"place {i}"), rows.Select(Place));
        Assert.Equal(Enumerable.Range(1, Count), rows.Select(row => (int)row["idx"]!));
        Assert.Equal(Count, rows.Select(Name).Distinct(StringComparer.Ordinal).Count());

        // One changed: only its stamp moves.
        var modified = rows.ToDictionary(Name, row => (string)row["modified"]!);
        rows[500]["nights"] = 7;
        await StoreAsync(rows);
        var after = await ReadAsync();
        Assert.Equal(rows.Select(Name), after.Select(Name));
        Assert.Equal(rows[500]["name"]!.GetValue<string>(), Assert.Single(after, row => (string)row["modified"]! != modified[Name(row)])["name"]!.GetValue<string>());

        // Turned around.
        rows = [.. Enumerable.Reverse(after)];
        await StoreAsync(rows);
        after = await ReadAsync();
        Assert.Equal(rows.Select(Name), after.Select(Name));
        Assert.Equal(Enumerable.Range(1, Count), after.Select(row => (int)row["idx"]!));

        // Every second one gone, a new one at each end.
        rows = [New("first"), .. after.Where((_, i) => i % 2 == 0), New("last")];
        await StoreAsync(rows);
        after = await ReadAsync();
        Assert.Equal(rows.Select(Place), after.Select(Place));
        Assert.Equal(rows.Skip(1).SkipLast(1).Select(Name), after.Skip(1).SkipLast(1).Select(Name));
        Assert.Equal(Enumerable.Range(1, (Count / 2) + 2), after.Select(row => (int)row["idx"]!));

        // All gone.
        Assert.Equal(200, (await _caller.PutAsync($"{JourneyService.Path}/J-001", new { stops = (object?)null })).Status);
        Assert.Empty(await ReadAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(333)]
    public async Task RowsOfAnyNumber_ComeBackAsTheyWere(int count)
    {
        await CreateAsync(count);

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"place {i}"), (await ReadAsync()).Select(Place));
        Assert.Equal(202, (await _caller.DeleteAsync($"{JourneyService.Path}/J-001")).Status);
        Assert.Equal(404, (await _caller.GetAsync($"{JourneyService.Path}/J-001")).Status);
    }

    [Fact]
    public async Task BadRowAmongMany_IsNamedByItsNumber()
    {
        var answer = await _caller.PostAsync(JourneyService.Path, new { goal = "g", stops = Enumerable.Range(1, Count).Select(i => new { place = i == 777 ? "" : "p" }) });
        Assert.Equal("MandatoryError", answer.ErrorType);
        Assert.Contains("row 777", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FieldThatIsNotSent_IsEmptiedInItsRow()
    {
        await _caller.PostAsync(JourneyService.Path, new { goal = "g", stops = new[] { new { place = "a", nights = 3 } } });
        var row = (await ReadAsync())[0];

        Assert.Equal(200, (await _caller.PutAsync($"{JourneyService.Path}/J-001", new { stops = new[] { new { name = Name(row), place = "b" } } })).Status);

        var after = Assert.Single(await ReadAsync());
        Assert.Equal((Name(row), "b", 0), (Name(after), Place(after), (int)after["nights"]!));
        // The table itself is kept when it is not sent.
        Assert.Equal(200, (await _caller.PutAsync($"{JourneyService.Path}/J-001", new { goal = "h" })).Status);
        Assert.Single(await ReadAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("[{\"place\":{}}]")]
    [InlineData("[{\"place\":\"p\",\"nights\":\"many\"}]")]
    public async Task WhatIsNoListOfRows_IsRefused(string stops)
    {
        var answer = await _caller.PostAsync(JourneyService.Path, JsonDocument.Parse($$"""{"goal":"g","stops":{{stops}}}""").RootElement);

        Assert.True(answer.Status == 417, answer.Text);
    }

    private static JsonObject New(string place) => new() { ["place"] = place };

    private static string Name(JsonNode row) => (string)row["name"]!;

    private static string Place(JsonNode row) => (string)row["place"]!;

    private async Task CreateAsync(int count) =>
        await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g", stops = Enumerable.Range(0, count).Select(i => new { place = $"place {i}" }) }));

    private async Task<List<JsonNode>> ReadAsync() =>
        [.. JsonNode.Parse((await _caller.GetAsync($"{JourneyService.Path}/J-001")).Text)!["data"]!["stops"]!.AsArray().Select(row => row!.DeepClone())];

    private async Task StoreAsync(IEnumerable<JsonNode> rows)
    {
        var answer = await _caller.PutAsync($"{JourneyService.Path}/J-001", new JsonObject { ["stops"] = new JsonArray([.. rows.Select(row => row.DeepClone())]) });
        Assert.True(answer.Status == 200, answer.Text);
    }
}
