using System.ComponentModel.DataAnnotations;

namespace Microservices.Data;

/// <summary>Settings of the service's database. Bound from <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Connections held by the service; more requests than that wait their turn without blocking a thread.</summary>
    /// <value>1 to 256. The default is 16. Keep services x sessions below the server's <c>max_connections</c>.</value>
    [Range(1, 256)]
    public int MaxSessions { get; set; } = 16;

    /// <summary>Prepared statements kept on each connection, the most recently used.</summary>
    /// <value>16 to 4,096. The default is 128: a server allows 16,382 in all, for every service and session together.</value>
    [Range(16, 4096)]
    public int MaxPreparedStatements { get; set; } = 128;

    /// <summary>How long a request waits for a free connection before it is answered 503.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
