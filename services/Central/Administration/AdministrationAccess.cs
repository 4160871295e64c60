using Central.Pages;
using Central.Platform;
using Central.Settings;

namespace Central.Administration;

/// <summary>Whom the administration pages are for. What they then do is decided once more by the permissions of the documents.</summary>
internal sealed class AdministrationAccess(CentralSettings settings)
{
    /// <summary>The visitor, who administers the platform.</summary>
    /// <exception cref="PermissionException">The visitor does not.</exception>
    public Visitor RequirePlatform(PageContext page) =>
        page.RequireVisitor() is var visitor && visitor.Member.Tenant == settings.PlatformTenant && visitor.Member.Roles.Contains(RoleNames.PlatformAdministrator)
            ? visitor
            : throw new PermissionException($"This page is for people with the role {RoleNames.PlatformAdministrator}");

    /// <summary>The visitor, who manages the tenant of the session.</summary>
    /// <exception cref="PermissionException">The visitor does not.</exception>
    public static Visitor RequireManager(PageContext page) =>
        page.RequireVisitor() is var visitor && visitor.Member.Roles.Any(role => role is RoleNames.SystemManager or CurrentUser.AdministratorRole)
            ? visitor
            : throw new PermissionException($"This page is for people with the role {RoleNames.SystemManager}");
}
