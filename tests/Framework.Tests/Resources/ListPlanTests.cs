using System.Data.Common;
using System.Globalization;
using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.Data.Queries;
using Microservices.Data.Sessions;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Resources;

/// <summary>A page costs what the page holds, however many rows the tenant has: the plans of both databases, and the rows that MariaDB reads.</summary>
public sealed class ListPlanTests : IAsyncLifetime
{
    private const int Few = 1_000;
    private const int Many = 20_000;
    private const int SameColor = 50;
    private TestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service => service.RegisterResource<PlanItem>());
        await FillAsync("few", Few);
        await FillAsync("many", Many);
        if (TestDatabase.IsMariaDb)
        {
            await _service.SqlAsync("analyze table `tabPlan Item`");
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    public static TheoryData<string> Lists => ["default", "filter", "cursor", "filter and cursor"];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Page_IsReadFromAnIndex_WithoutSorting(string list)
    {
        var plan = await PlanAsync(await StatementAsync("many", list));

        if (TestDatabase.IsMariaDb)
        {
            Assert.DoesNotContain("filesort", plan, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("temporary", plan, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(list.StartsWith("filter", StringComparison.Ordinal) ? "color" : "modified", plan, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("USING INDEX", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("MULTI-INDEX", plan, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task RowsRead_DoNotGrowWithTheTable(string list)
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite counts no rows; its plan says the same");
        var (few, many) = (await RowsReadAsync(await StatementAsync("few", list)), await RowsReadAsync(await StatementAsync("many", list)));

        Assert.True(many <= few + 5, $"{few} rows of {Few}, {many} of {Many}");
        Assert.InRange(many, 1, 100);
    }

    [Fact]
    public async Task EveryTie_IsPassedByCursor()
    {
        var caller = _service.As("few");
        var seen = new HashSet<string>();
        var cursor = "";
        while (cursor is not null)
        {
            var answer = await caller.GetAsync($"/api/resource/Plan Item?limit=300&cursor={cursor}");
            Assert.All(answer.Data.EnumerateArray(), row => Assert.True(seen.Add(row.GetProperty("name").GetString()!)));
            cursor = answer.Json.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(Few, seen.Count);
    }

    /// <summary>The statement that a list of the API runs; a cursor is one deep in the list.</summary>
    private async Task<(string Sql, object?[] Values)> StatementAsync(string tenant, string list)
    {
        await using var scope = _service.Services.CreateAsyncScope();
        var user = new CurrentUser("u-1", "ann", new Tenant(tenant), ["System Manager"], [], CredentialKind.Bearer);
        scope.ServiceProvider.GetRequiredService<RequestScope>().User = user;
        var db = scope.ServiceProvider.GetRequiredService<TenantDb>();
        var query = new ListQuery
        {
            Fields = ["*"],
            Limit = 20,
            Filters = list.StartsWith("filter", StringComparison.Ordinal) ? [new Filter("color", "c3")] : [],
            Cursor = list.Contains("cursor", StringComparison.Ordinal) ? "" : null,
        };
        var docType = db.DocTypes.Get("Plan Item");
        if (query.Cursor is not null)
        {
            var rows = tenant == "few" ? Few : Many;
            var offset = (query.Filters.Count > 0 ? SameColor : rows) / 2;
            var first = SelectStatement.Build(db, docType, query with { Limit = offset }, user);
            await using var result = await db.UnitOfWork.QueryAsync(first.Sql.ToString(), first.Sql.Values, CancellationToken.None);
            while (result.Read())
            {
                query = query with { Cursor = first.Cursor!.After(result.Row, first.Columns.Count, db.UnitOfWork.Dialect) };
            }
        }

        var statement = SelectStatement.Build(db, docType, query, user);
        return (statement.Sql.ToString(), statement.Sql.Values.ToArray());
    }

    private async Task<string> PlanAsync((string Sql, object?[] Values) statement)
    {
        await using var connection = await _service.Database.OpenAsync();
        await using var command = Command(connection, (TestDatabase.IsMariaDb ? "explain " : "explain query plan ") + statement.Sql, statement.Values);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetName(i) is "possible_keys" ? "" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return string.Join('\n', lines);
    }

    private async Task<long> RowsReadAsync((string Sql, object?[] Values) statement)
    {
        await using var connection = await _service.Database.OpenAsync();
        await using (var flush = Command(connection, "flush status", []))
        {
            await flush.ExecuteNonQueryAsync();
        }

        await using (var command = Command(connection, statement.Sql, statement.Values))
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = 0;
            while (await reader.ReadAsync())
            {
                rows++;
            }

            Assert.Equal(20, rows);
        }

        await using var status = Command(connection, "show session status like 'Handler_read%'", []);
        await using var counters = await status.ExecuteReaderAsync();
        var total = 0L;
        while (await counters.ReadAsync())
        {
            total += counters.GetInt64(1);
        }

        return total;
    }

    private DbCommand Command(DbConnection connection, string sql, object?[] values)
    {
        var dialect = _service.Services.GetRequiredService<SqlDialect>();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (ParameterNames.At(i), values[i] is { } value ? dialect.ToParameter(value) : DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // Twenty rows share each moment, as the rows of one batch do.
    private async Task FillAsync(string tenant, int rows)
    {
        foreach (var chunk in Enumerable.Range(0, rows).Chunk(1000))
        {
            var values = chunk.Select(i => string.Create(CultureInfo.InvariantCulture,
                $"('{tenant}','i{i * 7919 % rows:000000}','ann','2026-01-01 00:00:00.000000','2026-01-{1 + (i / 20 / 3600):00} {i / 20 / 60 % 24:00}:{i / 20 % 60:00}:00.000000','ann','c{i % (rows / SameColor)}')"));
            await _service.SqlAsync($"insert into `tabPlan Item` (`tenant_id`,`name`,`owner`,`creation`,`modified`,`modified_by`,`color`) values {string.Join(',', values)}");
        }
    }
}

[DocType("Plan Item")]
[Permission("System Manager", Rights.All)]
public sealed class PlanItem : Document
{
    [Field(Index = true)]
    public string? Color { get; set; }

    public int Size { get; set; }
}
