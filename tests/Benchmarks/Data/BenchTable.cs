using System.Globalization;
using Dapper;
using MySql.Data.MySqlClient;

namespace Microservices.Benchmarks.Data;

/// <summary>The table of <see cref="BenchItem"/> on one MariaDB.</summary>
internal sealed class BenchTable(string connectionString)
{
    private const int TenantsPerStatement = 20; // keeps the undo of one statement small

    /// <summary>Makes the table as the framework's schema sync makes it, for measurements without the framework; leaves one that is there.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using MySqlConnection connection = new(connectionString);
        await connection.ExecuteAsync(new CommandDefinition($"""
            create table if not exists `{BenchItem.Table}` (
                tenant_id varchar(64) character set ascii collate ascii_bin not null,
                name varchar(140) not null,
                owner varchar(140),
                creation datetime(6),
                modified datetime(6),
                modified_by varchar(140),
                docstatus tinyint not null default 0,
                idx int not null default 0,
                customer varchar(140),
                status varchar(140),
                quantity int not null default 0,
                amount decimal(21,9) not null default 0,
                due date,
                primary key (tenant_id, name),
                index modified (tenant_id, modified desc, name)
            ) engine=InnoDB row_format=dynamic default charset=utf8mb4 collate=utf8mb4_unicode_520_nopad_ci
            """, cancellationToken: cancellationToken));
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using MySqlConnection connection = new(connectionString);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition($"select count(*) from `{BenchItem.Table}`", cancellationToken: cancellationToken));
    }

    /// <summary>Empties the table and gives each tenant its rows. MariaDB makes them itself, from its Sequence engine.</summary>
    public async Task FillAsync(int tenants, int rows, CancellationToken cancellationToken)
    {
        await using MySqlConnection connection = new(connectionString);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync($"truncate table `{BenchItem.Table}`");
        for (int first = 0; first < tenants; first += TenantsPerStatement)
        {
            await ExecuteAsync(Fill(first, Math.Min(first + TenantsPerStatement, tenants) - 1, rows));
        }

        // Counts of rows that the optimizer plans with, and nothing left to write back while a server is measured.
        await ExecuteAsync($"analyze table `{BenchItem.Table}`");
        await ExecuteAsync($"flush table `{BenchItem.Table}` for export");
        await ExecuteAsync("unlock tables");

        Task<int> ExecuteAsync(string sql) =>
            connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 600, cancellationToken: cancellationToken));
    }

    // Neighbours in time are not neighbours in the key, customers are many, and one row in five has each status.
    private static string Fill(int firstTenant, int lastTenant, int rows) => string.Create(CultureInfo.InvariantCulture, $"""
        insert into `{BenchItem.Table}` (tenant_id, name, owner, creation, modified, modified_by, docstatus, idx, customer, status, quantity, amount, due)
        select
            concat('tenant-', lpad(t.seq, 4, '0')),
            lower(concat(lpad(hex((r.seq * {BenchItem.NameFactor}) & 0xffffffff), 8, '0'), lpad(hex(r.seq & 0xff), 2, '0'))) as row_name,
            'user@example.com',
            '2026-01-01' + interval (r.seq * 7919) % {rows} minute,
            '2026-01-01' + interval (r.seq * 7919) % {rows} * 60000000 + t.seq microsecond,
            'user@example.com',
            0, 0,
            concat('Customer ', (r.seq * 31) % 997),
            elt(1 + r.seq % 5, 'Draft', 'Confirmed', 'Shipped', 'Paid', 'Closed'),
            r.seq % 100,
            r.seq * 1.25,
            '2026-01-01' + interval r.seq % 365 day
        from seq_{firstTenant}_to_{lastTenant} t join seq_0_to_{rows - 1} r
        order by t.seq, row_name
        """);
}
