using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>
/// A JSON answer written straight into the connection's buffer. Nothing is sent before the first flush, so an error until then still
/// becomes an error answer.
/// </summary>
internal sealed class JsonResponse : IDisposable
{
    public const string ContentType = "application/json";

    public static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    private const int FlushBytes = 32 * 1024;

    private readonly HttpContext _context;
    private readonly int _status;
    private bool _started;

    public JsonResponse(HttpContext context, int status)
    {
        _context = context;
        _status = status;
        Writer = new Utf8JsonWriter(context.Response.BodyWriter, FrappeJson.WriterOptions);
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>Sends what has gathered once it is more than a few packets.</summary>
    public ValueTask FlushIfLargeAsync() => Writer.BytesPending + Writer.BytesCommitted > FlushBytes && Writer.BytesPending > FlushBytes / 2 ? FlushAsync() : default;

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync()
    {
        Start();
        await Writer.FlushAsync(_context.RequestAborted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_started)
        {
            Writer.Reset(Stream.Null); // an error on the way: what was written so far is not sent
        }

        Writer.Dispose();
    }

    private async ValueTask FlushAsync()
    {
        Start();
        await Writer.FlushAsync(_context.RequestAborted);
    }

    private void Start()
    {
        if (!_started)
        {
            _started = true;
            _context.Response.StatusCode = _status;
            _context.Response.ContentType = ContentType;
        }
    }
}
