using Microservices.Data;
using Microservices.Data.Sessions;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Data;

/// <summary>Sessions of transactions and of single statements take turns on few connections, and no transaction goes on in another's.</summary>
public sealed class SessionPoolTests : IAsyncLifetime
{
    private static readonly string s_insert = "insert into `tabSeries` (`tenant_id`, `name`, `current`) values (@p0, @p1, 1)";

    private TestService _service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SessionPool Pool => _service.Services.GetRequiredService<SessionPool>();

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(Describe, settings =>
    {
        settings["Database:MaxSessions"] = "2";
        settings["Database:SessionTimeout"] = "00:00:05";
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task StatementsAndTransactions_EndWhatTheyDo_WhicheverSessionTheyGet()
    {
        // Two of a kind at once take both places, so that the next kind has to change one over.
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(InsertAsync(SessionUse.Transaction, $"{round} a", commit: true), InsertAsync(SessionUse.Transaction, $"{round} b", commit: false));
            await Task.WhenAll(InsertAsync(SessionUse.Write, $"{round} c", commit: false), InsertAsync(SessionUse.Write, $"{round} d", commit: false));
        }

        Assert.Equal(
            ["0 a", "0 c", "0 d", "1 a", "1 c", "1 d", "2 a", "2 c", "2 d"],
            await _service.SqlAsync("select name from `tabSeries` where tenant_id = 'acme' order by name"));
    }

    [Fact]
    public async Task Transactions_BeginWithoutARoundTrip_AndAChangeOverCostsOne()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite is told that a transaction begins.");
        var statements = await Task.WhenAll(Pool.RentAsync(SessionUse.Read, Stop).AsTask(), Pool.RentAsync(SessionUse.Read, Stop).AsTask());
        foreach (var session in statements)
        {
            await Pool.ReturnAsync(session, SessionUse.Read);
        }

        Assert.Equal(1, await CountAsync(SessionUse.Transaction));
        Assert.Equal(0, await CountAsync(SessionUse.Transaction));
        Assert.Equal(0, await CountAsync(SessionUse.Read));

        async Task<long> CountAsync(SessionUse use)
        {
            var before = Pool.Statements;
            await Pool.ReturnAsync(await Pool.RentAsync(use, Stop), use);
            return Pool.Statements - before;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TransactionThatCannotEnd_IsUndone_AndNobodyGoesOnInIt(bool commit)
    {
        for (var i = 0; i < 3; i++)
        {
            await using var scope = _service.Services.CreateAsyncScope();
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            var transaction = await work.BeginAsync(Stop);
            await work.ExecuteAsync(s_insert, new object?[] { "acme", $"lost {i}" });
            var forgotten = await work.QueryAsync("select 1", default, Stop);
            var end = commit ? transaction.CompleteAsync(Stop).AsTask() : transaction.DisposeAsync().AsTask();
            Assert.False(end.IsCompleted, "The session was given back with a statement on it.");

            await forgotten.DisposeAsync();
            if (commit)
            {
                await Assert.ThrowsAsync<DatabaseUnavailableException>(() => end);
            }
            else
            {
                await end;
            }

            await InsertAsync(SessionUse.Transaction, $"kept {i}", commit: true);
        }

        Assert.Equal(["kept 0", "kept 1", "kept 2"], await _service.SqlAsync("select name from `tabSeries` where tenant_id = 'acme' order by name"));
    }

    [Fact]
    public async Task InnerScopeThatCannotBeUndone_IsNotCommittedWithTheOuterOne()
    {
        await using var scope = _service.Services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await using (var outer = await work.BeginAsync(Stop))
        {
            var inner = await work.BeginAsync(Stop);
            await work.ExecuteAsync(s_insert, new object?[] { "acme", "inner" });
            await using (await work.QueryAsync("select 1", default, Stop))
            {
                await inner.DisposeAsync();
            }

            await Assert.ThrowsAsync<DatabaseException>(() => outer.CompleteAsync(Stop).AsTask());
        }

        Assert.Empty(await _service.SqlAsync("select name from `tabSeries` where tenant_id = 'acme'"));
    }

    [Fact]
    public async Task HookThatDoesNotAwait_LeavesNothingToAnotherTenant()
    {
        // On MariaDB the commit may meet the statement on its way; SQLite ends it at once.
        var (acme, globex) = (_service.As("acme"), _service.As("globex"));
        for (var i = 0; i < 20; i++)
        {
            var answers = await Task.WhenAll(
                acme.PostAsync("/api/resource/Item", new { item_code = $"hasty {i}" }), globex.PostAsync("/api/resource/Item", new { item_code = $"calm {i}" }));

            Assert.True(answers[0].Status is 201 or 500 or 503, answers[0].Text);
            Assert.True(answers[1].Status == 201, answers[1].Text);
            var kept = await _service.SqlAsync($"select name from `tabItem` where tenant_id = 'acme' and name = 'hasty {i}'");
            Assert.Equal(answers[0].Status == 201 ? 1 : 0, kept.Count);
        }

        Assert.Equal(20, (await _service.SqlAsync("select name from `tabItem` where tenant_id = 'globex'")).Count);
    }

    private static void Describe(Microservice service)
    {
        Shop.Describe(service);
        service.On("Item", DocumentEvent.AfterInsert, (DocumentContext context, TenantDb db) =>
        {
            if (context.Document.Name.StartsWith("hasty", StringComparison.Ordinal))
            {
                _ = db.CountAsync("Item");
            }
        });
    }

    private async Task InsertAsync(SessionUse use, string name, bool commit)
    {
        var session = await Pool.RentAsync(use, Stop);
        if (use is SessionUse.Transaction && Pool.Dialect.Begin is { } begin)
        {
            await session.ExecuteAsync(begin);
        }

        Assert.Equal(1, await session.ExecuteAsync(s_insert, new object?[] { "acme", name }));
        if (use is SessionUse.Transaction)
        {
            await session.ExecuteAsync(commit ? "commit" : "rollback");
        }

        await Pool.ReturnAsync(session, use);
    }
}
