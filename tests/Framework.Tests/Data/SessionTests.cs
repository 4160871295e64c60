using System.Globalization;
using Microservices.Data.Sessions;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Data;

/// <summary>Values of one prepared statement change their types from call to call, and NULL has none.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task ParameterOfAnyType_ArrivesAsItIs()
    {
        await using var service = await TestService.StartAsync(Shop.Describe);
        var pool = service.Services.GetRequiredService<SessionPool>();
        var session = await pool.RentAsync(SessionUse.Read, TestContext.Current.CancellationToken);
        object?[] values =
        [
            null, 5L, null, 6L, "text", 7L, 7.5m, null, 8.25m, null, "é", 5_000_000_000L, true, 3, null,
            new DateTime(2026, 2, 28, 10, 11, 12).AddMicroseconds(345), null, new DateOnly(2026, 2, 28), new TimeSpan(0, 9, 5, 0), "last",
        ];
        foreach (var value in values)
        {
            await using var rows = await session.QueryAsync("select @p0", new[] { value });
            Assert.True(rows.Row.Read());
            Assert.Equal(Expected(value), rows.Row.IsDBNull(0) ? null : Convert.ToString(rows.Row.GetValue(0), CultureInfo.InvariantCulture));
        }

        await pool.ReturnAsync(session, SessionUse.Read);
    }

    [Fact]
    public async Task ValueAfterNull_IsStored()
    {
        await using var service = await TestService.StartAsync(Shop.Describe, configuration => configuration["Database:MaxSessions"] = "1");
        var acme = service.As("acme");
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Customer", new { customer_name = "empty" })).Status);
        var filled = new { since = "2026-02-28", last_seen = "2026-02-28 10:11:12.123456", opens_at = "09:05:00.5" };
        var created = await acme.PostAsync("/api/resource/Customer", new { customer_name = "filled", filled.since, filled.last_seen, filled.opens_at });
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Customer", new { customer_name = "empty again" })).Status);
        foreach (var name in (string[])["empty", "filled", "empty again"])
        {
            var updated = await acme.PutAsync("/api/resource/Customer/" + name, filled);
            Assert.True(updated.Status == 200, updated.Text);
            Assert.Equal("9:05:00.500000", (await acme.GetAsync("/api/resource/Customer/" + name)).Data.GetProperty("opens_at").GetString());
            Assert.Equal(200, (await acme.PutAsync("/api/resource/Customer/" + name, new { since = (string?)null, last_seen = "", opens_at = (string?)null })).Status);
        }
    }

    [Fact]
    public async Task TextAfterNull_IsNotPreparedAnew()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite has no server that would tell.");
        await using var service = await TestService.StartAsync(Shop.Describe);
        var pool = service.Services.GetRequiredService<SessionPool>();
        var session = await pool.RentAsync(SessionUse.Read, TestContext.Current.CancellationToken);
        await RunAsync(null);
        var before = await PreparedAsync();

        await RunAsync("text");
        await RunAsync(null);
        await RunAsync("more");

        Assert.Equal(before, await PreparedAsync());
        await RunAsync(7L);
        Assert.Equal(before + 1, await PreparedAsync());
        await pool.ReturnAsync(session, SessionUse.Read);

        async Task RunAsync(object? value) => await (await session.QueryAsync("select @p0", new[] { value })).DisposeAsync();

        async Task<int> PreparedAsync()
        {
            await using var rows = await session.QueryAsync("select variable_value from information_schema.session_status where variable_name = 'Com_stmt_prepare'", default);
            Assert.True(rows.Row.Read());
            return int.Parse(rows.Row.GetString(0), CultureInfo.InvariantCulture);
        }
    }

    private static string? Expected(object? value) => value switch
    {
        bool flag => flag ? "1" : "0",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null,
    };
}
