using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;

namespace Microservices.Files;

/// <summary>Keeps bytes in a bucket of an S3 store: Amazon's, MinIO, Ceph and others that speak its protocol.</summary>
internal sealed class S3FileStore(S3Options options, string prefix, TimeProvider time) : IFileStore, IDisposable
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = s_answerTimeout };
    private readonly S3Signature _signature = new(
        options.AccessKey, options.SecretKey.Length > 0 ? options.SecretKey : File.ReadAllText(options.SecretKeyFile).Trim(), options.Region);

    public async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        content.Position = 0;
        using var request = new HttpRequestMessage(HttpMethod.Put, Address(key))
        {
            Content = new StreamContent(new Borrowed(content)) { Headers = { ContentLength = content.Length } },
        };
        using var response = await SendAsync(request, hash, cancellationToken);
        Require(response, HttpStatusCode.OK);
    }

    public async Task<Stream?> OpenAsync(string key, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(key));
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }

        var response = await SendAsync(request, S3Signature.EmptyHash, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            response.Dispose();
            return null;
        }

        try
        {
            Require(response, offset > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK);
            return await response.Content.ReadAsStreamAsync(cancellationToken); // closing it lets go of the connection
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Address(key));
        using var response = await SendAsync(request, S3Signature.EmptyHash, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.NotFound)
        {
            Require(response, HttpStatusCode.NoContent, HttpStatusCode.OK);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var query = $"?list-type=2&prefix={S3Signature.Encode(prefix + "/")}" + (next is null ? "" : $"&continuation-token={S3Signature.Encode(next)}");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Bucket() + query));
            using var response = await SendAsync(request, S3Signature.EmptyHash, cancellationToken);
            Require(response, HttpStatusCode.OK);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = XmlReader.Create(body, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit });
            var page = (await XDocument.LoadAsync(reader, LoadOptions.None, cancellationToken)).Root!;
            var name = page.Name.Namespace;
            foreach (var item in page.Elements(name + "Contents"))
            {
                yield return new StoredObject(
                    item.Element(name + "Key")!.Value[(prefix.Length + 1)..],
                    DateTimeOffset.Parse(item.Element(name + "LastModified")!.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            }

            next = page.Element(name + "NextContinuationToken")?.Value;
        }
        while (!string.IsNullOrEmpty(next));
    }

    public void Dispose() => _http.Dispose();

    private string Bucket() => $"{options.Endpoint!.GetLeftPart(UriPartial.Authority)}/{S3Signature.Encode(options.Bucket)}";

    private Uri Address(string key) => new($"{Bucket()}/{string.Join('/', $"{prefix}/{key}".Split('/').Select(S3Signature.Encode))}");

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string bodyHash, CancellationToken cancellationToken)
    {
        _signature.Sign(request, bodyHash, time.GetUtcNow());
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static void Require(HttpResponseMessage response, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if (!expected.Contains(response.StatusCode))
        {
            throw new HttpRequestException($"The file store answered {(int)response.StatusCode} to {response.RequestMessage!.Method}.", null, response.StatusCode);
        }
    }

    // HttpClient closes what it has sent; the upload is its owner's to close.
    private sealed class Borrowed(Stream stream) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => stream.Length;

        public override long Position
        {
            get => stream.Position;
            set => stream.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => stream.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => stream.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
