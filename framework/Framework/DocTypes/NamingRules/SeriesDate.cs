using System.Globalization;

namespace Microservices.DocTypes;

/// <summary>The parts of a series that are parts of the date.</summary>
internal static class SeriesDate
{
    /// <summary>What writes a part; null when it is not one of a date.</summary>
    public static Func<DateTime, string>? Reader(string part) => part switch
    {
        "YY" => Format("yy"),
        "YYYY" => Format("yyyy"),
        "MM" => Format("MM"),
        "DD" => Format("dd"),
        "WW" => now => Week(now).ToString("D2", CultureInfo.InvariantCulture),
        "JJJ" => now => now.DayOfYear.ToString("D3", CultureInfo.InvariantCulture),
        "timestamp" => Format("yyyy-MM-dd HH:mm:ss.ffffff"),
        _ => null,
    };

    /// <summary>The ISO week, but for the days around New Year that belong to a week of the other year: those are in week 0 or 53.</summary>
    public static int Week(DateTime day)
    {
        var week = ISOWeek.GetWeekOfYear(day);
        return (day.Month, week) switch
        {
            (1, >= 52) => 0,
            (12, 1) => 53,
            _ => week,
        };
    }

    private static Func<DateTime, string> Format(string format) => now => now.ToString(format, CultureInfo.InvariantCulture);
}
