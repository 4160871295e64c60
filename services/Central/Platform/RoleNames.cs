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

    /// <summary>Refuses whoever may not change what has these roles: rights beyond those of the caller are neither given nor taken.</summary>
    /// <param name="caller">Who changes it.</param>
    /// <param name="roles">The roles that it has, and those that it shall have.</param>
    /// <exception cref="PermissionException">A role is not for the caller to give.</exception>
    public static void RequireGrantable(CurrentUser caller, IEnumerable<string> roles)
    {
        if (roles.FirstOrDefault(role => !MayGrant(caller, role)) is { } role)
        {
            throw new PermissionException($"Only who has the role {role} gives it, or changes what has it");
        }
    }

    /// <summary>Whether the caller may give a role, or take it.</summary>
    public static bool MayGrant(CurrentUser caller, string role) =>
        !IsPrivileged(role) || caller.IsAdministrator || caller.Roles.Contains(role) || (IsOfPlatform(role) && caller.Roles.Contains(PlatformAdministrator));
}
