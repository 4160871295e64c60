using System.Globalization;

namespace Microservices.DocTypes;

/// <summary>A series such as <c>SO-.YYYY.-.#####</c> or a format such as <c>SO-{YYYY}-{#####}</c>, taken apart once.</summary>
internal sealed class NamePattern
{
    private const int CounterWidth = 5;

    private readonly List<Func<DateTime, Func<string, string?>, string>> _before = [];
    private readonly List<Func<DateTime, Func<string, string?>, string>> _after = [];

    private NamePattern()
    {
    }

    /// <summary>Digits of the counter. 0: the pattern has none.</summary>
    public int Width { get; private set; }

    /// <summary>Takes a series apart: parts between dots, five digits at the end when no part is a run of <c>#</c>.</summary>
    /// <param name="text">The series.</param>
    /// <param name="isField">Whether a name is that of a field of the DocType.</param>
    /// <exception cref="FormatException">The text is not a series; the message says why.</exception>
    public static NamePattern OfSeries(string text, Func<string, bool> isField)
    {
        if (text.Length > StandardFields.NameLength)
        {
            throw new FormatException($"the series is longer than a name, {StandardFields.NameLength} characters");
        }

        if (!text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '_' or '-' or '#' or '.' or '/' or '{' or '}'))
        {
            throw new FormatException($"the series '{text}' holds something other than letters, digits and - # . / _ {{ }}");
        }

        if (text.Contains('#') && !text.Contains('.'))
        {
            throw new FormatException($"the series '{text}' has no dot: write one before the #, as in {text.Insert(text.IndexOf('#', StringComparison.Ordinal), ".")}");
        }

        var pattern = new NamePattern();
        foreach (var part in text.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IsCounter(part))
            {
                pattern.AddCounter(part.Length); // Frappe reads the first run only.
            }
            else if (part.Contains('#'))
            {
                throw new FormatException($"in the series '{text}' the # stand together with '{part.Replace("#", "")}': write dots between them");
            }
            else if (part.Contains('{') || part.Contains('}'))
            {
                pattern.AddBraces(part, isField);
            }
            else if (!pattern.TryAddValue(part, isField))
            {
                pattern.AddLiteral(part);
            }
        }

        if (pattern.Width == 0)
        {
            pattern.AddCounter(CounterWidth);
        }

        return pattern;
    }

    /// <summary>Takes a format apart: literal text, and braces with a part of a date, a field, or the run of <c>#</c> of the counter.</summary>
    /// <param name="text">What stands after <c>format:</c>.</param>
    /// <param name="isField">Whether a name is that of a field of the DocType.</param>
    /// <exception cref="FormatException">The text is not a format; the message says why.</exception>
    public static NamePattern OfFormat(string text, Func<string, bool> isField)
    {
        var pattern = new NamePattern();
        pattern.AddBraces(text.Trim(), isField);
        return pattern;
    }

    /// <summary>The text before the counter, which is also the counter's key, and the text after it.</summary>
    public (string Prefix, string Suffix) Evaluate(DateTime now, Func<string, string?> value) =>
        (string.Concat(_before.Select(part => part(now, value))).TrimStart(), string.Concat(_after.Select(part => part(now, value))).TrimEnd());

    /// <summary>The name that a number of the counter makes.</summary>
    public string Name(string prefix, long number, string suffix) =>
        prefix + number.ToString("D" + Width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + suffix;

    /// <summary>The number in a name; null when prefix, suffix or digits are not those of this pattern.</summary>
    public long? NumberIn(string name, string prefix, string suffix)
    {
        var isOfSeries = Width > 0 && name.Length >= prefix.Length + Width + suffix.Length
            && name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal);
        if (!isOfSeries)
        {
            return null;
        }

        var digits = name.AsSpan(prefix.Length, name.Length - prefix.Length - suffix.Length);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Name(prefix, number, suffix) == name ? number : null;
    }

    private void AddBraces(string text, Func<string, bool> isField)
    {
        var rest = text;
        while (rest.IndexOfAny(['{', '}']) is >= 0 and var open)
        {
            var close = rest.IndexOf('}', StringComparison.Ordinal);
            var inner = close > open ? rest[(open + 1)..close].Trim() : "";
            if (inner.Length == 0 || inner.Contains('{'))
            {
                throw new FormatException($"the braces in '{text}' do not come in pairs with something between them");
            }

            AddLiteral(rest[..open]);
            if (IsCounter(inner))
            {
                if (Width > 0)
                {
                    throw new FormatException($"'{text}' has two counters, and a name has one");
                }

                AddCounter(inner.Length);
            }
            else if (!TryAddValue(inner, isField))
            {
                throw new FormatException($"'{{{inner}}}' is neither a field of the DocType nor one of YY, YYYY, MM, DD, WW, JJJ, timestamp and a run of #");
            }

            rest = rest[(close + 1)..];
        }

        AddLiteral(rest);
    }

    private static bool IsCounter(string part) => part.All(c => c == '#');

    private void AddCounter(int width)
    {
        if (width > StandardFields.NameLength)
        {
            throw new FormatException("the counter is longer than a name");
        }

        Width = Width == 0 ? width : Width;
    }

    private void AddLiteral(string text) => Add((_, _) => text);

    private bool TryAddValue(string part, Func<string, bool> isField)
    {
        if (SeriesDate.Reader(part) is { } date)
        {
            Add((now, _) => date(now));
            return true;
        }

        if (isField(part))
        {
            Add((_, value) => value(part)?.Trim() ?? "");
            return true;
        }

        return false;
    }

    private void Add(Func<DateTime, Func<string, string?>, string> part) => (Width == 0 ? _before : _after).Add(part);
}
