using System.Collections.Concurrent;
using System.Data.Common;
using Microservices.Data.Dialects;
using Microservices.Errors;
using Microsoft.Extensions.Options;

namespace Microservices.Data.Sessions;

/// <summary>
/// The service's database sessions: a fixed number, held open, behind an asynchronous gate. A request that finds none free waits
/// without a thread, and never more tasks open connections than there are places.
/// </summary>
internal sealed class SessionPool(SqlDialect dialect, IOptions<DatabaseOptions> options) : IAsyncDisposable
{
    private readonly DatabaseOptions _options = options.Value;
    private readonly SemaphoreSlim _gate = new(options.Value.MaxSessions);
    private readonly SemaphoreSlim _writer = new(1);
    private readonly ConcurrentStack<DbSession> _idle = new();
    private long _statements;

    public SqlDialect Dialect => dialect;

    /// <summary>Statements sent since the start; one is one round trip.</summary>
    public long Statements => Volatile.Read(ref _statements);

    /// <summary>Takes a session; give it back with <see cref="ReturnAsync"/>.</summary>
    /// <param name="write">Whether a transaction will run on it; where only one may write, this waits for its turn.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseUnavailableException">No session became free in time, or the server cannot be reached.</exception>
    public async ValueTask<DbSession> RentAsync(bool write, CancellationToken cancellationToken)
    {
        var turn = write && dialect.HasSingleWriter;
        if (turn)
        {
            await WaitAsync(_writer, cancellationToken);
        }

        try
        {
            await WaitAsync(_gate, cancellationToken);
            try
            {
                return _idle.TryPop(out var session) ? session : await OpenAsync(cancellationToken);
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

    /// <summary>Gives a session back, closing it when it is broken, and with it the idle ones when the server went away.</summary>
    public async ValueTask ReturnAsync(DbSession session, bool write)
    {
        try
        {
            if (!session.IsBroken)
            {
                _idle.Push(session);
                return;
            }

            await session.DisposeAsync();
            // What the server held before it went away is gone too: else each of these would fail one request after it is back.
            while (session.LostServer && _idle.TryPop(out var idle))
            {
                await idle.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
            if (write && dialect.HasSingleWriter)
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
        while (_idle.TryPop(out var session))
        {
            await session.DisposeAsync();
        }

        _gate.Dispose();
        _writer.Dispose();
    }

    private async ValueTask WaitAsync(SemaphoreSlim places, CancellationToken cancellationToken)
    {
        if (!await places.WaitAsync(_options.SessionTimeout, cancellationToken))
        {
            throw new DatabaseUnavailableException("The database is busy; send the request again.");
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
        catch (DbException exception)
        {
            await connection.DisposeAsync();
            throw new DatabaseUnavailableException("The database cannot be reached.", exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
