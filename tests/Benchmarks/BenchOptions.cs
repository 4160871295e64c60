using System.CommandLine;

namespace Microservices.Benchmarks;

/// <summary>Options that several commands share.</summary>
internal static class BenchOptions
{
    public static Option<string> Connection() =>
        new("--connection") { Description = "ADO.NET connection string of the MariaDB, with its database.", Required = true };

    public static Option<int> Tenants() => new("--tenants") { Description = "How many tenants have rows.", DefaultValueFactory = _ => 1000 };

    public static Option<int> Rows() => new("--rows") { Description = "How many rows each tenant has.", DefaultValueFactory = _ => 1000 };

    public static Option<FileInfo> Tokens() =>
        new("--tokens") { Description = "File with one bearer token in each line; line n is of tenant n, counted from 0.", Required = true };
}
