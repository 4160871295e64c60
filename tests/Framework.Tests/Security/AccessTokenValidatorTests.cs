using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Support;
using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

public sealed class AccessTokenValidatorTests : IDisposable
{
    private const string Issuer = "https://site.example";
    private const string Audience = "https://orders.example";

    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestSigner _signer = new();
    private readonly SigningKeySet _keys;

    public AccessTokenValidatorTests() => _keys = SigningKeySet.TryRead(Encoding.UTF8.GetBytes(TestSigner.KeySet(_signer.Jwk())))!;

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void GoodToken_SpeaksForItsUser()
    {
        AccessTokenResult result = Validate(Token());

        Assert.Equal(AccessTokenFailure.None, result.Failure);
        Assert.Equal(s_now.AddMinutes(10), result.ExpiresAt);
        CurrentUser user = result.User!;
        Assert.Equal(("u-1", "ann@acme.example", "acme", CredentialKind.Bearer), (user.Subject, user.Name, user.Tenant.Id, user.Kind));
        Assert.Equal(["Sales User", "Sales Manager"], user.AssignedRoles);
        Assert.Equal(["openid", "all"], user.GrantedScopes);
        Assert.Equal(["All", "Guest", "Sales Manager", "Sales User"], user.Roles.Order());
    }

    [Fact]
    public void TokenWithoutUserName_IsNamedBySubject() =>
        Assert.Equal("u-1", Validate(Token(claims => claims.Remove("username"))).User!.Name);

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/At+Jwt")]
    public void TypeOfAccessToken_IsAccepted(string type) => AssertResult(AccessTokenFailure.None, Token(header: header => header["typ"] = type));

    [Theory]
    [InlineData("alg", "none")]
    [InlineData("alg", "None")]
    [InlineData("alg", "NONE")]
    [InlineData("alg", "")]
    [InlineData("alg", "es256")]
    [InlineData("alg", "ES384")]
    [InlineData("alg", "HS256")]
    [InlineData("alg", "RS256")]
    [InlineData("alg", "PS256")]
    [InlineData("alg", "EdDSA")]
    [InlineData("alg", "ES256 ")]
    [InlineData("alg", "ES256\0")]
    [InlineData("alg", "dir")]
    [InlineData("alg", null)]
    [InlineData("typ", "JWT")]
    [InlineData("typ", "logout+jwt")]
    [InlineData("typ", "at+jwt ")]
    [InlineData("typ", "at+jwt;v=1")]
    [InlineData("typ", "application/application/at+jwt")]
    [InlineData("typ", "text/at+jwt")]
    [InlineData("typ", "at jwt")]
    [InlineData("typ", "id_token+jwt")]
    [InlineData("typ", "application/jwt")]
    [InlineData("typ", "dpop+jwt")]
    [InlineData("typ", "")]
    [InlineData("typ", null)]
    [InlineData("kid", "")]
    [InlineData("kid", null)]
    [InlineData("crit", "exp")]
    [InlineData("jku", "https://evil.example/keys")]
    [InlineData("x5u", "https://evil.example/cert")]
    [InlineData("x5c", "MIIB")]
    [InlineData("jwk", "{}")]
    public void Header_ThatIsNotOurs_IsRefused(string member, string? value) =>
        AssertResult(AccessTokenFailure.Header, Token(header: header =>
        {
            header.Remove(member);
            if (value is not null)
            {
                header[member] = value;
            }
        }));

    [Fact]
    public void KeyInHeader_IsRefused()
    {
        using var attacker = new TestSigner();
        AssertResult(AccessTokenFailure.Header, attacker.Token(Issuer, s_now, header: header => header["jwk"] = attacker.Jwk()));
    }

