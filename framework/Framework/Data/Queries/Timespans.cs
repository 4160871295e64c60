using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>Frappe's named spans of days, such as <c>last 7 days</c> and <c>this quarter</c>; both ends belong to the span.</summary>
internal static class Timespans
{
    /// <summary>First and last day of a span, seen from a day.</summary>
    /// <exception cref="DataException">There is no such span.</exception>
    public static (DateOnly From, DateOnly To) Resolve(string span, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1);
        var year = new DateOnly(today.Year, 1, 1);
        var week = today.AddDays(-(int)today.DayOfWeek); // Frappe's week starts on Sunday
        return span.Trim().ToLowerInvariant() switch
        {
            "today" => (today, today),
            "yesterday" => (today.AddDays(-1), today.AddDays(-1)),
            "tomorrow" => (today.AddDays(1), today.AddDays(1)),
            "last 7 days" => (today.AddDays(-7), today),
            "last 14 days" => (today.AddDays(-14), today),
            "last 30 days" => (today.AddDays(-30), today),
            "last 90 days" => (today.AddDays(-90), today),
            "next 7 days" => (today, today.AddDays(7)),
            "next 14 days" => (today, today.AddDays(14)),
            "next 30 days" => (today, today.AddDays(30)),
            "last week" => (week.AddDays(-7), week.AddDays(-1)),
            "this week" => (week, week.AddDays(6)),
            "next week" => (week.AddDays(7), week.AddDays(13)),
            "last month" => (month.AddMonths(-1), month.AddDays(-1)),
            "this month" => (month, month.AddMonths(1).AddDays(-1)),
            "next month" => (month.AddMonths(1), month.AddMonths(2).AddDays(-1)),
            "last quarter" => (quarter.AddMonths(-3), quarter.AddDays(-1)),
            "this quarter" => (quarter, quarter.AddMonths(3).AddDays(-1)),
            "next quarter" => (quarter.AddMonths(3), quarter.AddMonths(6).AddDays(-1)),
            "last 6 months" => (month.AddMonths(-6), month.AddDays(-1)),
            "next 6 months" => (month.AddMonths(1), month.AddMonths(7).AddDays(-1)),
            "last year" => (year.AddYears(-1), year.AddDays(-1)),
            "this year" => (year, year.AddYears(1).AddDays(-1)),
            "next year" => (year.AddYears(1), year.AddYears(2).AddDays(-1)),
            _ => throw new DataException($"Unknown timespan: {span}"),
        };
    }

    /// <summary>The calendar span before or after a day: <c>previous</c> or <c>next</c> <c>1 week</c>, <c>1 month</c>, <c>3 months</c>, <c>6 months</c>, <c>1 year</c>.</summary>
    /// <exception cref="DataException">There is no such span.</exception>
    public static (DateOnly From, DateOnly To) Step(string direction, string length, DateOnly today)
    {
        var span = length.Trim().ToLowerInvariant() switch
        {
            "1 week" => "week",
            "1 month" => "month",
            "3 months" => "quarter",
            "6 months" => "6 months",
            "1 year" => "year",
            _ => throw new DataException($"'{direction}' takes 1 week, 1 month, 3 months, 6 months or 1 year, not '{length}'"),
        };
        return Resolve($"{(direction == "next" ? "next" : "last")} {span}", today);
    }
}
