using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microservices.Data.Dialects;
using Microservices.DocTypes;

namespace Microservices.Resources;

/// <summary>Values as Frappe writes them: times with a space and without a zone, checks as 0 and 1, decimals with all their digits.</summary>
internal static class FrappeJson
{
    /// <summary>Text leaves unescaped what JSON allows, as Python does; answers are never HTML.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const decimal MinimalScale = 1.0000000000000000000000000000m;

    /// <summary>Writes a value of a document.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case bool flag:
                writer.WriteNumberValue(flag ? 1 : 0);
                break;
            case decimal number:
                Write(writer, number);
                break;
            case DateTime time:
                Write(writer, time);
                break;
            case DateOnly date:
                Write(writer, date);
                break;
            case TimeSpan time:
                Write(writer, time);
                break;
            case Enum status:
                writer.WriteNumberValue(Convert.ToInt64(status, CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"A document holds no {value.GetType().Name}.", nameof(value));
        }
    }

    /// <summary>Writes the name of a document that is counted.</summary>
    public static void WriteNumberName(Utf8JsonWriter writer, string name)
    {
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(name);
        }
    }

    /// <summary>Writes a column of the current row without making a .NET object of it where that can be avoided.</summary>
    public static void Write(Utf8JsonWriter writer, DbDataReader row, int ordinal, ValueKind kind, SqlDialect dialect)
    {
        switch (kind)
        {
            case ValueKind.Integer or ValueKind.Check:
                writer.WriteNumberValue(row.GetInt64(ordinal));
                break;
            case ValueKind.Decimal:
                Write(writer, dialect.GetDecimal(row, ordinal));
                break;
            case ValueKind.Date:
                Write(writer, dialect.GetDate(row, ordinal));
                break;
            case ValueKind.Datetime:
                Write(writer, dialect.GetDateTime(row, ordinal));
                break;
            case ValueKind.Time:
                Write(writer, dialect.GetTime(row, ordinal));
                break;
            default:
                writer.WriteStringValue(row.GetString(ordinal));
                break;
        }
    }

    // 10.500000000 is 10.5 and 10.000000000 is 10.0: all digits that say something, and one that tells a client it is no integer.
    private static void Write(Utf8JsonWriter writer, decimal number)
    {
        number /= MinimalScale;
        writer.WriteNumberValue(number.Scale == 0 ? number * 1.0m : number);
    }

    private static void Write(Utf8JsonWriter writer, DateOnly date)
    {
        Span<byte> text = stackalloc byte[10];
        date.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }

    private static void Write(Utf8JsonWriter writer, DateTime time)
    {
        Span<byte> text = stackalloc byte[26];
        time.TryFormat(text, out var length, time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    private static void Write(Utf8JsonWriter writer, TimeSpan time) =>
        writer.WriteStringValue(time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"h\:mm\:ss" : @"h\:mm\:ss\.ffffff", CultureInfo.InvariantCulture));
}
