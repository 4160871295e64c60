using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Trips with stops in regions of a tree, for lists that follow links and tables. Two tenants have the same names and other values.</summary>
public sealed class JoinFixture : IAsyncLifetime
{
    private readonly string _regionFile = Path.Combine(Path.GetTempPath(), $"region-{Guid.NewGuid():N}.json");

    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_regionFile, """
            {"doctype":"DocType","name":"Region","is_tree":1,"autoname":"field:region_name",
             "fields":[{"fieldname":"region_name","fieldtype":"Data","reqd":1}],
             "permissions":[{"role":"System Manager","read":1,"write":1,"create":1,"delete":1},{"role":"Planner","read":1}]}
            """);
        Service = await TestService.StartAsync(service =>
        {
            service.RegisterResources(_regionFile);
            service.RegisterResource<Driver>();
            service.RegisterResource<Trip>();
        });
        Acme = Service.As("acme");
        await FillAsync(Acme, "acme");
        await FillAsync(Service.As("rival"), "rival");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        File.Delete(_regionFile);
    }

    internal Task<Answer> ListAsync(string query) => Acme.GetAsync("/api/resource/Trip?" + query);

    /// <summary>The rows of a list as JSON, or the refusal.</summary>
    internal async Task<string> RowsAsync(string query, TestCaller? caller = null)
    {
        var answer = await (caller ?? Acme).GetAsync("/api/resource/Trip?" + query);
        return answer.Status == 200 ? answer.Data.GetRawText() : $"{answer.Status} {answer.Json.GetProperty("message").GetString()}";
    }

    /// <summary>The names of a list, ordered by name, or the refusal.</summary>
    internal async Task<string> NamesAsync(string query, string docType = "Trip", TestCaller? caller = null)
    {
        var answer = await (caller ?? Acme).GetAsync($"/api/resource/{docType}?order_by=name&{query}");
        return answer.Status == 200
            ? string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()))
            : $"{answer.Status} {answer.Json.GetProperty("message").GetString()}";
    }

    internal Task<string> WhereAsync(string filters, string docType = "Trip", TestCaller? caller = null) =>
        NamesAsync("filters=" + Uri.EscapeDataString(filters), docType, caller);

    private async Task FillAsync(TestCaller caller, string tenant)
    {
        await CreatedAsync(caller, "Region", new[] { "World", "Europe", "Germany", "Berlin", "Asia" }.Select(name => new { region_name = name }));
        foreach (var (name, left, right) in new[] { ("World", 1, 10), ("Europe", 2, 7), ("Germany", 3, 6), ("Berlin", 4, 5), ("Asia", 8, 9) })
        {
            await Service.SqlAsync($"update `tabRegion` set `lft`={left}, `rgt`={right} where `tenant_id`='{tenant}' and `name`='{name}'");
        }

        await CreatedAsync(caller, "Driver", new object[]
        {
            new { driver_name = "Ada", licence = $"{tenant} B", home = "Berlin", pin = "1234" },
            new { driver_name = "Bo", licence = $"{tenant} C", home = "Asia" },
        });
        await Service.SqlAsync($"update `tabDriver` set `salary`=20 where `tenant_id`='{tenant}' and `name`='Bo'");
        await CreatedAsync(caller, "Trip", new object[]
        {
            new { label = "t1", driver = "Ada", region = "Berlin", cost = 10.5, distance = 3, day = "2026-02-28", stops = new[] { new { place = "a", minutes = 5 }, new { place = "b", minutes = 7 } }, depot = "elsewhere" },
            new { label = "t2", driver = "Bo", region = "Europe", cost = 0.1, distance = 0, day = "2026-11-01", stops = new[] { new { place = "a", minutes = 9 } }, spares = new[] { new { place = "z", minutes = 1 } } },
            new { label = "t3", cost = 0.2, distance = 4 },
        });
    }

    private static async Task CreatedAsync(TestCaller caller, string docType, object documents)
    {
        var answer = await caller.PostAsync($"/api/resource/{docType}", JsonSerializer.SerializeToElement(documents));
        Assert.True(answer.Status == 201, answer.Text);
    }
}

[DocType(Naming = "field:driver_name", TitleField = "driver_name")]
[Permission("System Manager", Rights.All)]
[Permission("Payroll", Rights.Read)]
[Permission("Payroll", Rights.Read, PermLevel = 1)]
[Permission("Chooser", Rights.Select)]
[Permission("Self", Rights.Read, IfOwner = true)]
public sealed class Driver : Document
{
    [Field(Required = true)]
    public string DriverName { get; set; } = "";

    public string? Licence { get; set; }

    [Field(PermLevel = 1)]
    public int Salary { get; set; }

    [Link("Region")]
    public string? Home { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Pin { get; set; }
}

[DocType(Naming = "field:label")]
[Permission("System Manager", Rights.All)]
[Permission("System Manager", Rights.Read | Rights.Write, PermLevel = 2)]
[Permission("Planner", Rights.Read)]
[Permission("Payroll", Rights.Read)]
[Permission("Chooser", Rights.Select)]
[Permission("Self", Rights.Read)]
[Permission("Own Trips", Rights.Read, IfOwner = true)]
public sealed class Trip : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    [Link("Driver")]
    public string? Driver { get; set; }

    [Link("Region")]
    public string? Region { get; set; }

    [Link("Depot Of Another Service")]
    public string? Depot { get; set; }

    [Currency]
    public decimal Cost { get; set; }

    public int Distance { get; set; }

    public DateOnly? Day { get; set; }

    [Table]
    public List<TripStop> Stops { get; set; } = [];

    [Field(PermLevel = 2), Table]
    public List<TripStop> Spares { get; set; } = [];
}

[DocType("Trip Stop")]
public sealed class TripStop : Document
{
    public string? Place { get; set; }

    public int Minutes { get; set; }

    [Field(PermLevel = 2)]
    public string? Remark { get; set; }
}
