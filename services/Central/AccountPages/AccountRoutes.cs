using Central.ApiKeys;
using Central.Pages;

namespace Central.AccountPages;

/// <summary>Registers what people see of their own accounts.</summary>
internal static class AccountRoutes
{
    extension(Microservice app)
    {
        /// <summary>Adds the pages.</summary>
        public void AddAccountPages()
        {
            app.ReadOnlyPage<AccountHomeEndpoint>(LocalPath.Home);
            app.Page<ProfileEndpoint>(ProfileEndpoint.Path);
            app.Page<PasswordEndpoint>(PasswordEndpoint.Path);
            app.Page<SessionsEndpoint>(SessionsEndpoint.Path);
            app.ReadOnlyPage<ActivityEndpoint>(ActivityEndpoint.Path);
            app.Page<ConsentsEndpoint>(ConsentsEndpoint.Path);
            app.ReadOnlyPage<ApiKeysPageEndpoint>(ApiKeysPageEndpoint.Path);
            app.Page<NewApiKeyPageEndpoint>(NewApiKeyPageEndpoint.Path);
            app.Page<ApiKeyPageEndpoint>(ApiKeyPageEndpoint.Path);
        }
    }
}
