using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Microservices.Data.Dialects;
using Microservices.Data.Queries;

namespace Microservices.Resources.Lists;

/// <summary>Writes lines of CSV.</summary>
/// <remarks>RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe.</remarks>
internal sealed class CsvWriter : IDisposable
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    /// <summary>What has been written.</summary>
    public PooledBuffer Buffer { get; } = new();

    /// <summary>Writes the names of the columns.</summary>
    public void WriteLine(List<SelectColumn> columns)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            Write(i, columns[i].Alias);
        }

        Raw("\r\n");
    }

    /// <summary>Writes the current row.</summary>
    public void WriteLine(DbDataReader row, List<SelectColumn> columns, SqlDialect dialect)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            Write(i, columns[i].IsSecret ? DocumentJson.Asterisks : Text(dialect.Read(row, i, columns[i].Kind)));
        }

        Raw("\r\n");
    }

    /// <summary>Writes cells of code's own.</summary>
    public void WriteLine(IEnumerable<object?> cells)
    {
        var position = 0;
        foreach (var cell in cells)
        {
            Write(position++, Text(cell));
        }

        Raw("\r\n");
    }

    /// <inheritdoc/>
    public void Dispose() => Buffer.Dispose();

    /// <summary>A value as its text; empty for null.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "1" : "0",
        decimal number => SqliteFunctions.Format(number),
        DateTime time => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"h\:mm\:ss" : @"h\:mm\:ss\.ffffff", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void Write(int position, string text)
    {
        Raw(position > 0 ? "," : "");
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            text = "'" + text;
        }

        Raw(text.AsSpan().ContainsAny(s_quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
    }

    private void Raw(string text) => Encoding.UTF8.GetBytes(text, Buffer);
}