    [Theory]
    [InlineData("crit", "[]")]
    [InlineData("crit", "null")]
    [InlineData("kid", "7")]
    [InlineData("kid", "[\"a\"]")]
    [InlineData("kid", "{\"a\":1}")]
    [InlineData("kid", "null")]
    [InlineData("kid", "true")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("crit", "[\"b64\"]")]
    [InlineData("jku", "null")]
    [InlineData("x5c", "[]")]
    [InlineData("alg", "[\"ES256\"]")]
    [InlineData("typ", "true")]
    public void HeaderMember_OfAnotherType_IsRefused(string member, string json) =>
        AssertResult(AccessTokenFailure.Header, Token(header: header => header[member] = JsonNode.Parse(json)));

    [Theory]
    [InlineData("../../keys/public.pem")]
    [InlineData("' OR '1'='1")]
    [InlineData("https://evil.example/jwks#1")]
    [InlineData("\0")]
    [InlineData("ключ")]
    public void StrangeKeyId_IsAnUnknownKey(string keyId) =>
        AssertResult(AccessTokenFailure.UnknownKey, Token(header: header => header["kid"] = keyId));

    [Fact]
    public void HugeKeyId_IsRefused() => AssertResult(AccessTokenFailure.Header, Token(header: header => header["kid"] = new string('k', 4000)));

