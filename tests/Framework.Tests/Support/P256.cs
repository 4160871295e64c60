using System.Numerics;
using System.Security.Cryptography;

namespace Microservices.Framework.Tests.Support;

/// <summary>A point of the curve; null stands for the point at infinity.</summary>
internal sealed record P256Point(BigInteger X, BigInteger Y);

/// <summary>The arithmetic of the curve P-256 in plain numbers: slow, and independent of what it is a yardstick for.</summary>
/// <remarks>FIPS 186-5 section 6.4, SP 800-186 section 3.2.1.3, SEC 1 section 4.1.4.</remarks>
internal static class P256
{
    /// <summary>Length of a number, in bytes.</summary>
    public const int Length = 32;

    /// <summary>The field's prime.</summary>
    public static readonly BigInteger P = Hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");

    /// <summary>The order of <see cref="G"/>.</summary>
    public static readonly BigInteger N = Hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private static readonly BigInteger s_b = Hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    /// <summary>The base point.</summary>
    public static readonly P256Point G = new(
        Hex("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"), Hex("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"));

    public static BigInteger Hash(ReadOnlySpan<byte> message) => new(SHA256.HashData(message), isUnsigned: true, isBigEndian: true);

    /// <summary>The number in 32 bytes.</summary>
    public static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Length - bytes.Length], .. bytes];
    }

    /// <summary>By Euclid's algorithm, which is faster than a power.</summary>
    public static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        (BigInteger a, BigInteger b) = (Mod(value, modulus), modulus);
        (BigInteger x, BigInteger next) = (1, 0);
        while (b > 0)
        {
            (BigInteger quotient, BigInteger rest) = BigInteger.DivRem(a, b);
            (a, b) = (b, rest);
            (x, next) = (next, x - (quotient * next));
        }

        return Mod(x, modulus);
    }

    /// <summary>A point with this x, or null when the curve has none.</summary>
    public static P256Point? Lift(BigInteger x)
    {
        BigInteger square = Mod((x * x * x) - (3 * x) + s_b, P);
        BigInteger y = BigInteger.ModPow(square, (P + 1) / 4, P);
        return y * y % P == square ? new P256Point(x, y) : null;
    }

    public static P256Point? Add(P256Point? left, P256Point? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        if (left.X == right.X && (left.Y + right.Y) % P == 0)
        {
            return null;
        }

        BigInteger slope = left == right
            ? ((3 * left.X * left.X) - 3) * Inverse(2 * left.Y, P)
            : (right.Y - left.Y) * Inverse(Mod(right.X - left.X, P), P);
        BigInteger x = Mod((slope * slope) - left.X - right.X, P);
        return new P256Point(x, Mod((slope * (left.X - x)) - left.Y, P));
    }

    public static P256Point? Multiply(BigInteger factor, P256Point? point)
    {
        P256Point? result = null;
        for (factor = Mod(factor, N); factor > 0; factor >>= 1, point = Add(point, point))
        {
            result = factor.IsEven ? result : Add(result, point);
        }

        return result;
    }

    /// <summary>The one public key for which (x of <paramref name="point"/> mod n, s) is a signature of the hash.</summary>
    public static P256Point KeyFor(P256Point point, BigInteger s, BigInteger hash)
    {
        BigInteger inverse = Inverse(point.X % N, N);
        return Add(Multiply(s * inverse, point), Multiply(-hash * inverse, G))!;
    }

    public static bool Verify(P256Point key, BigInteger hash, BigInteger r, BigInteger s)
    {
        if (r <= 0 || r >= N || s <= 0 || s >= N)
        {
            return false;
        }

        BigInteger inverse = Inverse(s, N);
        return Add(Multiply(hash * inverse, G), Multiply(r * inverse, key)) is { } point && point.X % N == r;
    }

    private static BigInteger Hex(string digits) => new(Convert.FromHexString(digits), isUnsigned: true, isBigEndian: true);

    private static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;
}
