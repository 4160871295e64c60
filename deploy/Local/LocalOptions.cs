namespace Local;

/// <summary>What the command line says.</summary>
/// <param name="Port">Port of the gateway.</param>
/// <param name="Address">The address that users type, when it is not 127.0.0.1 and the port.</param>
/// <param name="DataFolder">Folder of all data.</param>
/// <param name="SeedFile">Seed in place of the demo's.</param>
/// <param name="IsMariaDb">Whether the services' databases are on a MariaDB server, else SQLite files in the data folder.</param>
/// <param name="Connection">That server's connection string.</param>
internal sealed record LocalOptions(int Port, string? Address, string DataFolder, string? SeedFile, bool IsMariaDb, string? Connection)
{
    /// <summary>Port when none is given.</summary>
    public const int DefaultPort = 8080;

    /// <summary>Where the product answers.</summary>
    public string BaseAddress => Address ?? $"http://127.0.0.1:{Port}";

    /// <summary>Where mails are written as files; null when they go to a mail server.</summary>
    public string? MailFolder => Environment.GetEnvironmentVariable("CENTRAL_SMTP_URL") is { Length: > 0 } ? null : Path.Combine(DataFolder, "mails");
}
