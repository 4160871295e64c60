namespace Microservices.DocTypes;

/// <summary>Where a name stands in its series.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Number">The value that made the name.</param>
public readonly record struct SeriesPosition(string Key, long Number);
