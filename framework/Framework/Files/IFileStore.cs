namespace Microservices.Files;

/// <summary>
/// Keeps the bytes of one service's files by key. Keys are made by the framework of letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>; no name that
/// a user gave is part of one. Replace it in the container to keep bytes elsewhere.
/// </summary>
public interface IFileStore
{
    /// <summary>Keeps bytes, all of them or, when it fails, none. When it returns they outlive a crash.</summary>
    /// <param name="key">A new key.</param>
    /// <param name="content">The bytes, from the start of a stream that can seek.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WriteAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens bytes from an offset on; null when there are none of this key.</summary>
    public Task<Stream?> OpenAsync(string key, long offset, CancellationToken cancellationToken);

    /// <summary>Removes bytes, if there are any.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>All keys, with the time they were written.</summary>
    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A key that a store holds.</summary>
/// <param name="Key">The key.</param>
/// <param name="Written">When its bytes were written.</param>
public readonly record struct StoredObject(string Key, DateTimeOffset Written);
