namespace Central.Platform;

/// <summary>Roles that mean something to the central site.</summary>
internal static class RoleNames
{
    /// <summary>Keeps the users and roles of one tenant.</summary>
    public const string SystemManager = "System Manager";

    /// <summary>Keeps tenants, clients and API keys, in the platform tenant.</summary>
    public const string PlatformAdministrator = "Platform Administrator";

    /// <summary>Makes tenants, in the platform tenant.</summary>
    public const string TenantProvisioner = "Tenant Provisioner";

    private static readonly string[] s_privileged = [CurrentUser.AdministratorRole, PlatformAdministrator, TenantProvisioner];

    /// <summary>Roles that mean something on the platform only.</summary>
    public static bool IsOfPlatform(string role) => role is PlatformAdministrator or TenantProvisioner;

    /// <summary>Roles that are given only by those who hold them.</summary>
    public static bool IsPrivileged(string role) => s_privileged.Contains(role, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the caller may give a role to a user, or take it.</summary>
    public static bool MayGrant(CurrentUser caller, string role) =>
        !IsPrivileged(role) || caller.IsAdministrator || caller.Roles.Contains(role) || (IsOfPlatform(role) && caller.Roles.Contains(PlatformAdministrator));
}
