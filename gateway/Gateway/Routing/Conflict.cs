namespace Gateway.Routing;

/// <summary>Two services announce the same thing; <paramref name="Owner"/> is listed first and keeps it.</summary>
internal sealed record Conflict(string Kind, string Claim, string Owner, string Other);
