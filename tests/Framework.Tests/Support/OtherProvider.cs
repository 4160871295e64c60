using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Support;

/// <summary>An OpenID provider on loopback that is not the central site: with a path of its own, RSA keys, and whatever a test has it publish.</summary>
internal sealed class OtherProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherProvider(string path, string keysPath, string issuerEnd)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet(path + "/.well-known/openid-configuration", () => Results.Text(
            new JsonObject
            {
                ["issuer"] = Issuer,
                ["jwks_uri"] = Origin + keysPath,
                ["token_endpoint"] = Origin + path + "/token",
                ["userinfo_endpoint"] = "https://graph.example/userinfo",
                ["end_session_endpoint"] = null,
            }.ToJsonString(),
            "application/json"));
        _app.MapGet(keysPath, () => Results.Text(TestSigner.KeySet([.. Keys.Select(key => key.DeepClone())]), "application/json"));
        (Path, IssuerEnd) = (path, issuerEnd);
    }

    public string Path { get; }

    public string IssuerEnd { get; }

    public string Origin => _app.Urls.Single();

    public string Issuer => Origin + Path + IssuerEnd;

    /// <summary>The key that it signs with: one for all, since making one takes long.</summary>
    public static RSA Rsa { get; } = RSA.Create(2048);

    /// <summary>A key that it does not sign with.</summary>
    public static RSA StrangeRsa { get; } = RSA.Create(2048);

    public TestSigner Ec { get; } = new();

    /// <summary>What the key document holds.</summary>
    public List<JsonObject> Keys { get; } = [];

    public static async Task<OtherProvider> StartNewAsync(string path, string keysPath, string issuerEnd = "")
    {
        var provider = new OtherProvider(path, keysPath, issuerEnd);
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public static JsonObject RsaKey(RSA rsa, string keyId)
    {
        RSAParameters parameters = rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    /// <summary>A token signed with an RSA key, by the algorithm that its header names.</summary>
    public static string Sign(RSA rsa, JsonObject header, JsonObject claims)
    {
        string input = $"{TestSigner.Encode(header.ToJsonString())}.{TestSigner.Encode(claims.ToJsonString())}";
        RSASignaturePadding padding = header["alg"]!.GetValue<string>() == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return $"{input}.{Base64Url.EncodeToString(rsa.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256, padding))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Ec.Dispose();
    }
}
