using Microservices.Files;

namespace Microservices.Framework.Tests.Files;

/// <summary>The examples that Amazon publishes for Signature Version 4 in the <c>Authorization</c> header.</summary>
public sealed class S3SignatureTests
{
    private static readonly DateTimeOffset s_time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly S3Signature s_signature = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");

    [Fact]
    public void GetWithRange_HasThePublishedSignature() => Check(
        HttpMethod.Get, "/test.txt", S3Signature.EmptyHash, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", ("Range", "bytes=0-9"));

    [Fact]
    public void Put_HasThePublishedSignature() => Check(
        HttpMethod.Put,
        "/test%24file.text",
        "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"));

    [Fact]
    public void QueryWithoutValue_HasThePublishedSignature() => Check(
        HttpMethod.Get, "/?lifecycle", S3Signature.EmptyHash, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");

    [Fact]
    public void ListWithQuery_HasThePublishedSignature() => Check(
        HttpMethod.Get, "/?max-keys=2&prefix=J", S3Signature.EmptyHash, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");

    private static void Check(HttpMethod method, string path, string bodyHash, string signature, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "https://examplebucket.s3.amazonaws.com" + path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        s_signature.Sign(request, bodyHash, s_time);

        Assert.EndsWith("Signature=" + signature, request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }
}
