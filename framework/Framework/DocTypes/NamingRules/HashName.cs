using System.Security.Cryptography;

namespace Microservices.DocTypes;

/// <summary>
/// Names without meaning: ten characters of <c>0-9a-v</c>. The first four are the time in tenths of a second, so that new rows stand side
/// by side in the primary key (they start over every 29 hours); the other six are 30 random bits.
/// </summary>
public static class HashName
{
    /// <summary>Characters of a name.</summary>
    public const int Length = 10;

    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const int BitsPerDigit = 5;
    private const int RandomDigits = 6;
    private const int RandomRange = 1 << (BitsPerDigit * RandomDigits);
    private const long TicksPerStep = TimeSpan.TicksPerSecond / 10;

    /// <summary>Makes a name.</summary>
    /// <param name="now">The time, UTC.</param>
    public static string Create(DateTime now) => Text(now, RandomNumberGenerator.GetInt32(RandomRange));

    /// <summary>Makes names that differ from each other, such as those of the child rows of one document.</summary>
    /// <param name="now">The time, UTC.</param>
    /// <param name="count">How many; up to a million.</param>
    public static IReadOnlyList<string> CreateMany(DateTime now, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1_000_000);
        var taken = new HashSet<int>(count);
        var names = new string[count];
        for (var i = 0; i < count;)
        {
            var random = RandomNumberGenerator.GetInt32(RandomRange);
            if (taken.Add(random))
            {
                names[i++] = Text(now, random);
            }
        }

        return names;
    }

    private static string Text(DateTime now, int random)
    {
        var bits = ((now.Ticks / TicksPerStep) << (BitsPerDigit * RandomDigits)) | (uint)random;
        return string.Create(Length, bits, static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, bits >>= BitsPerDigit)
            {
                text[i] = Digits[(int)(bits & 31)];
            }
        });
    }
}
