using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microservices.Hosting;

/// <summary>Log levels of a service while nothing else is set.</summary>
internal static class LogDefaults
{
    /// <summary>Adds them with the lowest priority, so that any setting wins.</summary>
    public static void AddTo(IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                // Lines for each request cost more than the request, and hold its query string.
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:System.Net.Http"] = "Warning",
                // What stops the start is thrown to whoever starts the service; the host's own line would bury it in a stack trace.
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
                // ASP.NET Core's authentication brings it along; nothing here is protected by its keys.
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
            },
        });
}
