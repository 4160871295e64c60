using System.Data.Common;
using Microservices.Data.Dialects;

namespace Microservices.Data.Sessions;

/// <summary>
/// One held connection and the statements prepared on it, the most recently used kept. Preparing once and never closing a
/// statement between uses is what makes a round trip cheap with MySql.Data.
/// </summary>
internal sealed class DbSession(DbConnection connection, SqlDialect dialect, int maxPrepared) : IAsyncDisposable
{
    private readonly Dictionary<string, LinkedListNode<(string Sql, PreparedCommand Command)>> _prepared = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Sql, PreparedCommand Command)> _recent = new();
    private readonly SemaphoreSlim _statement = new(1, 1);

    /// <summary>Whether each statement is committed by itself; otherwise the first one after a commit or rollback begins a transaction.</summary>
    public bool CommitsEach { get; private set; } = true;

    /// <summary>Whether an error left the connection in a state that nobody knows: it is closed, not reused.</summary>
    public bool IsBroken => BrokenBy is not null;

    /// <summary>Whether another user may have it: it is not broken, and no statement that somebody forgot to await is running on it.</summary>
    public bool IsReusable => !IsBroken && _statement.CurrentCount > 0;

    /// <summary>That error.</summary>
    public DatabaseException? BrokenBy { get; private set; }

    /// <summary>Whether that error was the server's going away, which the other sessions share.</summary>
    public bool LostServer { get; private set; }

    /// <summary>Runs a statement that answers rows. The reader must be disposed before the next statement.</summary>
    public async ValueTask<SessionReader> QueryAsync(string sql, ReadOnlyMemory<object?> values)
    {
        Enter();
        try
        {
            var command = Prepare(sql, values.Span);
            var reader = dialect.IsInProcess ? command.ExecuteReader() : await command.ExecuteReaderAsync(CancellationToken.None);
            return new SessionReader(reader, this);
        }
        catch (DbException exception)
        {
            var fault = Fault(exception);
            Release();
            throw fault;
        }
        catch (Exception exception)
        {
            Distrust(exception);
            Release();
            throw;
        }
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public async ValueTask<int> ExecuteAsync(string sql, ReadOnlyMemory<object?> values = default)
    {
        Enter();
        try
        {
            var command = Prepare(sql, values.Span);
            return dialect.IsInProcess ? command.ExecuteNonQuery() : await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (DbException exception)
        {
            throw Fault(exception);
        }
        catch (Exception exception)
        {
            Distrust(exception);
            throw;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Changes <see cref="CommitsEach"/>, outside a transaction.</summary>
    public async ValueTask CommitEachAsync(bool value)
    {
        await ExecuteAsync($"set autocommit = {(value ? 1 : 0)}");
        CommitsEach = value;
    }

    /// <summary>
    /// Closes the connection, once the statement that is running on it has ended: the driver hangs when another thread closes it before. Never
    /// throws: what cannot be closed any more is the server's to forget.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _statement.WaitAsync();
        foreach (var (_, command) in _recent)
        {
            await CloseAsync(command.Command);
        }

        await CloseAsync(connection);
        _statement.Dispose();
    }

    /// <summary>Makes the session free for the next statement.</summary>
    internal void Release() => _statement.Release();

    /// <summary>Keeps the session from being used again.</summary>
    internal void Distrust(Exception exception) => BrokenBy ??= new DatabaseException(new(FaultKind.Other), exception);

    internal DatabaseException Fault(DbException exception)
    {
        var fault = new DatabaseException(dialect.Classify(exception), exception);
        // A refused key leaves the connection as it was; after anything else it is not trusted any more.
        if (fault.Fault.Kind is not FaultKind.Duplicate)
        {
            BrokenBy ??= fault;
        }

        LostServer |= fault.Fault.Kind is FaultKind.Unavailable;
        return fault;
    }

    private async ValueTask CloseAsync(IAsyncDisposable part)
    {
        try
        {
            await part.DisposeAsync();
        }
#pragma warning disable CA1031 // On a connection that is gone the driver fails in ways of its own, a null reference among them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Distrust(exception);
        }
    }

    private void Enter()
    {
        if (!_statement.Wait(0))
        {
            throw new InvalidOperationException("A transaction runs one statement at a time: await each call on the TenantDb before the next.");
        }
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        var parameters = new object[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            parameters[i] = values[i] is { } value ? dialect.ToParameter(value) : DBNull.Value;
        }

        PreparedCommand? earlier = null;
        if (_prepared.TryGetValue(sql, out var node))
        {
            _recent.Remove(node);
            if (node.Value.Command.TryBind(parameters))
            {
                _recent.AddFirst(node);
                return node.Value.Command.Command;
            }

            earlier = node.Value.Command;
            _prepared.Remove(sql);
        }

        var prepared = PreparedCommand.Prepare(connection, sql, parameters, earlier);
        earlier?.Command.Dispose();
        _prepared.Add(sql, _recent.AddFirst((sql, prepared)));
        if (_recent.Count > maxPrepared)
        {
            var (oldSql, old) = _recent.Last!.Value;
            _recent.RemoveLast();
            _prepared.Remove(oldSql);
            old.Command.Dispose();
        }

        return prepared.Command;
    }
}
