using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Microservices.Framework.Tests.Resources;

/// <summary>One service with a few rows of every kind of value, one row of nothing, and another tenant's row, for tests that only read.</summary>
public sealed class ListFixture : IAsyncLifetime
{
    public const int MaxPageSize = 4;

    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(
            service => service.RegisterResource<ListProbe>(),
            configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Resources:MaxPageSize"] = $"{MaxPageSize}" }));
        Acme = Service.As("acme");
        var created = await Acme.PostAsync("/api/resource/List Probe", new object[]
        {
            new { label = "alpha", city = "Zürich", note = "First note", day = "2026-01-31", moment = "2026-01-31 10:00:00.5", clock = "09:05:00", amount = 10.5, span = 1.5, number = 1, flag = 1, kind = "Red", level = 3 },
            new { label = "Beta", city = "zurich", note = "50% off_now", day = "2026-02-01", moment = "2026-02-01 00:00:00", clock = "23:59:59.999999", amount = "-0.1", span = 0, number = -5, flag = 0, kind = "Blue", level = 2 },
            new { label = "gamma", city = "Århus", note = "back\\slash", day = "2026-02-28", moment = "2026-02-28 23:59:59.999999", clock = "00:00:00", amount = "123456789012.123456789", span = 100, number = 20, flag = true, kind = "Red", level = 1 },
            new { label = "nothing" },
        });
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(201, (await Service.As("other").PostAsync("/api/resource/List Probe", new { label = "theirs", city = "Zürich", number = 1 })).Status);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// <summary>The names of a list, ordered by name, or the refusal.</summary>
    internal async Task<string> NamesAsync(string query)
    {
        var answer = await ListAsync(query + "&order_by=name");
        return answer.Status == 200
            ? string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()))
            : $"{answer.Status} {answer.Json.GetProperty("message").GetString()}";
    }

    internal Task<Answer> ListAsync(string query) => Acme.GetAsync("/api/resource/List Probe?" + query);

    internal Task<string> WhereAsync(object filters) => NamesAsync("filters=" + Uri.EscapeDataString(filters as string ?? JsonSerializer.Serialize(filters)));
}

[DocType("List Probe", Naming = "field:label")]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
[Permission("Owner Only", Rights.All, IfOwner = true)]
public sealed class ListProbe : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    public string? City { get; set; }

    [Text]
    public string? Note { get; set; }

    public DateOnly? Day { get; set; }

    public DateTime? Moment { get; set; }

    public TimeOnly? Clock { get; set; }

    [Currency]
    public decimal Amount { get; set; }

    [FrappeType(FieldType.Duration)]
    public decimal? Span { get; set; }

    public int Number { get; set; }

    public bool Flag { get; set; }

    [Select("", "Red", "Blue")]
    public string? Kind { get; set; }

    [Field(PermLevel = 1)]
    public int Level { get; set; }
}
