using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>Turns what code or a client gives into the value a field keeps, or says why it cannot.</summary>
public static class FieldValue
{
    /// <summary>Digits after the point that a decimal column keeps.</summary>
    public const int DecimalScale = 9;

    private const decimal MaxDecimal = 1_000_000_000_000m; // decimal(21,9) holds twelve digits before the point
    private const long MicrosecondTicks = TimeSpan.TicksPerMicrosecond;

    // JSON that is kept as text stays readable text: only what JSON itself demands is escaped.
    private static readonly JsonSerializerOptions s_asText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_dateTimeFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private static readonly string[] s_timeFormats = [@"h\:m\:s", @"h\:m\:s\.FFFFFFF", @"h\:m"];

    /// <summary>The value that an empty field keeps: zero for numbers that are never null, null otherwise.</summary>
    public static object? Empty(DocField field) => !field.Definition.Type.IsNeverNull ? null : field.Kind switch
    {
        ValueKind.Integer => 0L,
        ValueKind.Check => false,
        _ => 0m,
    };

    /// <summary>The kept form of a value that code gave.</summary>
    /// <exception cref="DataException">The value does not fit the field.</exception>
    public static object? From(object? value, DocField field)
    {
        if (value is null or "" or DBNull)
        {
            return Empty(field);
        }

        return field.Kind switch
        {
            ValueKind.Text or ValueKind.LongText => value as string ?? Invariant(value),
            ValueKind.Json => value as string ?? JsonSerializer.Serialize(value, s_asText),
            ValueKind.Integer => Integer(value, field),
            ValueKind.Check => Check(value, field),
            ValueKind.Decimal => Decimal(value, field),
            ValueKind.Date => value switch
            {
                DateOnly date => date,
                DateTime time => DateOnly.FromDateTime(time),
                _ => DateOnly.FromDateTime(ParseDateTime(Invariant(value), field)),
            },
            ValueKind.Datetime => value switch
            {
                DateTime time => Microseconds(time.Kind is DateTimeKind.Local ? time.ToUniversalTime() : time),
                DateTimeOffset time => Microseconds(time.UtcDateTime),
                DateOnly date => date.ToDateTime(TimeOnly.MinValue),
                _ => Microseconds(ParseDateTime(Invariant(value), field)),
            },
            ValueKind.Time => value switch
            {
                TimeSpan time => new TimeSpan(time.Ticks - (time.Ticks % MicrosecondTicks)),
                TimeOnly time => From(time.ToTimeSpan(), field),
                _ => ParseTime(Invariant(value), field),
            },
            _ => throw Unfit(field, "holds no value"),
        };
    }

    /// <summary>The kept form of a value that a client sent.</summary>
    /// <exception cref="DataException">The value does not fit the field.</exception>
    public static object? From(JsonElement value, DocField field) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => Empty(field),
        JsonValueKind.String => From(value.GetString(), field),
        JsonValueKind.True => From(field.Kind is ValueKind.Text or ValueKind.LongText ? "1" : true, field),
        JsonValueKind.False => From(field.Kind is ValueKind.Text or ValueKind.LongText ? "0" : false, field),
        JsonValueKind.Number when field.Kind is ValueKind.Text or ValueKind.LongText => value.GetRawText(),
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? From(number, field) : throw Unfit(field, "is out of range"),
        _ when field.Kind is ValueKind.Json => JsonSerializer.Serialize(value, s_asText),
        _ => throw Unfit(field, "takes one value, not a list or an object"),
    };

    /// <summary>Cuts a time to the microseconds that the databases keep, so that what is answered is what is stored.</summary>
    public static DateTime Microseconds(DateTime time) =>
        new(time.Ticks - (time.Ticks % MicrosecondTicks), DateTimeKind.Unspecified);

    private static string Invariant(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static long Integer(object value, DocField field)
    {
        var number = ToDecimal(value, field);
        number = decimal.Truncate(number);
        var limit = field.Definition.Length > 11 ? long.MaxValue : int.MaxValue;
        return number <= limit && number >= -limit - 1m ? (long)number
            : throw new CharacterLengthExceededException($"{field.Definition.Caption} ({field.Name}) is out of range");
    }

    private static bool Check(object value, DocField field) => value switch
    {
        bool flag => flag,
        string text when bool.TryParse(text, out var flag) => flag,
        _ => ToDecimal(value, field) != 0,
    };

    private static decimal Decimal(object value, DocField field)
    {
        var number = Math.Round(ToDecimal(value, field), Math.Min(field.Definition.Precision ?? DecimalScale, DecimalScale), MidpointRounding.AwayFromZero);
        return field.Definition.Type is FieldType.Rating ? Math.Clamp(Math.Round(number, 2, MidpointRounding.AwayFromZero), 0m, 1m)
            : Math.Abs(number) < MaxDecimal ? number
            : throw Unfit(field, "is out of range");
    }

    private static decimal ToDecimal(object value, DocField field)
    {
        try
        {
            return value switch
            {
                decimal number => number,
                bool flag => flag ? 1 : 0,
                string text => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
                IConvertible number => number.ToDecimal(CultureInfo.InvariantCulture),
                _ => throw Unfit(field, "must be a number"),
            };
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException)
        {
            throw Unfit(field, "must be a number");
        }
        catch (OverflowException)
        {
            throw Unfit(field, "is out of range");
        }
    }

    private static DateTime ParseDateTime(string text, DocField field) =>
        DateTime.TryParseExact(text.Trim(), s_dateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Unfit(field, field.Kind is ValueKind.Date ? "must be a date, YYYY-MM-DD" : "must be a time, YYYY-MM-DD HH:MM:SS");

    private static object ParseTime(string text, DocField field) =>
        TimeSpan.TryParseExact(text.Trim(), s_timeFormats, CultureInfo.InvariantCulture, out var time)
            ? From(time, field)!
            : throw Unfit(field, "must be a time of day, HH:MM:SS");

    private static DataException Unfit(DocField field, Message reason) => new($"{field.Definition.Caption} ({field.Name}) {reason}");
}
