using Central.Pages;

namespace Central.Administration;

/// <summary>Registers the pages on which tenants are managed and the platform is administered.</summary>
internal static class AdministrationRoutes
{
    extension(Microservice app)
    {
        /// <summary>Adds the pages.</summary>
        public void AddAdministrationPages()
        {
            app.Services.AddSingleton<AdministrationAccess>();
            app.ReadOnlyPage<ManageHomeEndpoint>("/manage");
            app.ReadOnlyPage<UsersPageEndpoint>(UsersPageEndpoint.Path);
            app.Page<NewUserPageEndpoint>(NewUserPageEndpoint.Path);
            app.Page<UserPageEndpoint>(UserPageEndpoint.Path);
            app.Page<RolesPageEndpoint>(RolesPageEndpoint.Path);

            app.ReadOnlyPage<PlatformHomeEndpoint>("/admin");
            app.ReadOnlyPage<TenantsPageEndpoint>(TenantsPageEndpoint.Path);
            app.Page<NewTenantPageEndpoint>(NewTenantPageEndpoint.Path);
            app.Page<TenantRecordPageEndpoint>(TenantRecordPageEndpoint.Path);
            app.ReadOnlyPage<AccountsPageEndpoint>(AccountsPageEndpoint.Path);
            app.Page<AccountPageEndpoint>(AccountPageEndpoint.Path);
            app.ReadOnlyPage<ClientsPageEndpoint>(ClientsPageEndpoint.Path);
            app.Page<NewClientPageEndpoint>(NewClientPageEndpoint.Path);
            app.Page<ClientPageEndpoint>(ClientPageEndpoint.Path);
            app.ReadOnlyPage<AllApiKeysPageEndpoint>(AllApiKeysPageEndpoint.Path);
            app.Page<AnyApiKeyPageEndpoint>(AnyApiKeyPageEndpoint.Path);
        }
    }

    /// <summary>An area opens with its first list.</summary>
    private sealed class ManageHomeEndpoint : IPage
    {
        public Task<IResult> ShowAsync(PageContext page) => Task.FromResult(page.SeeOther(UsersPageEndpoint.Path));
    }

    /// <inheritdoc cref="ManageHomeEndpoint"/>
    private sealed class PlatformHomeEndpoint : IPage
    {
        public Task<IResult> ShowAsync(PageContext page) => Task.FromResult(page.SeeOther(TenantsPageEndpoint.Path));
    }
}
