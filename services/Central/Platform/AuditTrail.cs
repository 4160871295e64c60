namespace Central.Platform;

/// <summary>One event, read.</summary>
internal sealed record AuditEntry(
    DateTime Time, string Event, string Outcome, string UserId, string Tenant, string Client, string Reference, string Address, string UserAgent, string RequestId);

/// <summary>Which events are asked for; what is null does not matter.</summary>
internal sealed record AuditQuery(string? UserId = null, string? Event = null, DateTime? Since = null, int Limit = 100);

/// <summary>Reads the audit events. Works in the platform tenant.</summary>
internal static class AuditTrail
{
    private static readonly string[] s_fields = ["time", "event", "outcome", "user_id", "tenant", "client", "reference", "address", "user_agent", "request_id"];

    /// <summary>The newest events of a user, the newest first: what its own account page shows.</summary>
    public static Task<IReadOnlyList<AuditEntry>> OfUserAsync(TenantDb platform, string userId, int limit, CancellationToken cancellationToken = default) =>
        FindAsync(platform, new AuditQuery(UserId: userId, Limit: limit), cancellationToken);

    /// <summary>The newest events that a query leaves, the newest first.</summary>
    public static async Task<IReadOnlyList<AuditEntry>> FindAsync(TenantDb platform, AuditQuery query, CancellationToken cancellationToken)
    {
        List<Filter> filters = [];
        Add("user_id", "=", query.UserId);
        Add("event", "=", query.Event);
        Add("time", ">=", query.Since);
        var rows = await platform.GetAllAsync(
            AuditEvent.DocTypeName, new() { Fields = s_fields, Filters = filters, OrderBy = "modified desc", Limit = query.Limit }, cancellationToken);
        return [.. rows.Select(Read)];

        void Add(string field, string comparison, object? value)
        {
            if (value is not null)
            {
                filters.Add(new(field, comparison, value));
            }
        }
    }

    private static AuditEntry Read(Row row) => new(
        DateTime.SpecifyKind(row.Get<DateTime>("time"), DateTimeKind.Utc), Text(row, "event"), Text(row, "outcome"), Text(row, "user_id"), Text(row, "tenant"), Text(row, "client"),
        Text(row, "reference"), Text(row, "address"), Text(row, "user_agent"), Text(row, "request_id"));

    private static string Text(Row row, string field) => row.Get<string>(field) ?? "";
}
