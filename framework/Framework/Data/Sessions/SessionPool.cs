using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microservices.Data.Dialects;
using Microservices.Errors;
using Microsoft.Extensions.Options;

namespace Microservices.Data.Sessions;

/// <summary>
/// The service's database sessions: a fixed number, held open, behind an asynchronous gate. A request that finds none free waits
/// without a thread, and never more tasks open connections than there are places. Where a session for transactions opens them by
/// itself (<see cref="SqlDialect.Begin"/>), such sessions are kept apart, which saves each transaction a round trip; one changes over
/// only when every place is taken and none of its kind is free.
/// </summary>
internal sealed class SessionPool(SqlDialect dialect, IOptions<DatabaseOptions> options) : IAsyncDisposable
{
    private readonly DatabaseOptions _options = options.Value;
    private readonly SemaphoreSlim _gate = new(options.Value.MaxSessions);
    private readonly SemaphoreSlim _writer = new(1);
    private readonly Lock _lock = new();
    private readonly Stack<DbSession> _forStatements = new();
    private readonly Stack<DbSession> _forTransactions = new();
    private int _open;
    private long _statements;

    public SqlDialect Dialect => dialect;

    /// <summary>Statements sent since the start; one is one round trip.</summary>
    public long Statements => Volatile.Read(ref _statements);

    /// <summary>Takes a session; give it back with <see cref="ReturnAsync"/>.</summary>
    /// <param name="use">What for; where only one may write, a use that writes waits for its turn.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseUnavailableException">No session became free in time, or the server cannot be reached.</exception>
    /// <exception cref="DatabaseException">The session that had to change over was lost.</exception>
    public async ValueTask<DbSession> RentAsync(SessionUse use, CancellationToken cancellationToken)
    {
        var turn = IsWriterTurn(use);
        if (turn)
        {
            await WaitAsync(_writer, cancellationToken);
        }

        try
        {
            await WaitAsync(_gate, cancellationToken);
            try
            {
                return await TakeAsync(commitsEach: use is not SessionUse.Transaction || dialect.Begin is not null, cancellationToken);
            }
            catch
            {
                _gate.Release();
                throw;
            }
        }
        catch when (turn)
        {
            _writer.Release();
            throw;
        }
    }

    /// <summary>Gives a session back, closing it when it cannot be used again, and with it the idle ones when the server went away.</summary>
    public async ValueTask ReturnAsync(DbSession session, SessionUse use)
    {
        try
        {
            if (session.IsReusable)
            {
                lock (_lock)
                {
                    Idle(session.CommitsEach).Push(session);
                }

                return;
            }

            await DiscardAsync(session);
        }
        finally
        {
            _gate.Release();
            if (IsWriterTurn(use))
            {
                _writer.Release();
            }
        }
    }

    /// <summary>Counts a statement that is about to be sent.</summary>
    public void Count() => Interlocked.Increment(ref _statements);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (TryTakeIdle(out var session))
        {
            await CloseAsync(session);
        }

        _gate.Dispose();
        _writer.Dispose();
    }

    private bool IsWriterTurn(SessionUse use) => use is not SessionUse.Read && dialect.HasSingleWriter;

    private async ValueTask WaitAsync(SemaphoreSlim places, CancellationToken cancellationToken)
    {
        if (!await places.WaitAsync(_options.SessionTimeout, cancellationToken))
        {
            throw new DatabaseUnavailableException("The database is busy; send the request again.");
        }
    }

    private Stack<DbSession> Idle(bool commitsEach) => commitsEach ? _forStatements : _forTransactions;

    private bool TryTakeIdle([NotNullWhen(true)] out DbSession? session)
    {
        lock (_lock)
        {
            return _forStatements.TryPop(out session) || _forTransactions.TryPop(out session);
        }
    }

    private async ValueTask<DbSession> TakeAsync(bool commitsEach, CancellationToken cancellationToken)
    {
        DbSession? session;
        lock (_lock)
        {
            if (Idle(commitsEach).TryPop(out session))
            {
                return session;
            }

            // Whoever passed the gate has a place: when all are open, one of the other kind is idle.
            if (_open < _options.MaxSessions)
            {
                _open++;
            }
            else
            {
                session = Idle(!commitsEach).Pop();
            }
        }

        if (session is null)
        {
            session = await OpenAsync(cancellationToken);
        }
        else
        {
            Count();
        }

        try
        {
            if (session.CommitsEach != commitsEach)
            {
                await session.CommitEachAsync(commitsEach);
            }

            return session;
        }
        catch
        {
            await DiscardAsync(session);
            throw;
        }
    }

    private async Task<DbSession> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = dialect.DataSource.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            await dialect.InitializeAsync(connection, cancellationToken);
            return new DbSession(connection, dialect, _options.MaxPreparedStatements);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            Forget();
            if (exception is DbException)
            {
                throw new DatabaseUnavailableException("The database cannot be reached.", exception);
            }

            throw;
        }
    }

    private async ValueTask DiscardAsync(DbSession session)
    {
        await CloseAsync(session);
        // What the server held before it went away is gone too: else each of these would fail one request after it is back.
        while (session.LostServer && TryTakeIdle(out var idle))
        {
            await CloseAsync(idle);
        }
    }

    private async ValueTask CloseAsync(DbSession session)
    {
        await session.DisposeAsync();
        Forget();
    }

    private void Forget()
    {
        lock (_lock)
        {
            _open--;
        }
    }
}
