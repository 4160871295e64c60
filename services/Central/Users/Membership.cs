namespace Central.Users;

/// <summary>A user who may act now: the account, and its profile and roles in its tenant.</summary>
internal sealed record Membership(string UserId, string Username, string FullName, Tenant Tenant, IReadOnlyList<string> Roles);
