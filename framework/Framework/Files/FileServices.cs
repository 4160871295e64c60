using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microservices.Files;

/// <summary>Registers files.</summary>
internal static class FileServices
{
    /// <summary>Adds the store that the settings name, unless the service brings one of its own.</summary>
    public static void AddFiles(this IServiceCollection services, string service, IConfiguration configuration)
    {
        services.AddOptions<FileStorageOptions>().BindConfiguration("Files").ValidateDataAnnotations()
            .Validate(options => options.OrphanAge >= TimeSpan.Zero, "Files:OrphanAge is not below zero.")
            .Validate(
                options => options.Store is FileStoreKind.Disk || options.S3 is { Endpoint.IsAbsoluteUri: true, Bucket.Length: > 0, AccessKey.Length: > 0 } and ({ SecretKey.Length: > 0 } or { SecretKeyFile.Length: > 0 }),
                "Files:Store=S3 needs Files:S3:Endpoint, Bucket, AccessKey and SecretKey or SecretKeyFile.")
            .ValidateOnStart();
        services.AddSingleton(new FileAddress(service));
        services.TryAddSingleton(provider => Store(provider.GetRequiredService<IOptions<FileStorageOptions>>().Value, service, configuration["DATA_DIRECTORY"] ?? "data", provider));
        services.AddScoped(scope => FileManager.Of(scope.GetRequiredService<Data.TenantDb>()));
        services.AddSingleton<FileSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<FileSweeper>());
    }

    private static IFileStore Store(FileStorageOptions options, string service, string dataDirectory, IServiceProvider provider) => options.Store is FileStoreKind.S3
        ? new S3FileStore(options.S3, options.S3.Prefix.Length > 0 ? options.S3.Prefix : service, provider.GetRequiredService<TimeProvider>())
        : new DiskFileStore(Path.GetFullPath(options.Directory.Length > 0 ? options.Directory : Path.Combine(dataDirectory, service + ".files")));
}
