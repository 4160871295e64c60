using System.Text;
using Microservices.Files;

namespace Microservices.Framework.Tests.Files;

/// <summary>What every store does, for both of them.</summary>
public sealed class FileStoreTests
{
    public static TheoryData<FileStoreKind> Kinds { get; } = [FileStoreKind.Disk, FileStoreKind.S3];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task WrittenBytes_AreReadListedAndDeleted(FileStoreKind kind)
    {
        await using var place = await Place.OfAsync(kind);
        var keys = Enumerable.Range(0, 8).Select(i => $"t-acme.x_y/{i:x32}").ToList();
        foreach (var key in keys)
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes($"bytes of {key}"));
            content.Position = content.Length; // a stream that was read already
            await place.Store.WriteAsync(key, content, Place.Token);
            Assert.True(content.CanRead);
        }

        Assert.Equal($"bytes of {keys[3]}", await place.ReadAsync(keys[3], 0));
        Assert.Equal("of " + keys[3], await place.ReadAsync(keys[3], 6));
        Assert.Equal(keys, await place.KeysAsync());

        await place.Store.DeleteAsync(keys[3], Place.Token);
        await place.Store.DeleteAsync(keys[3], Place.Token);
        Assert.Null(await place.Store.OpenAsync(keys[3], 0, Place.Token));
        Assert.Null(await place.Store.OpenAsync("never/written", 0, Place.Token));
        Assert.Equal(7, (await place.KeysAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task StreamThatFails_LeavesNothing(FileStoreKind kind)
    {
        await using var place = await Place.OfAsync(kind);

        await Assert.ThrowsAnyAsync<Exception>(() => place.Store.WriteAsync("t-acme/x", new FailingStream(), Place.Token));

        Assert.Empty(await place.KeysAsync());
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    [InlineData(".")]
    public async Task Disk_KeepsKeysInItsFolder(string key)
    {
        await using var place = await Place.OfAsync(FileStoreKind.Disk);

        await Assert.ThrowsAsync<ArgumentException>(() => place.Store.OpenAsync(key, 0, Place.Token));
    }

    [Fact]
    public async Task WrongSecret_IsRefusedByTheBucket()
    {
        await using var bucket = await S3StandIn.StartAsync();
        using var store = new S3FileStore(Options(bucket, "wrong"), "orders", TimeProvider.System);

        await Assert.ThrowsAsync<HttpRequestException>(() => store.WriteAsync("t-acme/x", new MemoryStream([1]), TestContext.Current.CancellationToken));
        Assert.Equal(1, bucket.Refused);
    }

    [Fact]
    public async Task ServicesOfOneBucket_DoNotSeeEachOther()
    {
        await using var bucket = await S3StandIn.StartAsync();
        using var orders = new S3FileStore(Options(bucket), "orders", TimeProvider.System);
        using var invoices = new S3FileStore(Options(bucket), "invoices", TimeProvider.System);
        await orders.WriteAsync("t-acme/x", new MemoryStream([1]), TestContext.Current.CancellationToken);

        Assert.Null(await invoices.OpenAsync("t-acme/x", 0, TestContext.Current.CancellationToken));
        Assert.Empty(await invoices.ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    internal static S3Options Options(S3StandIn bucket, string secret = S3StandIn.SecretKey) => new()
    {
        Endpoint = new Uri(bucket.Address), Bucket = S3StandIn.Bucket, Region = S3StandIn.Region, AccessKey = S3StandIn.AccessKey, SecretKey = secret,
    };

    private sealed class Place(IFileStore store, string folder, S3StandIn? bucket) : IAsyncDisposable
    {
        public IFileStore Store => store;

        public static CancellationToken Token => TestContext.Current.CancellationToken;

        public static async Task<Place> OfAsync(FileStoreKind kind)
        {
            var folder = Directory.CreateTempSubdirectory("store-").FullName;
            var bucket = kind is FileStoreKind.S3 ? await S3StandIn.StartAsync() : null;
            return new Place(bucket is null ? new DiskFileStore(folder) : new S3FileStore(Options(bucket), "orders", TimeProvider.System), folder, bucket);
        }

        public async Task<string> ReadAsync(string key, long offset)
        {
            using var reader = new StreamReader((await Store.OpenAsync(key, offset, Token))!);
            return await reader.ReadToEndAsync(Token);
        }

        public async Task<List<string>> KeysAsync() => await Store.ListAsync(Token).Select(found => found.Key).Order().ToListAsync(Token);

        public async ValueTask DisposeAsync()
        {
            (store as IDisposable)?.Dispose();
            if (bucket is not null)
            {
                await bucket.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        public FailingStream() : base(new byte[100_000])
        {
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("the disk is full");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("the disk is full");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the disk is full");
    }
}
