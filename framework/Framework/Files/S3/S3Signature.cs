using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microservices.Files;

/// <summary>Signs requests to an S3 store.</summary>
/// <remarks>AWS Signature Version 4, in the <c>Authorization</c> header, with the hash of the whole body.</remarks>
internal sealed class S3Signature(string accessKey, string secretKey, string region)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Service = "s3";

    /// <summary>SHA-256 of an empty body.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Signs a request: its path and query must be in the form of <see cref="Encode"/>, and all of its headers are signed.</summary>
    public void Sign(HttpRequestMessage request, string bodyHash, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Host = request.RequestUri!.IsDefaultPort ? request.RequestUri.Host : request.RequestUri.Authority;
        request.Headers.TryAddWithoutValidation("x-amz-date", time);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", bodyHash);

        var headers = request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value).Trim(), StringComparer.Ordinal);
        var names = headers.Keys.Order(StringComparer.Ordinal).ToList();
        var signed = string.Join(';', names);
        var canonical = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(request.RequestUri.AbsolutePath).Append('\n')
            .Append(CanonicalQuery(request.RequestUri.Query)).Append('\n')
            .AppendJoin("", names.Select(name => $"{name}:{headers[name]}\n")).Append('\n')
            .Append(signed).Append('\n')
            .Append(bodyHash);

        var scope = $"{time[..8]}/{region}/{Service}/aws4_request";
        var text = $"{Algorithm}\n{time}\n{scope}\n{Hash(canonical.ToString())}";
        var signature = Convert.ToHexStringLower(Hmac(Key(time[..8]), text));
        request.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={accessKey}/{scope},SignedHeaders={signed},Signature={signature}");
    }

    /// <summary>Encodes a part of a path or query: everything but letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>~</c>.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    private static string CanonicalQuery(string query) => string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal));

    private byte[] Key(string date)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), date);
        key = Hmac(key, region);
        key = Hmac(key, Service);
        return Hmac(key, "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
