using System.CommandLine;
using System.Diagnostics;

namespace Microservices.Benchmarks.Data;

internal static class SeedCommand
{
    public static Command Create()
    {
        Option<string> connection = BenchOptions.Connection();
        Option<int> tenants = BenchOptions.Tenants();
        Option<int> rows = BenchOptions.Rows();
        Option<bool> create = new("--create-table") { Description = "Make the table when it is missing; without it a server must have made it." };
        Command command = new("seed", $"Empty the table of {BenchItem.DocType} and fill it.") { connection, tenants, rows, create };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            BenchTable table = new(arguments.GetRequiredValue(connection));
            if (arguments.GetValue(create))
            {
                await table.CreateAsync(cancellationToken);
            }

            long started = Stopwatch.GetTimestamp();
            await table.FillAsync(arguments.GetValue(tenants), arguments.GetValue(rows), cancellationToken);
            Console.WriteLine($"{await table.CountAsync(cancellationToken):n0} rows in {Stopwatch.GetElapsedTime(started).TotalSeconds:n1} s");
        });
        return command;
    }
}
