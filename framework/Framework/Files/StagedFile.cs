using System.Buffers;
using System.Security.Cryptography;

namespace Microservices.Files;

/// <summary>The bytes of an upload in a temporary file, which goes when this is disposed or the process ends.</summary>
internal sealed class StagedFile : IAsyncDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly FileStream _file;

    private StagedFile(FileStream file, long size, string md5, string sha256) => (_file, Size, Md5, Sha256) = (file, size, md5, sha256);

    public long Size { get; }

    /// <summary>Frappe's <c>content_hash</c>; nothing is trusted to it.</summary>
    public string Md5 { get; }

    public string Sha256 { get; }

    public Stream Content => _file;

    /// <exception cref="MaxFileSizeReachedException">There are more bytes than allowed.</exception>
    public static async Task<StagedFile> ReceiveAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var file = Create();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var size = 0L;
            int read;
            while ((read = await source.ReadAsync(chunk, cancellationToken)) > 0)
            {
                size += read;
                if (size > maxBytes)
                {
                    throw new MaxFileSizeReachedException($"The file is larger than {maxBytes} bytes");
                }

                md5.AppendData(chunk, 0, read);
                sha256.AppendData(chunk, 0, read);
                await file.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            }

            return new StagedFile(file, size, Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static FileStream Create()
    {
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // temporary folders are everybody's
        }

        return new FileStream(Path.Combine(Path.GetTempPath(), "upload-" + Guid.NewGuid().ToString("N")), how);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
