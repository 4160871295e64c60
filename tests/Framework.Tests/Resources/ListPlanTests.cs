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
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Microservices.Framework.Tests.Resources;

/// <summary>A page costs what the page holds, however many rows the tenant has: the plans of both databases, and the work that each of them counts.</summary>
public sealed class ListPlanTests(ListPlanFixture fixture) : IClassFixture<ListPlanFixture>
{
    private readonly TestService _service = fixture.Service;

    public static TheoryData<string> Lists => ["default", "filter", "cursor", "filter and cursor"];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Page_IsReadFromAnIndex_WithoutSorting(string list)
    {
        var plan = await PlanAsync(await StatementAsync(ListPlanFixture.Many, list));

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
    public async Task Work_DoesNotGrowWithTheTable(string list)
    {
        var (few, many) = (await WorkAsync(await StatementAsync(ListPlanFixture.Few, list)), await WorkAsync(await StatementAsync(ListPlanFixture.Many, list)));

        // A step of MariaDB is a row that it read, one of SQLite an instruction of its machine. Ties at the edges of a page cost a few more or less.
        var slack = TestDatabase.IsMariaDb ? 5 : few / 20;
        Assert.True(many <= few + slack, $"{few} steps among {ListPlanFixture.Few.Rows} rows, {many} among {ListPlanFixture.Many.Rows}");
        Assert.InRange(many, 1, TestDatabase.IsMariaDb ? 100 : 5000);
    }

    [Fact]
    public async Task EveryTie_IsPassedByCursor()
    {
        var caller = _service.As(ListPlanFixture.Few.Tenant);
        var seen = new HashSet<string>();
        var cursor = "";
        while (cursor is not null)
        {
            var answer = await caller.GetAsync($"/api/resource/Plan Item?limit=300&cursor={cursor}");
            Assert.All(answer.Data.EnumerateArray(), row => Assert.True(seen.Add(row.GetProperty("name").GetString()!)));
            cursor = answer.Json.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(ListPlanFixture.Few.Rows, seen.Count);
    }

    /// <summary>The statement that a list of the API runs; a cursor is one deep in the list.</summary>
    private async Task<(string Sql, object?[] Values)> StatementAsync((string Tenant, int Rows) filled, string list)
    {
        await using var scope = _service.Services.CreateAsyncScope();
        var user = new CurrentUser("u-1", "ann", new Tenant(filled.Tenant), ["System Manager"], [], CredentialKind.Bearer);
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
            // A cursor does not know the conditions, so the row in the middle is found by its time.
            var first = SelectStatement.Build(db, docType, query with { Limit = 1, Filters = [.. query.Filters, new Filter("modified", "<=", ListPlanFixture.Middle(filled.Rows))] }, user);
            await using var result = await db.UnitOfWork.QueryAsync(first.Sql.ToString(), first.Sql.Values, CancellationToken.None);
            Assert.True(result.Read());
            query = query with { Cursor = first.Cursor!.After(result.Row, first.Columns.Count, db.UnitOfWork.Dialect) };
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

    private async Task<long> WorkAsync((string Sql, object?[] Values) statement)
    {
        await using var connection = await _service.Database.OpenAsync();
        if (TestDatabase.IsMariaDb)
        {
            await using var flush = Command(connection, "flush status", []);
            await flush.ExecuteNonQueryAsync();
        }
        else
        {
            ((SqliteConnection)connection).Handle!.enable_sqlite3_next_stmt(true);
        }

        await using var command = Command(connection, statement.Sql, statement.Values);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            var rows = 0;
            while (await reader.ReadAsync())
            {
                rows++;
            }

            Assert.Equal(20, rows);
        }

        return connection is SqliteConnection sqlite ? Steps(sqlite) : await RowsReadAsync(connection);
    }

    private async Task<long> RowsReadAsync(DbConnection connection)
    {
        await using var status = Command(connection, "show session status like 'Handler_read%'", []);
        await using var counters = await status.ExecuteReaderAsync();
        var total = 0L;
        while (await counters.ReadAsync())
        {
            total += counters.GetInt64(1);
        }

        return total;
    }

    /// <summary>The instructions that the connection's statements ran; none of them may scan a table or sort.</summary>
    private static long Steps(SqliteConnection connection)
    {
        var steps = 0L;
        for (var statement = raw.sqlite3_next_stmt(connection.Handle, null); statement is { IsInvalid: false }; statement = raw.sqlite3_next_stmt(connection.Handle, statement))
        {
            Assert.Equal(0, raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_FULLSCAN_STEP, 0));
            Assert.Equal(0, raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_SORT, 0));
            steps += raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);
        }

        return steps;
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
}

[DocType("Plan Item")]
[Permission("System Manager", Rights.All)]
public sealed class PlanItem : Document
{
    [Field(Index = true)]
    public string? Color { get; set; }

    public int Size { get; set; }
}
