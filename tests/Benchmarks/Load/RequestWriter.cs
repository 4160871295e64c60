using System.Globalization;
using System.Text.Unicode;
using Microservices.Benchmarks.Data;

namespace Microservices.Benchmarks.Load;

/// <summary>Writes random requests of one endpoint, each of a random tenant, into one buffer.</summary>
internal sealed class RequestWriter(BenchEndpoint endpoint, string host, IReadOnlyList<string> tokens, int rows, int seed)
{
    private static readonly string s_resource = "/api/resource/" + Uri.EscapeDataString(BenchItem.DocType);

    private static readonly string s_list =
        $"{s_resource}?fields={Uri.EscapeDataString($"[\"{string.Join("\",\"", BenchItem.ListFields)}\"]")}&order_by={Uri.EscapeDataString("modified desc")}&limit_page_length=20";

    private readonly Random _random = new(seed);
    private readonly byte[] _request = new byte[16 * 1024];
    private readonly byte[] _body = new byte[1024];

    /// <summary>The next request; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        string token = tokens[_random.Next(tokens.Count)];
        string name = BenchItem.Name(_random.Next(rows));
        int body = WriteBody();
        (string verb, string path) = endpoint switch
        {
            BenchEndpoint.List => ("GET", s_list),
            BenchEndpoint.Get => ("GET", $"{s_resource}/{name}"),
            BenchEndpoint.Create => ("POST", s_resource),
            _ => ("PUT", $"{s_resource}/{name}"),
        };
        string ofBody = body == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body}\r\n");
        if (!Utf8.TryWrite(_request, $"{verb} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{ofBody}\r\n", out int head))
        {
            throw new InvalidOperationException("The request is larger than its buffer.");
        }

        _body.AsSpan(0, body).CopyTo(_request.AsSpan(head));
        return _request.AsMemory(0, head + body);
    }

    private int WriteBody()
    {
        int number = _random.Next(1000);
        int length = 0;
        _ = endpoint switch
        {
            BenchEndpoint.Create => Utf8.TryWrite(
                _body,
                CultureInfo.InvariantCulture,
                $$"""{"customer":"Customer {{number}}","status":"Draft","quantity":{{number}},"amount":{{number}}.25,"due":"2026-12-{{1 + (number % 28):d2}}"}""",
                out length),
            BenchEndpoint.Update => Utf8.TryWrite(_body, CultureInfo.InvariantCulture, $$"""{"status":"Confirmed","quantity":{{number}},"amount":{{number}}.75}""", out length),
            _ => true,
        };
        return length;
    }
}
