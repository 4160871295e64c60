using System.Data.Common;
using Microservices.Data.Sessions;

namespace Microservices.Data;

/// <summary>The rows of a query; disposing gives the session back.</summary>
internal readonly struct QueryResult(SessionReader reader, DbSession session, SessionPool? pool, SessionUse use) : IAsyncDisposable
{
    /// <summary>The current row.</summary>
    public DbDataReader Row => reader.Row;

    /// <summary>Goes to the next row.</summary>
    public bool Read() => reader.Read();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        if (pool is not null)
        {
            await pool.ReturnAsync(session, use);
        }
    }
}
