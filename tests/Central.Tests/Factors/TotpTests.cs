using System.Text;
using Central.Factors;
using Microservices.Errors;

namespace Microservices.Central.Tests.Factors;

public sealed class TotpTests
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238 appendix B, of whose eight digits the last six are the code.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void VectorsOfRfc6238_AreMet(long time, string code) => Assert.Equal(code[2..], Totp.CodeAt(s_secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(time))));

    /// <summary>RFC 4226 appendix D.</summary>
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void VectorsOfRfc4226_AreMet(long counter, string code) => Assert.Equal(code, Totp.CodeAt(s_secret, counter));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void CodeOfOneStepBeforeOrAfter_Matches(int distance, bool matches)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);
        var step = Totp.StepAt(time) + distance;

        Assert.Equal(matches ? step : null, Totp.Match(s_secret, Totp.CodeAt(s_secret, step), time, lastStep: 0));
    }

    [Fact]
    public void StepThatIsNotLaterThanTheLast_DoesNotMatch()
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);
        var step = Totp.StepAt(time);

        Assert.Null(Totp.Match(s_secret, Totp.CodeAt(s_secret, step), time, step));
        Assert.Null(Totp.Match(s_secret, Totp.CodeAt(s_secret, step - 1), time, step));
        Assert.Equal(step + 1, Totp.Match(s_secret, Totp.CodeAt(s_secret, step + 1), time, step));
    }

    [Fact]
    public void Secret_Has160BitsAndGoesThroughBase32()
    {
        var secret = Totp.NewSecret();

        Assert.Equal(20, secret.Length);
        Assert.Equal(secret, Totp.FromBase32(Totp.ToBase32(secret)));
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.ToBase32(s_secret));
    }

    /// <summary>RFC 4648 section 10.</summary>
    [Theory]
    [InlineData("f", "MY======")]
    [InlineData("fo", "MZXQ====")]
    [InlineData("foo", "MZXW6===")]
    [InlineData("foob", "MZXW6YQ=")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI======")]
    public void VectorsOfRfc4648_AreMet(string text, string base32)
    {
        Assert.Equal(base32.TrimEnd('='), Totp.ToBase32(Encoding.ASCII.GetBytes(text)));
        Assert.All((string[])[base32, base32.TrimEnd('='), base32.ToLowerInvariant()], written => Assert.Equal(text, Encoding.ASCII.GetString(Totp.FromBase32(written))));
    }

    [Theory]
    [InlineData("not base32!")]
    [InlineData("1889")]
    [InlineData("")]
    public void TextThatIsNoSecret_IsRefused(string text) => Assert.Throws<ValidationException>(() => Totp.FromBase32(text));

    [Fact]
    public void Address_NamesSiteAndUserAsData() => Assert.Equal(
        "otpauth://totp/site.example:a%26b%40acme.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=site.example&algorithm=SHA1&digits=6&period=30",
        Totp.AddressOf(s_secret, "site.example", "a&b@acme.example"));
}
