#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Collections.Concurrent;
using Microservices.Data;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Queries that a service writes itself, in the database of one tenant.</summary>
public sealed class RawQueryTests : IAsyncLifetime
{
    private readonly LogLines _log = new();
    private TestService _service = null!;
    private AsyncServiceScope _scope;
    private TenantDb _db = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            Bank.Describe(service);
            service.Services.AddSingleton<ILoggerProvider>(_log);
        });
        foreach (var tenant in (string[])["acme", "rival"])
        {
            await Bank.Created(_service.As(tenant).PostAsync("/api/resource/Account", Enumerable.Range(1, 3).Select(i => new { title = $"A{i}", secret = tenant, balance = i, lines = new[] { new { note = $"{tenant} {i}" } } })));
        }

        _scope = _service.Services.CreateTenantScope(new Tenant("acme"));
        _db = _scope.ServiceProvider.GetRequiredService<TenantDb>();
    }

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task TableHoles_AreLimitedToTheTenant()
    {
        var rows = await _db.QueryAsync<string>($"select l.note from {_db.Table("Account", "a")} join {_db.Table("Account Line", "l")} on l.parent = a.name order by a.name");
        Assert.Equal(["acme 1", "acme 2", "acme 3"], rows);

        Assert.Equal(9, Assert.Single(await _db.QueryAsync<long>($"select count(*) from {_db.Table("Account", "a")}, {_db.Table("Account", "b")}")));
        Assert.Equal(3, Assert.Single(await _db.QueryAsync<long>($"select count(*) from (select name, secret from {_db.Table("Account")} union select name, secret from {_db.Table("Account")}) as x")));
        Assert.Equal(3, Assert.Single(await _db.QueryAsync<long>($"with mine as (select name, secret from {_db.Table("Account")}), yours (n) as (select name from mine) select count(*) from yours")));
        Assert.Equal(6m, Assert.Single(await _db.QueryAsync<decimal>($"select sum(balance) from {_db.Table("Account")} where secret <> {"x' or '1'='1"}")));
        Assert.Empty(await _db.QueryAsync<string>($"select name from {_db.Table("Account")} where secret = {"rival"}"));
        Assert.Empty(await _db.QueryAsync<string>($"select a.name from {_db.Table("Account", "a")} where exists (select 1 from {_db.Table("Account", "b")} where b.secret = {"rival"})"));
    }

    [Fact]
    public async Task EveryColumn_LeavesTheTenantOut()
    {
        var rows = await _db.QueryAsync<Dictionary<string, object>>($"select * from {_db.Table("Account")} where name = {"A1"}");

        var row = Assert.Single(rows);
        Assert.Contains("secret", row.Keys);
        Assert.DoesNotContain("tenant_id", row.Keys);
    }

    [Theory]
    [InlineData("rival")]
    [InlineData("' or '1'='1")]
    [InlineData("x'); drop table `tabAccount`; --")]
    [InlineData("`tabAccount`")]
    [InlineData("\u0001")]
    [InlineData("\u0002")]
    [InlineData("@p0")]
    [InlineData("\\")]
    [InlineData("\0")]
    public async Task Holes_AreNeverSql(string value)
    {
        Assert.Empty(await _db.QueryAsync<string>($"select name from {_db.Table("Account")} where secret = {value}"));
        Assert.Equal([value], await _db.QueryAsync<string>($"select {value}"));
        Assert.Equal(3, await _db.CountAsync("Account"));

        // An alias is a name, whatever it holds.
        Assert.Equal(3, (await _db.QueryAsync<string>($"select name from {_db.Table("Account", value.Replace("\0", "", StringComparison.Ordinal) + "x")}")).Count);
    }

    [Fact]
    public async Task LiteralTable_IsRefusedBeforeItIsSent()
    {
        await Assert.ThrowsAsync<TenantSqlException>(() => _db.QueryAsync<string>($"select name from tabAccount"));
        await Assert.ThrowsAsync<TenantSqlException>(() => _db.QueryAsync<string>($"select name from `tabAccount`"));
        await Assert.ThrowsAsync<TenantSqlException>(() => _db.QueryAsync<string>($"select name from {"tabAccount"}"));
        await Assert.ThrowsAsync<TenantSqlException>(() => _db.QueryAsync<string>($"select a.name from {_db.Table("Account", "a")} join {_db.Table("Account", "b")} on a.name = b.name, tabAccount c"));
        await Assert.ThrowsAsync<TenantSqlException>(() => _db.QueryAsync<string>($"delete from {_db.Table("Account")}"));
        Assert.Throws<DoesNotExistException>(() => _db.Table("Series"));
        Assert.Throws<DoesNotExistException>(() => _db.Table("Account` where 1=1 --"));
    }

    [Fact]
    public async Task TableOfAnotherTenantsDatabase_IsOfWhoeverAsks()
    {
        var rival = _db.InTenant(new Tenant("rival"), "test");

        Assert.Equal(["acme", "acme", "acme"], await _db.QueryAsync<string>($"select secret from {rival.Table("Account")}"));
        Assert.Equal(["rival", "rival", "rival"], await rival.QueryAsync<string>($"select secret from {_db.Table("Account")}"));
    }

    [Fact]
    public async Task OtherTenant_IsReachedLoudly()
    {
        var rival = _db.InTenant(new Tenant("rival"), "nightly invoice run");
        await rival.UpdateAsync("Account", "A1", account => account["secret"] = "changed");

        Assert.Equal("changed", await rival.GetValueAsync("Account", "A1", "secret"));
        Assert.Equal("acme", await _db.GetValueAsync("Account", "A1", "secret"));
        var line = Assert.Single(_log.Lines, line => line.Contains("nightly invoice run", StringComparison.Ordinal));
        Assert.Contains("Warning", line, StringComparison.Ordinal);
        Assert.Contains("acme", line, StringComparison.Ordinal);
        Assert.Contains("rival", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CodesOwnMethods_StayInTheirTenant()
    {
        await Bank.Created(_service.As("rival").PostAsync("/api/resource/Account", new { title = "Only theirs" }));

        Assert.Equal(3, await _db.CountAsync("Account"));
        Assert.Equal(3, (await _db.GetAllAsync("Account", new() { Limit = 100 })).Count);
        Assert.False(await _db.ExistsAsync("Account", "Only theirs"));
        Assert.Null(await _db.GetValueAsync("Account", "Only theirs", "name"));
        await Assert.ThrowsAsync<DoesNotExistException>(() => _db.GetDocAsync("Account", "Only theirs"));
        await Assert.ThrowsAsync<DoesNotExistException>(() => _db.SetValueAsync("Account", "Only theirs", "secret", "x"));
        await Assert.ThrowsAsync<DoesNotExistException>(() => _db.DeleteAsync("Account", "Only theirs"));
        await Assert.ThrowsAsync<LinkValidationException>(() => _db.InsertAsync(new Account { Title = "Mine", Peer = "Only theirs" }));
        await Assert.ThrowsAsync<DataException>(() => _db.GetAllAsync("Account", new() { Filters = [new("tenant_id", "rival")] }));
        await Assert.ThrowsAsync<DataException>(() => _db.GetAllAsync("Account", new() { Fields = ["tenant_id"] }));
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
