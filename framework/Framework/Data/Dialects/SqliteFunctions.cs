using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Microservices.Data.Dialects;

/// <summary>What MariaDB does and SQLite lacks: text that compares without case and accents, exact decimals, LIKE to match.</summary>
internal static class SqliteFunctions
{
    public const string TextCollation = "unicode_ci";
    public const string DecimalCollation = "decimal";

    private const int FieldScale = DocTypes.FieldValue.DecimalScale;

    public static void Register(SqliteConnection connection)
    {
        connection.CreateCollation(TextCollation, SqliteText.Compare);
        connection.CreateCollation(DecimalCollation, (a, b) => Number(a).CompareTo(Number(b)));
        connection.CreateFunction("like", (string? pattern, string? text) => pattern is null || text is null ? (bool?)null : SqliteText.Like(pattern, text), isDeterministic: true);
        // Replaces SQLite's own, which add decimals as binary fractions; whole numbers stay whole.
        CreateAggregate(connection, "sum", total => total.Sum);
        CreateAggregate(connection, "avg", total => total.Average);
    }

    /// <summary>A decimal as text without trailing zeros, so that equal numbers are equal text.</summary>
    public static string Format(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    // Not CreateAggregate of this version of Microsoft.Data.Sqlite: it keeps one total for all groups, statements and callers of a
    // connection (dotnet/efcore issue 26070).
    private static void CreateAggregate(SqliteConnection connection, string name, Func<Total, object?> result)
    {
        var code = raw.sqlite3_create_function(connection.Handle, name, 1, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Step, End);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);

        static void Step(sqlite3_context context, object data, sqlite3_value[] values)
        {
            var total = (Total)(context.state ??= new Total());
            total.Add(values[0]);
        }

        void End(sqlite3_context context, object data)
        {
            switch (context.state is Total { IsTooLarge: false } total ? result(total) : context.state is null ? null : new OverflowException())
            {
                case null:
                    raw.sqlite3_result_null(context);
                    break;
                case long number:
                    raw.sqlite3_result_int64(context, number);
                    break;
                case string text:
                    raw.sqlite3_result_text(context, text);
                    break;
                default:
                    raw.sqlite3_result_error(context, "the total is too large");
                    break;
            }
        }
    }

    private static decimal Number(object value) => value switch
    {
        decimal number => number,
        long number => number,
        double number => (decimal)number,
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => 0m,
    };

    /// <summary>The total of one group of one statement.</summary>
    private sealed class Total
    {
        private decimal _value;
        private long _count;
        private bool _hasFraction;

        public bool IsTooLarge { get; private set; }

        public object? Sum => _count == 0 ? null : _hasFraction ? Format(_value) : (long)_value;

        public object? Average => _count == 0 ? null : Format(Math.Round(_value / _count, FieldScale, MidpointRounding.AwayFromZero));

        public void Add(sqlite3_value value)
        {
            var type = raw.sqlite3_value_type(value);
            if (type == raw.SQLITE_NULL)
            {
                return;
            }

            try
            {
                _value += type == raw.SQLITE_INTEGER ? raw.sqlite3_value_int64(value)
                    : type == raw.SQLITE_FLOAT ? (decimal)raw.sqlite3_value_double(value)
                    : Number(raw.sqlite3_value_text(value).utf8_to_string());
            }
            catch (OverflowException)
            {
                IsTooLarge = true; // no exception may cross SQLite's own frames
            }

            _count++;
            _hasFraction |= type != raw.SQLITE_INTEGER;
            IsTooLarge |= !_hasFraction && _value is > long.MaxValue or < long.MinValue;
        }
    }
}
