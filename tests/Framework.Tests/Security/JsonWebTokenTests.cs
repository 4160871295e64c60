using System.Text;
using Microservices.Framework.Tests.Support;
using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

/// <summary>The examples of RFC 7515 appendix A.</summary>
public sealed class JsonWebTokenTests
{
    private const string Claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string A3Header = "eyJhbGciOiJFUzI1NiJ9";
    private const string A3Signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string A3Key = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                  "use":"sig","alg":"ES256","kid":"a3"}]}
        """;

    private const string A2Header = "eyJhbGciOiJSUzI1NiJ9";
    private const string A2Signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    private const string A2Modulus = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    private const string OtherKeys = $$"""
        {"keys":[
          {"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow","use":"sig","alg":"HS256","kid":"a1"},
          {"kty":"RSA","n":"{{A2Modulus}}","e":"AQAB","use":"sig","alg":"RS256","kid":"a2"},
          {"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","use":"sig","alg":"ES512","kid":"a4"}
        ]}
        """;

    private static readonly SigningKeySet s_keys = SigningKeySet.TryRead(Encoding.UTF8.GetBytes(A3Key))!;

    [Fact]
    public void AppendixA3_Verifies()
    {
        Assert.True(JsonWebToken.TryParse($"{A3Header}.{Claims}.{A3Signature}", out JsonWebToken token));
        using (token)
        {
            Assert.Equal("""{"alg":"ES256"}""", Encoding.UTF8.GetString(token.Header.Span));
            Assert.StartsWith("{\"iss\":\"joe\"", Encoding.UTF8.GetString(token.Payload.Span), StringComparison.Ordinal);
            Assert.Equal($"{A3Header}.{Claims}", Encoding.UTF8.GetString(token.SigningInput));
            Assert.True(s_keys.Find("a3")!.Verify("ES256", token.SigningInput, token.Signature));
        }
    }

    [Fact]
    public void KeysOfTheOtherExamples_AreNoneOfOurs() => Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(OtherKeys)));

    [Fact]
    public void AppendixA2_VerifiesWhereRs256IsAllowed()
    {
        SigningKeySet keys = SigningKeySet.TryRead(Encoding.UTF8.GetBytes(OtherKeys), ["ES256", "RS256"])!;
        Assert.Equal(1, keys.Count);
        Assert.True(JsonWebToken.TryParse($"{A2Header}.{Claims}.{A2Signature}", out JsonWebToken token));
        using (token)
        {
            Assert.True(keys.Find("a2")!.Verify("RS256", token.SigningInput, token.Signature));
            Assert.False(keys.Find("a2")!.Verify("PS256", token.SigningInput, token.Signature));
            Assert.False(keys.Find("a2")!.Verify("ES256", token.SigningInput, token.Signature));
        }
    }

    /// <summary>RFC 7517 appendix A.1: an EC key for encryption, and an RSA key without a use.</summary>
    [Fact]
    public void Rfc7517Keys_AreNoneOfOurs_UntilTheySayThatTheyVerifyOurSignatures()
    {
        const string document = """
            {"keys":[
              {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},
              {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            ]}
            """;
        Assert.Null(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(document), SignatureAlgorithm.All));
        string forSignatures = document.Replace("\"use\":\"enc\"", "\"use\":\"sig\",\"alg\":\"ES256\"", StringComparison.Ordinal);
        Assert.NotNull(SigningKeySet.TryRead(Encoding.UTF8.GetBytes(forSignatures))!.Find("1"));
    }

    [Theory]
    [InlineData("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + Claims + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9." + Claims + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw")]
    [InlineData(A3Header + "." + Claims + "." + A3Signature)]
    [InlineData("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn")]
    [InlineData("eyJhbGciOiJub25lIn0." + Claims + ".")]
    [InlineData("""{"payload":"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ","signatures":[{"protected":"eyJhbGciOiJFUzI1NiJ9","header":{"kid":"a3"},"signature":"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"}]}""")]
    public void AppendixAExamples_AreNoAccessTokens(string token)
    {
        var validator = new AccessTokenValidator(new CentralSiteOptions { Url = new Uri("https://site.example") });
        Assert.Null(validator.Validate(token, s_keys, DateTimeOffset.FromUnixTimeSeconds(1300819000)).User);
    }

    /// <summary>RFC 4648 section 10, without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg")]
    [InlineData("fo", "Zm8")]
    [InlineData("foo", "Zm9v")]
    [InlineData("foob", "Zm9vYg")]
    [InlineData("fooba", "Zm9vYmE")]
    [InlineData("foobar", "Zm9vYmFy")]
    public void CanonicalBase64Url_Decodes(string text, string encoded)
    {
        byte[] bytes = new byte[16];
        Assert.True(StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(encoded), bytes, out int written));
        Assert.Equal(text, Encoding.UTF8.GetString(bytes.AsSpan(0, written)));
        Assert.Equal(encoded, TestSigner.Encode(text));
    }

    [Theory]
    [InlineData("Z")]
    [InlineData("Zg==")]
    [InlineData("Zh")]
    [InlineData("Zm9")]
    [InlineData("Zm 8")]
    [InlineData("Zm+8")]
    [InlineData("Zm/8")]
    [InlineData("Zm9v\n")]
    [InlineData("Zm9vY")]
    public void AnyOtherBase64_DoesNotDecode(string encoded) =>
        Assert.False(StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(encoded), new byte[16], out _));
}
