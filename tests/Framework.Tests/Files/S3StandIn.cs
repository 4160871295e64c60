#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Files;

/// <summary>
/// A bucket on loopback that keeps objects in memory and refuses every request whose signature, body hash or time is wrong. It works the signature out
/// from what arrives on the wire, in its own way.
/// </summary>
internal sealed class S3StandIn : IAsyncDisposable
{
    public const string Bucket = "bucket";
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-test-1";

    private const int PageSize = 3;

    private readonly WebApplication _app;

    private S3StandIn(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Written)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that were refused.</summary>
    public int Refused { get; private set; }

    public string Address => _app.Urls.Single();

    public static async Task<S3StandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var bucket = new S3StandIn(app);
        app.Run(bucket.AnswerAsync);
        await app.StartAsync();
        return bucket;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        if (!IsSigned(context.Request, target[0], target.Length > 1 ? target[1] : "", body.ToArray()))
        {
            Refused++;
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var key = Uri.UnescapeDataString(target[0][1..]);
        if (key == Bucket)
        {
            await ListAsync(context);
            return;
        }

        key = key[(Bucket.Length + 1)..];
        switch (context.Request.Method)
        {
            case "PUT":
                Objects[key] = (body.ToArray(), DateTimeOffset.UtcNow.AddSeconds(-1));
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                var from = context.Request.GetTypedHeaders().Range?.Ranges.Single().From;
                context.Response.StatusCode = from is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
                await context.Response.Body.WriteAsync(found.Bytes.AsMemory((int)(from ?? 0)));
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        var after = context.Request.Query["continuation-token"].ToString();
        var keys = Objects.Keys.Where(key => key.StartsWith(context.Request.Query["prefix"].ToString(), StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .SkipWhile(key => after.Length > 0 && string.CompareOrdinal(key, after) <= 0).ToList();
        var page = keys.Take(PageSize).ToList();
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        foreach (var key in page)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><LastModified>{Objects[key].Written:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}</LastModified></Contents>");
        }

        xml.Append(keys.Count > PageSize ? $"<NextContinuationToken>{page[^1]}</NextContinuationToken>" : "").Append("</ListBucketResult>");
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(xml.ToString());
    }

    private static bool IsSigned(HttpRequest request, string path, string query, byte[] body)
    {
        var parts = request.Headers.Authorization.ToString()["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var scope = parts["Credential"].Split('/', 2);
        var time = request.Headers["x-amz-date"].ToString();
        var sent = DateTimeOffset.ParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var names = parts["SignedHeaders"].Split(';');
        if (scope[0] != AccessKey || scope[1] != $"{time[..8]}/{Region}/s3/aws4_request" || (DateTimeOffset.UtcNow - sent).Duration() > TimeSpan.FromMinutes(15)
            || !names.Contains("host") || !names.Contains("x-amz-date") || !names.Contains("x-amz-content-sha256")
            || request.Headers["x-amz-content-sha256"] != Hex(SHA256.HashData(body)))
        {
            return false;
        }

        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).ToList();
        pairs.Sort(string.CompareOrdinal);
        var canonical = new StringBuilder(request.Method).Append('\n').Append(path).Append('\n').Append(string.Join("&", pairs)).Append('\n');
        foreach (var name in names)
        {
            canonical.Append(name).Append(':').Append(request.Headers[name].ToString()).Append('\n');
        }

        canonical.Append('\n').Append(parts["SignedHeaders"]).Append('\n').Append(request.Headers["x-amz-content-sha256"].ToString());
        var key = Encoding.UTF8.GetBytes("AWS4" + SecretKey);
        foreach (var step in (string[])[time[..8], Region, "s3", "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(step));
        }

        var text = $"AWS4-HMAC-SHA256\n{time}\n{scope[1]}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        return parts["Signature"] == Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
