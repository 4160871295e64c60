using Microservices.Documents;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Hosting;

/// <summary>
/// The keys that encrypt Password fields. They live in a folder of the service, apart from its database: <c>PASSWORD_KEYS_DIRECTORY</c>, otherwise <c>keys</c> in
/// <c>DATA_DIRECTORY</c>. Replicas of a service share the folder, and a backup of the database is worth nothing without it. No key is made before the first password is kept.
/// </summary>
internal static class PasswordKeys
{
    public static void AddTo(IServiceCollection services, IConfiguration configuration, string service)
    {
        var directory = configuration["PASSWORD_KEYS_DIRECTORY"] is { Length: > 0 } named ? named : Path.Combine(configuration["DATA_DIRECTORY"] ?? "data", "keys");
        services.AddDataProtection().SetApplicationName("microservices/" + service).PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(directory, service)));
        services.AddSingleton<PasswordVault>();
    }
}
