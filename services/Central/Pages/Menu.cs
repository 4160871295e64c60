using Central.Platform;

namespace Central.Pages;

/// <summary>A page in the navigation.</summary>
internal sealed record MenuItem(string Address, string Text)
{
    /// <summary>What <c>aria-current</c> says of it on a page: the page itself, what the page belongs to, or nothing.</summary>
    public string? CurrentOn(PathString path) => path == Address ? "page" : path.StartsWithSegments(Address, StringComparison.Ordinal) ? "true" : null;
}

/// <summary>Pages that belong together.</summary>
internal sealed record MenuArea(string Address, string Text, IReadOnlyList<MenuItem> Items)
{
    /// <summary>Whether a page is one of them.</summary>
    public bool Has(PathString path) => path.StartsWithSegments(Address, StringComparison.Ordinal);
}

/// <summary>The navigation: only what the visitor may open. Whether one may is decided by the pages themselves.</summary>
internal static class Menu
{
    private static readonly MenuArea s_account = new("/account", "Account",
    [
        new("/account/profile", "Profile"), new("/account/password", "Password"), new("/account/two-factor", "Second factor"), new("/account/passkeys", "Passkeys"),
        new("/account/sessions", "Sessions"), new("/account/activity", "Activity"), new("/account/consents", "Programs"), new("/account/api-keys", "API keys"),
    ]);

    private static readonly MenuArea s_manage = new("/manage", "Manage", [new("/manage/users", "Users"), new("/manage/roles", "Roles")]);

    private static readonly MenuArea s_admin = new("/admin", "Platform",
    [
        new("/admin/tenants", "Tenants"), new("/admin/users", "Accounts"), new("/admin/clients", "Clients"), new("/admin/api-keys", "API keys"),
    ]);

    /// <summary>The areas of a visitor.</summary>
    public static IEnumerable<MenuArea> Of(Visitor visitor, Tenant platform)
    {
        yield return s_account;
        if (visitor.Member.Roles.Any(role => role is RoleNames.SystemManager or CurrentUser.AdministratorRole))
        {
            yield return s_manage;
        }

        if (visitor.Member.Tenant == platform && visitor.Member.Roles.Contains(RoleNames.PlatformAdministrator))
        {
            yield return s_admin;
        }
    }
}