    [Fact]
    public void PublicKeyAsHmacSecret_IsRefused()
    {
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(_signer.Key.ExportSubjectPublicKeyInfoPem()),
            Encoding.UTF8.GetBytes(_signer.Key.ExportSubjectPublicKeyInfoPem() + "\n"),
            _signer.Key.ExportSubjectPublicKeyInfo(),
            Encoding.UTF8.GetBytes(_signer.Jwk().ToJsonString()),
            Encoding.UTF8.GetBytes(_signer.X),
        ];
        foreach (byte[] secret in secrets)
        {
            foreach (string algorithm in (string[])["HS256", "ES256"])
            {
                JsonObject header = _signer.Header();
                header["alg"] = algorithm;
                string input = $"{TestSigner.Encode(header.ToJsonString())}.{TestSigner.Encode(TestSigner.Claims(Issuer, s_now).ToJsonString())}";
                string token = $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(input)))}";
                Assert.Null(Validate(token).User);
            }
        }
    }

    [Fact]
    public void ForeignKeyUnderOurKeyId_IsRefused()
    {
        using var attacker = new TestSigner();
        AssertResult(AccessTokenFailure.Signature, attacker.Token(Issuer, s_now, header: header => header["kid"] = _signer.KeyId));
    }

    [Theory]
    [InlineData("{0}.{1}.")]
    [InlineData("{0}.{1}")]
    [InlineData("{0}..{2}")]
    [InlineData(".{1}.{2}")]
    [InlineData("{0}.{1}.{2}.")]
    [InlineData(".{0}.{1}.{2}")]
    [InlineData("{0}.{1}.{2}.{2}")]
    [InlineData("{0}.{1}.{2}=")]
    [InlineData("{0}.{1}.{2}==")]
    [InlineData("{0}=.{1}.{2}")]
    [InlineData("{0}.{1}.{2} ")]
    [InlineData(" {0}.{1}.{2}")]
    [InlineData("{0}. {1}.{2}")]
    [InlineData("{0}.{1}.{2}\n")]
    [InlineData("{0}\r\n.{1}.{2}")]
    [InlineData("{0}.{1}.{2}\0")]
    [InlineData("{0}.{1}.{2}\u0100")]
    [InlineData("\"{0}.{1}.{2}\"")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    public void TokenOfAnotherForm_IsMalformed(string form)
    {
        string[] parts = Token().Split('.');
        AssertResult(AccessTokenFailure.Malformed, string.Format(System.Globalization.CultureInfo.InvariantCulture, form, parts));
    }

    [Fact]
    public void JsonSerialization_IsMalformed()
    {
        string[] parts = Token().Split('.');
        AssertResult(AccessTokenFailure.Malformed, $$"""{"payload":"{{parts[1]}}","protected":"{{parts[0]}}","signature":"{{parts[2]}}"}""");
        AssertResult(AccessTokenFailure.Malformed, $$"""{"payload":"{{parts[1]}}","signatures":[{"protected":"{{parts[0]}}","signature":"{{parts[2]}}"}]}""");
    }

    [Fact]
    public void TokenAboveTheLimit_IsMalformed() =>
        AssertResult(AccessTokenFailure.Malformed, Token(claims => claims["pad"] = new string('p', 8192)));

    [Fact]
    public void AnyChangedLetter_IsRefused()
    {
        string token = Token();
        char[] letters = token.ToCharArray();
        for (int i = 0; i < letters.Length; i++)
        {
            char original = letters[i];
            foreach (char other in "AQgw_.= ")
            {
                letters[i] = other;
                if (other != original)
                {
                    Assert.Null(Validate(new string(letters)).User);
                }
            }

            letters[i] = original;
        }

        Assert.NotNull(Validate(token).User);
    }

    [Fact]
    public void SecondSpellingOfTheSignature_IsMalformed()
    {
        // 64 bytes are 86 letters, and the last one has four bits to spare.
        string token = Token();
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char other = alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) + 1];
        AssertResult(AccessTokenFailure.Malformed, token[..^1] + other);
    }

    [Fact]
    public void SignatureOfAnotherShape_IsRefused()
    {
        string token = Token();
        string input = token[..token.LastIndexOf('.')];
        byte[] signature = Base64Url.DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1));
        byte[] order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        byte[] der = _signer.Key.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[][] others =
        [
            new byte[64],
            new byte[1],
            [.. new byte[32], .. signature[32..]],
            [.. signature[..32], .. new byte[32]],
            [.. order, .. signature[32..]],
            [.. signature[..32], .. order],
            [.. order, .. order],
            [.. Enumerable.Repeat((byte)0xFF, 64)],
            signature[..63],
            [.. signature, 0],
            [0, .. signature],
            [.. signature, .. signature],
            [.. signature[32..], .. signature[..32]],
            der,
        ];
        foreach (byte[] other in others)
        {
            AssertResult(AccessTokenFailure.Signature, $"{input}.{Base64Url.EncodeToString(other)}");
        }
    }

    [Theory]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID","kid":"KID"}""")]
    [InlineData("""{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"\u0061lg":"none","alg":"ES256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""{"x":{"a":1,"a":2},"alg":"ES256","typ":"at+jwt","kid":"KID"}""")]
    [InlineData("""[{"alg":"ES256","typ":"at+jwt","kid":"KID"}]""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID"} """ + "x")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"KID",}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"\ud800"}""")]
    [InlineData("null")]
    [InlineData("\"ES256\"")]
    public void HeaderJson_ThatIsNotStrict_IsRefused(string json)
    {
        string header = json.Replace("KID", _signer.KeyId, StringComparison.Ordinal);
        AssertResult(AccessTokenFailure.Header, _signer.Sign(header, TestSigner.Claims(Issuer, s_now).ToJsonString()));
    }

    [Fact]
    public void ClaimsJson_ThatIsNotStrict_IsMalformed()
    {
        string claims = TestSigner.Claims(Issuer, s_now).ToJsonString();
        string header = _signer.Header().ToJsonString();
        foreach (string json in (string[])["null", "[]", "{", claims + "{}", "\ufeff" + claims, claims.Replace("{\"iss\"", "{\"tenant\":\"evil\",\"iss\"", StringComparison.Ordinal)])
        {
            AssertResult(AccessTokenFailure.Malformed, _signer.Sign(header, json));
        }

        byte[] broken = Encoding.UTF8.GetBytes(claims.Replace("acme", "ac?e", StringComparison.Ordinal));
        broken[Array.IndexOf(broken, (byte)'?')] = 0xFF;
        AssertResult(AccessTokenFailure.Malformed, _signer.Sign(Encoding.UTF8.GetBytes(header), broken));
    }

    [Theory]
    [InlineData("iss", "\"https://site.example/\"", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", "\"HTTPS://site.example\"", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", "[\"https://site.example\"]", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", "\"https://site.example\\u0000\"", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", "\"https://site.example.evil.example\"", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", "\"https://site.example@evil.example\"", nameof(AccessTokenFailure.Issuer))]
    [InlineData("iss", null, nameof(AccessTokenFailure.Issuer))]
    [InlineData("aud", "\"https://billing.example\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"web\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "[]", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "[\"https://orders.example\",1]", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "{\"https://orders.example\":1}", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"https://orders.example https://site.example\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "[[\"https://orders.example\"]]", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "[null,\"https://orders.example\"]", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "[\"\",\"https://orders.example\"]", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"https://orders.example/\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"https://Orders.example\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"https://orders.example\\u0000\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "\"*\"", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", "7", nameof(AccessTokenFailure.Audience))]
    [InlineData("aud", null, nameof(AccessTokenFailure.Audience))]
    [InlineData("exp", "\"9999999999\"", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "0", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "-1", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "-1e308", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "1e9", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "1.5", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "-1e400", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "[9999999999]", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "{\"value\":9999999999}", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "\"2099-01-01T00:00:00Z\"", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "null", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", "true", nameof(AccessTokenFailure.Times))]
    [InlineData("exp", null, nameof(AccessTokenFailure.Times))]
    [InlineData("iat", "\"0\"", nameof(AccessTokenFailure.Times))]
    [InlineData("iat", "1e300", nameof(AccessTokenFailure.Times))]
    [InlineData("iat", "1e400", nameof(AccessTokenFailure.Times))]
    [InlineData("iat", "null", nameof(AccessTokenFailure.Times))]
    [InlineData("iat", null, nameof(AccessTokenFailure.Times))]
    [InlineData("nbf", "\"0\"", nameof(AccessTokenFailure.Times))]
    [InlineData("nbf", "null", nameof(AccessTokenFailure.Times))]
    [InlineData("nbf", "9999999999", nameof(AccessTokenFailure.Times))]
    [InlineData("tenant", "\"\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"*\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"Acme\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"acme \"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"a/../b\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "[\"acme\"]", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"acme\\u0000\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "\"acme,evil\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "null", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", "7", nameof(AccessTokenFailure.Claims))]
    [InlineData("tenant", null, nameof(AccessTokenFailure.Claims))]
    [InlineData("sub", "\"\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("sub", "7", nameof(AccessTokenFailure.Claims))]
    [InlineData("sub", "\"\\ud800\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("sub", null, nameof(AccessTokenFailure.Claims))]
    [InlineData("client_id", null, nameof(AccessTokenFailure.Claims))]
    [InlineData("client_id", "7", nameof(AccessTokenFailure.Claims))]
    [InlineData("jti", null, nameof(AccessTokenFailure.Claims))]
    [InlineData("jti", "7", nameof(AccessTokenFailure.Claims))]
    [InlineData("roles", null, nameof(AccessTokenFailure.Claims))]
    [InlineData("roles", "\"Administrator\"", nameof(AccessTokenFailure.Claims))]
    [InlineData("roles", "[\"Sales User\",1]", nameof(AccessTokenFailure.Claims))]
    [InlineData("roles", "[[\"Administrator\"]]", nameof(AccessTokenFailure.Claims))]
    [InlineData("roles", "{\"0\":\"Administrator\"}", nameof(AccessTokenFailure.Claims))]
    [InlineData("scope", "[\"all\"]", nameof(AccessTokenFailure.Claims))]
    [InlineData("username", "7", nameof(AccessTokenFailure.Claims))]
    public void Claim_ThatIsWrong_IsRefused(string claim, string? json, string failure)
    {
        string claims = TestSigner.Claims(Issuer, s_now).ToJsonString();
        JsonObject rest = JsonNode.Parse(claims)!.AsObject();
        rest.Remove(claim);
        string text = rest.ToJsonString();
        string payload = json is null ? text : $"{text[..^1]},\"{claim}\":{json}}}";
        AssertResult(Enum.Parse<AccessTokenFailure>(failure), _signer.Sign(_signer.Header().ToJsonString(), payload));
    }

    [Theory]
    [InlineData("\"https://orders.example\"", true, true)]
    [InlineData("[\"x\",\"https://orders.example\"]", true, true)]
    [InlineData("[\"https://orders.example\"]", false, true)]
    [InlineData("[\"https://orders.example\",\"https://orders.example\"]", false, true)]
    [InlineData("[\"https://site.example\",\"https://orders.example\"]", false, true)]
    [InlineData("\"https://site.example\"", true, true)]
    [InlineData("\"https://site.example\"", false, false)]
    [InlineData("[\"https://site.example\",\"https://billing.example\"]", false, false)]
    [InlineData("\"https://orders.example\"", false, true)]
    public void Audience_DecidesByTheServicesChoice(string audience, bool acceptsSite, bool isAccepted)
    {
        string token = Token(claims => claims["aud"] = JsonNode.Parse(audience));
        Assert.Equal(isAccepted, Validate(token, acceptsSite: acceptsSite).User is not null);
    }

    [Fact]
    public void Times_AreAcceptedWithinTheSkewOnly()
    {
        string expired = Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds());
        AssertResult(AccessTokenFailure.None, expired, s_now.AddSeconds(29));
        AssertResult(AccessTokenFailure.Times, expired, s_now.AddSeconds(30));
        string early = Token(claims => claims["nbf"] = s_now.ToUnixTimeSeconds());
        AssertResult(AccessTokenFailure.None, early, s_now.AddSeconds(-30));
        AssertResult(AccessTokenFailure.Times, early, s_now.AddSeconds(-31));
        AssertResult(AccessTokenFailure.Times, Token(), s_now.AddSeconds(-31));
        AssertResult(AccessTokenFailure.None, Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds() + 1.5), s_now.AddSeconds(31));
    }

    [Theory]
    [InlineData("1e308")]
    [InlineData("1e400")]
    [InlineData("253402300800")]
    [InlineData("9223372036854775808")]
    [InlineData("1.8934997e9")]
    [InlineData("1893499700.999999999999999999999999")]
    public void EndAsAnyFutureNumber_IsAccepted(string json)
    {
        string claims = Token(claims => claims.Remove("exp")).Split('.')[1];
        string text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(claims));
        AccessTokenResult result = Validate(_signer.Sign(_signer.Header().ToJsonString(), $"{text[..^1]},\"exp\":{json}}}"));
        Assert.Equal(AccessTokenFailure.None, result.Failure);
        Assert.True(result.ExpiresAt > s_now);
    }

    /// <summary>What a lenient decoder forgives, under a signature that covers the text as it stands.</summary>
    [Theory]
    [InlineData("{0}    ", "{1}")]
    [InlineData("####{0}", "{1}")]
    [InlineData("{0}=", "{1}")]
    [InlineData("{0}", "    {1}")]
    [InlineData("{0}", "{1}####")]
    [InlineData("{0}", "?{1}")]
    [InlineData("{0}", "{1}==")]
    [InlineData("{0}\n", "{1}")]
    [InlineData("{0}", "{1}\0")]
    [InlineData("{0}", "{1}+")]
    [InlineData("{0}", "{1}/")]
    public void SignedPartsOfAnotherSpelling_AreMalformed(string header, string payload)
    {
        string head = header.Replace("{0}", TestSigner.Encode(_signer.Header().ToJsonString()), StringComparison.Ordinal);
        string body = payload.Replace("{1}", TestSigner.Encode(TestSigner.Claims(Issuer, s_now).ToJsonString()), StringComparison.Ordinal);
        AssertResult(AccessTokenFailure.Malformed, SignText($"{head}.{body}"));
    }

    [Fact]
    public void SpareBitsThatAreSet_AreMalformed_EvenWhenSigned()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        string header = _signer.Header().ToJsonString();
        string claims = TestSigner.Claims(Issuer, s_now).ToJsonString();
        while (header.Length % 3 != 1)
        {
            header += " ";
        }

        while (claims.Length % 3 != 1)
        {
            claims += " ";
        }

        string[] parts = [TestSigner.Encode(header), TestSigner.Encode(claims)];
        AssertResult(AccessTokenFailure.None, SignText($"{parts[0]}.{parts[1]}"));
        for (int spare = 1; spare < 16; spare++)
        {
            string[] changed = [.. parts.Select(part => part[..^1] + alphabet[alphabet.IndexOf(part[^1], StringComparison.Ordinal) + spare])];
            AssertResult(AccessTokenFailure.Malformed, SignText($"{changed[0]}.{parts[1]}"));
            AssertResult(AccessTokenFailure.Malformed, SignText($"{parts[0]}.{changed[1]}"));
        }
    }

    [Fact]
    public void WhiteSpaceInTheHeadersJson_MeansNothing()
    {
        string header = $"{{ \t\"kid\" :\r\n \"{_signer.KeyId}\", \"alg\" : \"ES256\" , \"typ\":\"at+jwt\" }} ";
        AssertResult(AccessTokenFailure.None, _signer.Sign(header, TestSigner.Claims(Issuer, s_now).ToJsonString()));
    }

    [Theory]
    [InlineData("""{"tenant":"evil"}""")]
    [InlineData("""{"roles":["Administrator"],"tenant":"evil"}""")]
    public void ClaimsInsideClaims_MeanNothing(string json)
    {
        string token = Token(claims => claims["act"] = JsonNode.Parse(json));
        CurrentUser user = Validate(token).User!;
        Assert.Equal("acme", user.Tenant.Id);
        Assert.False(user.IsAdministrator);
    }

    [Theory]
    [InlineData("\"tenant\":\"evil\"")]
    [InlineData("\"sub\":\"u-2\"")]
    [InlineData("\"roles\":[\"Administrator\"]")]
    [InlineData("\"exp\":9999999999")]
    [InlineData("\"\\u0074enant\":\"evil\"")]
    [InlineData("\"a\":{\"b\":1,\"b\":2}")]
    public void DuplicateClaim_IsMalformed_WhereverItStands(string member)
    {
        string claims = TestSigner.Claims(Issuer, s_now).ToJsonString();
        AssertResult(AccessTokenFailure.Malformed, _signer.Sign(_signer.Header().ToJsonString(), $"{{{member},{claims[1..]}"));
        AssertResult(AccessTokenFailure.Malformed, _signer.Sign(_signer.Header().ToJsonString(), $"{claims[..^1]},{member}}}"));
    }

    [Fact]
    public void DeepAndHugeTokens_AreRefusedAtOnce()
    {
        AssertResult(AccessTokenFailure.Malformed, _signer.Sign(_signer.Header().ToJsonString(), new string('[', 2000) + new string(']', 2000)));
        AssertResult(AccessTokenFailure.Malformed, new string('A', 10_000_000));
        AssertResult(AccessTokenFailure.Malformed, new string('.', 10_000_000));
        string encrypted = $"{Token()}.AAAA.AAAA";
        AssertResult(AccessTokenFailure.Malformed, encrypted);
    }

    [Fact]
    public void RandomBytesInEveryPart_NeverThrow()
    {
        var random = new Random(7);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] header = Encoding.UTF8.GetBytes(_signer.Header().ToJsonString());
            byte[] payload = Encoding.UTF8.GetBytes(TestSigner.Claims(Issuer, s_now).ToJsonString());
            byte[] part = i % 2 == 0 ? header : payload;
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                part[random.Next(part.Length)] = (byte)random.Next(256);
            }

            Validate(_signer.Sign(header, payload));
        }
    }

    private string SignText(string input) =>
        $"{input}.{Base64Url.EncodeToString(_signer.Key.SignData(Encoding.UTF8.GetBytes(input), HashAlgorithmName.SHA256))}";

    private string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null) => _signer.Token(Issuer, s_now, claims, header);

    private AccessTokenResult Validate(string token, DateTimeOffset? now = null, bool acceptsSite = true) =>
        new AccessTokenValidator(new CentralSiteOptions { Url = new Uri(Issuer), Audience = Audience, AcceptSiteAudience = acceptsSite })
            .Validate(token, _keys, now ?? s_now);

    private void AssertResult(AccessTokenFailure expected, string token, DateTimeOffset? now = null) => Assert.Equal(expected, Validate(token, now).Failure);
}
