using System.Data.Common;

namespace Microservices.Data.Sessions;

/// <summary>The rows of one statement; the session is free again when it is disposed.</summary>
internal sealed class SessionReader(DbDataReader reader, DbSession session) : IAsyncDisposable
{
    /// <summary>The driver's reader, at the current row.</summary>
    public DbDataReader Row => reader;

    /// <summary>Goes to the next row. What has arrived is read without waiting, so there is nothing to await in a short answer.</summary>
    public bool Read()
    {
        try
        {
            return reader.Read();
        }
        catch (DbException exception)
        {
            throw session.Fault(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        session.Release();
    }
}
