using System.Globalization;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Two tenants in one table, of a thousand and of a million rows, made by the database itself.</summary>
public sealed class ListPlanFixture : IAsyncLifetime
{
    public static readonly (string Tenant, int Rows) Few = ("few", 1_000);
    public static readonly (string Tenant, int Rows) Many = ("many", 1_000_000);

    // Twenty rows share each moment, as the rows of one batch do; a second lies between two moments.
    private const int SameMoment = 20;
    private const int SameColor = 50;

    private const int PartRows = 10_000;

    // Prime to the numbers of rows: it scatters the moments over the names.
    private const int Stride = 7919;

    private static readonly DateTime s_first = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    internal TestService Service { get; private set; } = null!;

    /// <summary>The moment in the middle of the list.</summary>
    public static string Middle(int rows) => s_first.AddSeconds(rows / SameMoment / 2).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(service => service.RegisterResource<PlanItem>());
        await FillAsync(Few);
        await FillAsync(Many);
        if (TestDatabase.IsMariaDb)
        {
            await Service.SqlAsync("analyze table `tabPlan Item`");
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    // In parts: a statement may not run for longer than a request may wait.
    private async Task FillAsync((string Tenant, int Rows) filled)
    {
        var (tenant, rows) = filled;
        var moment = TestDatabase.IsMariaDb
            ? $"timestampadd(second, mod(i * {Stride}, {rows}) div {SameMoment}, '2026-01-01')"
            : $"datetime('2026-01-01', ((i * {Stride} % {rows}) / {SameMoment}) || ' seconds') || '.000000'";
        var name = TestDatabase.IsMariaDb ? "concat('i', lpad(i, 7, '0'))" : "printf('i%07d', i)";
        var color = TestDatabase.IsMariaDb ? $"concat('c', mod(i, {rows / SameColor}))" : $"'c' || (i % {rows / SameColor})";
        var part = Math.Min(rows, PartRows);
        for (var first = 0; first < rows; first += part)
        {
            await Service.SqlAsync($"""
                insert into `tabPlan Item` (`tenant_id`, `name`, `owner`, `creation`, `modified`, `modified_by`, `color`)
                select '{tenant}', {name}, 'ann', '2026-01-01 00:00:00.000000', {moment}, 'ann', {color} from ({Numbers(first, part)}) numbers order by i
                """);
        }
    }

    /// <summary>A query of whole numbers from a first one on, as many as a power of ten, as <c>i</c>.</summary>
    private static string Numbers(int first, int count)
    {
        const string digits = "(select 0 d union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)";
        var powers = Enumerable.Range(0, (int)Math.Log10(count)).ToList();
        var sum = string.Join(" + ", powers.Select(power => string.Create(CultureInfo.InvariantCulture, $"d{power}.d * {Math.Pow(10, power):0}")));
        return $"select {first} + {sum} i from {string.Join(" cross join ", powers.Select(power => $"{digits} d{power}"))}";
    }
}
