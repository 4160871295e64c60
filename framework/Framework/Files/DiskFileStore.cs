using System.Runtime.CompilerServices;

namespace Microservices.Files;

/// <summary>Keeps bytes in a folder. A file appears under its key when all of it is on the disk.</summary>
internal sealed class DiskFileStore(string root) : IFileStore
{
    private const string Unfinished = "unfinished";

    public async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        var target = PathOf(key);
        var draft = PathOf($"{Unfinished}/{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            content.Position = 0;
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    public Task<Stream?> OpenAsync(string key, long offset, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            file.Position = offset;
            return Task.FromResult<Stream?>(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // nothing was ever written there
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredObject(Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.LastWriteTimeUtc);
        }

        await Task.CompletedTask;
    }

    // Keys are the framework's own; that none leaves the folder is made sure all the same.
    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(Path.GetFullPath(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The key '{key}' leaves the folder.", nameof(key));
    }
}
