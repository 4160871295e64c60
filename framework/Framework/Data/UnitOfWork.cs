using Microservices.Data.Sessions;
using Microservices.Errors;
using Microsoft.Extensions.Logging;

namespace Microservices.Data;

/// <summary>
/// The database side of one request or job: at most one transaction at a time, and outside it single statements on whatever
/// session is free. Scopes nest; the outermost one commits, and a failed inner one is undone to its savepoint. After an error that may
/// have ended the transaction in the database, nothing more runs in it and it cannot be committed: going on would keep a part.
/// </summary>
internal sealed partial class UnitOfWork(SessionPool pool, ILogger<UnitOfWork> logger) : IAsyncDisposable
{
    private readonly List<Func<CancellationToken, Task>> _afterCommit = [];
    private DbSession? _session;
    private Deferral? _deferral;
    private int _depth;

    /// <summary>Whether writing is refused, as in a GET request.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => _session is not null;

    /// <summary>The dialect of the database.</summary>
    public Dialects.SqlDialect Dialect => pool.Dialect;

    /// <summary>Opens a transaction, or a savepoint inside the open one.</summary>
    public async ValueTask<TransactionScope> BeginAsync(CancellationToken cancellationToken)
    {
        RefuseWhenReadOnly();
        if (_session is not null)
        {
            // The name is that of the depth, so that the statements of many scopes are few.
            var savepoint = $"s{_depth + 1}";
            await ExecuteAsync($"savepoint {savepoint}");
            _depth++;
            return new TransactionScope(this, savepoint);
        }

        _session = await pool.RentAsync(SessionUse.Transaction, cancellationToken);
        if (pool.Dialect.Begin is { } begin)
        {
            try
            {
                await ExecuteAsync(begin);
            }
            catch
            {
                await CloseAsync();
                throw;
            }
        }

        return new TransactionScope(this, savepoint: null);
    }

    /// <summary>Holds commits back until <see cref="Deferral.CommitAsync"/>: everything written meanwhile is one transaction.</summary>
    public Deferral DeferCommit() => _deferral = new Deferral(this);

    /// <summary>Runs a statement of the open transaction.</summary>
    public ValueTask<int> ExecuteAsync(string sql, ReadOnlyMemory<object?> values = default)
    {
        var session = _session ?? throw new InvalidOperationException("There is no open transaction.");
        ThrowIfBroken();
        pool.Count();
        return session.ExecuteAsync(sql, values);
    }

    /// <summary>Runs a query, in the open transaction or on a free session.</summary>
    public ValueTask<QueryResult> QueryAsync(string sql, ReadOnlyMemory<object?> values, CancellationToken cancellationToken) =>
        QueryAsync(sql, values, SessionUse.Read, cancellationToken);

    /// <summary>
    /// Runs one statement that writes and answers rows: in the open transaction, or as a transaction of its own, which is committed when its rows
    /// have been read to the end.
    /// </summary>
    public ValueTask<QueryResult> WriteAsync(string sql, ReadOnlyMemory<object?> values, CancellationToken cancellationToken)
    {
        RefuseWhenReadOnly();
        return QueryAsync(sql, values, SessionUse.Write, cancellationToken);
    }

    /// <summary>Keeps work for after the commit of the outermost transaction.</summary>
    public void AfterCommit(Func<CancellationToken, Task> work) => _afterCommit.Add(work);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await RollbackAsync(savepoint: null);
        }
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "Work that followed a commit failed; the commit stands")]
    private static partial void LogAfterCommitFailed(ILogger logger, Exception exception);

    private async ValueTask<QueryResult> QueryAsync(string sql, ReadOnlyMemory<object?> values, SessionUse use, CancellationToken cancellationToken)
    {
        if (_session is { } session)
        {
            ThrowIfBroken();
            pool.Count();
            return new QueryResult(await session.QueryAsync(sql, values), session, pool: null, use);
        }

        var free = await pool.RentAsync(use, cancellationToken);
        try
        {
            pool.Count();
            return new QueryResult(await free.QueryAsync(sql, values), free, pool, use);
        }
        catch
        {
            await pool.ReturnAsync(free, use);
            throw;
        }
    }

    private void RefuseWhenReadOnly()
    {
        if (IsReadOnly)
        {
            throw new PermissionException("A GET or HEAD request does not write: use POST, PUT, PATCH or DELETE.");
        }
    }

    private async ValueTask CommitAsync()
    {
        try
        {
            await ExecuteAsync("commit");
        }
        catch (Exception exception)
        {
            // Whether the commit arrived is unknown; the caller is told of an error, never of success, and nobody goes on where it stands.
            _session!.Distrust(exception);
            _afterCommit.Clear();
            throw new DatabaseUnavailableException("The database did not confirm the change.", exception);
        }
        finally
        {
            await CloseAsync();
        }

        Func<CancellationToken, Task>[] work = [.. _afterCommit];
        _afterCommit.Clear();
        foreach (var step in work)
        {
            try
            {
                // What was committed is told even when the client that caused it has gone.
                await step(CancellationToken.None);
            }
#pragma warning disable CA1031 // Any failure of such work is logged; the committed write must still be answered as done.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogAfterCommitFailed(logger, exception);
            }
        }
    }

    private async ValueTask RollbackAsync(string? savepoint)
    {
        if (_session is not { } session)
        {
            return;
        }

        try
        {
            if (!session.IsBroken)
            {
                await ExecuteAsync(savepoint is null ? "rollback" : $"rollback to savepoint {savepoint}");
            }
        }
#pragma warning disable CA1031 // The session is closed with the outermost scope; the server rolls back what it had.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            session.Distrust(exception);
        }

        if (savepoint is null)
        {
            _afterCommit.Clear();
            await CloseAsync();
        }
    }

    private void ThrowIfBroken()
    {
        if (_session?.BrokenBy is { } cause)
        {
            throw new DatabaseException(cause.Fault, cause);
        }
    }

    private async ValueTask CloseAsync()
    {
        var session = _session!;
        _session = null;
        _depth = 0;
        await pool.ReturnAsync(session, SessionUse.Transaction);
    }
}
