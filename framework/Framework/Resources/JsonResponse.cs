using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>
/// A JSON answer. It gathers in memory of its own: what a connection's buffer holds cannot be taken back when an error ends the work
/// half-way, and a client that reads slowly must not keep a database session waiting.
/// </summary>
internal sealed class JsonResponse : IDisposable
{
    public const string ContentType = "application/json";

    public static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    // Beyond this, memory is dearer than a session.
    private const int MaxGatheredBytes = 8 * 1024 * 1024;

    private readonly PooledBuffer _buffer = new();
    private readonly HttpContext _context;

    public JsonResponse(HttpContext context, int status)
    {
        _context = context;
        Status = status;
        Writer = new Utf8JsonWriter(_buffer, FrappeJson.WriterOptions);
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>The status, until the answer has begun.</summary>
    public int Status { get; set; }

    /// <summary>Sends what has gathered once it is very large; an error afterwards cuts the connection.</summary>
    public ValueTask FlushIfLargeAsync() => _buffer.Count > MaxGatheredBytes ? SendAsync() : default;

    /// <summary>Sends the rest.</summary>
    public ValueTask CompleteAsync()
    {
        Writer.Flush();
        if (!_context.Response.HasStarted)
        {
            _context.Response.ContentLength = _buffer.Count;
        }

        return SendAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Writer.Reset(Stream.Null); // what an error left unsent stays unsent
        Writer.Dispose();
        _buffer.Dispose();
    }

    private async ValueTask SendAsync()
    {
        if (!_context.Response.HasStarted)
        {
            _context.Response.StatusCode = Status;
            _context.Response.ContentType = ContentType;
        }

        await _context.Response.BodyWriter.WriteAsync(_buffer.Written, _context.RequestAborted);
        _buffer.Clear();
    }
}
