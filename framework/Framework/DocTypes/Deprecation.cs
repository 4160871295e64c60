using System.Globalization;

namespace Microservices.DocTypes;

/// <summary>That a part of an API is on its way out: since when, until when, and where to read what takes its place.</summary>
/// <param name="Since">From this day on it is deprecated; a day to come announces it. Midnight UTC.</param>
/// <param name="Sunset">From this day on it may not answer any more. Null: not decided.</param>
/// <param name="Link">What to read about it. Null: nothing.</param>
/// <remarks>Answered as <c>Deprecation</c> (RFC 9745), <c>Sunset</c> (RFC 8594) and <c>Link</c> with <c>rel="deprecation"</c>.</remarks>
public sealed record Deprecation(DateOnly Since, DateOnly? Sunset = null, Uri? Link = null)
{
    /// <summary>The <c>Deprecation</c> header: a date of structured fields.</summary>
    public string HeaderValue => string.Create(CultureInfo.InvariantCulture, $"@{Instant(Since).ToUnixTimeSeconds()}");

    /// <summary>The <c>Sunset</c> header: an HTTP date; null without one.</summary>
    public string? SunsetValue => Sunset is { } day ? Instant(day).ToString("R", CultureInfo.InvariantCulture) : null;

    /// <summary>The <c>Link</c> header; null without one.</summary>
    public string? LinkValue => Link is null ? null : $"<{Link.AbsoluteUri}>; rel=\"deprecation\"";

    private static DateTimeOffset Instant(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>Marks a DocType class, or a field of one, as deprecated in the API.</summary>
/// <param name="since">The day, <c>YYYY-MM-DD</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class DeprecatedAttribute(string since) : Attribute
{
    /// <summary>The day since when it is deprecated.</summary>
    public string Since { get; } = since;

    /// <summary>The day from which it may not answer any more, <c>YYYY-MM-DD</c>. Null: not decided.</summary>
    public string? Sunset { get; set; }

    /// <summary>Absolute address of what to read about it. Null: nothing.</summary>
    public string? Link { get; set; }

    /// <exception cref="FormatException">A day is no day, or the address is none.</exception>
    internal Deprecation Read() => new(
        Day(Since), Sunset is null ? null : Day(Sunset), Link is null ? null : Uri.TryCreate(Link, UriKind.Absolute, out var address) ? address : throw new FormatException($"'{Link}' is no absolute address"));

    private static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new FormatException($"'{text}' is no day: write YYYY-MM-DD");
}
