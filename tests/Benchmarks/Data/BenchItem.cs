namespace Microservices.Benchmarks.Data;

/// <summary>The DocType <c>Bench Item</c> that every server of a benchmark serves, and the data it starts with.</summary>
internal static class BenchItem
{
    public const string DocType = "Bench Item";

    public const string Table = $"tab{DocType}";

    /// <summary>The fields of a list, six as the yardstick has them.</summary>
    public static IReadOnlyList<string> ListFields { get; } = ["name", "customer", "status", "quantity", "amount", "modified"];

    public static string Tenant(int tenant) => $"tenant-{tenant:d4}";

    /// <summary>The name of a seeded row, scattered over the key as names without meaning are; <see cref="BenchTable.FillAsync"/> computes the same in SQL.</summary>
    public static string Name(int row) => $"{unchecked((uint)row * NameFactor):x8}{row & 0xff:x2}";

    internal const uint NameFactor = 2_654_435_761;
}
