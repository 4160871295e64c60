using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Microservices.Data.Dialects;

/// <summary>
/// <c>sum</c> and <c>avg</c> with exact decimals. They are registered below the driver: its own <c>CreateAggregate</c> keeps one state for
/// all uses of a function on a connection, which adds one query's rows, another tenant's among them, to the next.
/// </summary>
internal static class SqliteTotals
{
    public static void Register(SqliteConnection connection)
    {
        Register(connection, "sum", static (context, total) => total.WriteSum(context));
        Register(connection, "avg", static (context, total) => total.WriteAverage(context));
    }

    private static void Register(SqliteConnection connection, string name, Action<sqlite3_context, Total> write)
    {
        var result = raw.sqlite3_create_function(
            connection.Handle,
            name,
            1,
            raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC,
            null,
            static (context, _, arguments) => ((Total)(context.state ??= new Total())).Add(arguments[0]),
            (context, _) =>
            {
                var total = context.state as Total ?? new Total();
                context.state = null;
                write(context, total);
            });
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }

    private sealed class Total
    {
        private decimal _value;
        private long _count;
        private bool _hasFraction;
        private bool _overflows;

        public void Add(sqlite3_value value)
        {
            var type = raw.sqlite3_value_type(value);
            if (type == raw.SQLITE_NULL)
            {
                return;
            }

            _count++;
            _hasFraction |= type != raw.SQLITE_INTEGER;
            try
            {
                _value += type == raw.SQLITE_INTEGER ? raw.sqlite3_value_int64(value)
                    : type == raw.SQLITE_FLOAT ? (decimal)raw.sqlite3_value_double(value)
                    : decimal.TryParse(raw.sqlite3_value_text(value).utf8_to_string(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
            }
            catch (OverflowException)
            {
                _overflows = true; // an exception must not cross SQLite's own frames
            }
        }

        public void WriteSum(sqlite3_context context)
        {
            if (_count == 0)
            {
                raw.sqlite3_result_null(context);
            }
            else if (_overflows || (!_hasFraction && _value is < long.MinValue or > long.MaxValue))
            {
                raw.sqlite3_result_error(context, "the sum is out of range");
            }
            else if (_hasFraction)
            {
                raw.sqlite3_result_text(context, SqliteFunctions.Format(_value));
            }
            else
            {
                raw.sqlite3_result_int64(context, (long)_value);
            }
        }

        public void WriteAverage(sqlite3_context context)
        {
            if (_count == 0)
            {
                raw.sqlite3_result_null(context);
            }
            else if (_overflows)
            {
                raw.sqlite3_result_error(context, "the average is out of range");
            }
            else
            {
                raw.sqlite3_result_text(context, SqliteFunctions.Format(Math.Round(_value / _count, DocTypes.FieldValue.DecimalScale, MidpointRounding.AwayFromZero)));
            }
        }
    }
}
