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
        catch (Exception exception)
        {
            session.Distrust(exception);
            throw;
        }
    }

    /// <summary>Frees the session. Never throws, so that it hides no error of the reading itself.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await reader.DisposeAsync();
        }
#pragma warning disable CA1031 // The rows that were asked for have been read; the driver's trouble with the rest ends with the connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            session.Distrust(exception);
        }

        session.Release();
    }
}
