using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microservices.Benchmarks.Load;

/// <summary>
/// One keep-alive HTTP/1.1 connection with one request under way. It reads just what a load client must know, because client and
/// server share the machine's cores: HttpClient takes several times the CPU.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    /// <summary>The body of the last answer, in its transfer coding.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyStart, _length - _bodyStart);

    private int _bodyStart;

    public ValueTask ConnectAsync(CancellationToken cancellationToken) => _socket.ConnectAsync(server, cancellationToken);

    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <returns>The status code.</returns>
    /// <exception cref="IOException">The connection ended, or what came is not HTTP/1.1.</exception>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        for (ReadOnlyMemory<byte> rest = request; !rest.IsEmpty;)
        {
            rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
        }

        _length = 0;
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync(cancellationToken);
        }

        _bodyStart = end + 4;
        (int status, int? contentLength) = ReadHead(_buffer.AsSpan(0, end + 2));
        if (contentLength is { } bytes)
        {
            await ReceiveUntilAsync(_bodyStart + bytes, cancellationToken);
        }
        else
        {
            await ReceiveChunksAsync(cancellationToken);
        }

        return status;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The status and the length of the body; null when it comes in chunks.</summary>
    private static (int Status, int? ContentLength) ReadHead(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !int.TryParse(head.Slice(9, 3), CultureInfo.InvariantCulture, out int status))
        {
            throw new IOException("The server did not answer in HTTP/1.1.");
        }

        const string LengthName = "\r\nContent-Length: ";
        int at = head.IndexOf("\r\nContent-Length: "u8);
        if (at >= 0)
        {
            ReadOnlySpan<byte> value = head[(at + LengthName.Length)..];
            return (status, int.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture));
        }

        return head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0
            ? (status, null)
            : throw new IOException("The answer has neither Content-Length nor chunks.");
    }

    private async ValueTask ReceiveChunksAsync(CancellationToken cancellationToken)
    {
        for (int at = _bodyStart; ;)
        {
            int line;
            while ((line = _buffer.AsSpan(at, _length - at).IndexOf("\r\n"u8)) < 0)
            {
                await ReceiveAsync(cancellationToken);
            }

            int size = int.Parse(_buffer.AsSpan(at, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            at += line + 2 + size + 2;
            await ReceiveUntilAsync(at, cancellationToken);
            if (size == 0)
            {
                return;
            }
        }
    }

    private async ValueTask ReceiveUntilAsync(int length, CancellationToken cancellationToken)
    {
        while (_length < length)
        {
            await ReceiveAsync(cancellationToken);
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int received = await _socket.ReceiveAsync(_buffer.AsMemory(_length), SocketFlags.None, cancellationToken);
        if (received == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        _length += received;
    }
}
