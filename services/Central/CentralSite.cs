using System.Runtime.CompilerServices;
using Central.AccountPages;
using Central.Administration;
using Central.ApiKeys;
using Central.Clients;
using Central.Factors;
using Central.Keys;
using Central.Limits;
using Central.Links;
using Central.Mail;
using Central.OAuth;
using Central.OAuth.Authorization;
using Central.OAuth.Consents;
using Central.OAuth.Device;
using Central.OAuth.EndSession;
using Central.OAuth.Grants;
using Central.OAuth.Tokens;
using Central.Pages;
using Central.Passkeys;
using Central.Platform;
using Central.Requests;
using Central.Seed;
using Central.Sessions;
using Central.Settings;
using Central.Tenants;
using Central.Users;
using Microservices.Resources;

namespace Central;

/// <summary>The central site: tenants, users and clients, and who signs in as whom. Built on the framework like any service.</summary>
public static class CentralSite
{
    private const string Frappe = "/api/method/frappe.integrations.oauth2.";

    /// <summary>Describes the site; run it, or build it into a host of your own. Several can live in one process.</summary>
    /// <param name="args">Settings as <c>--NAME value</c>. <c>CENTRAL_SITE_ISSUER</c>, else <c>CENTRAL_SITE_URL</c>, is the public address.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // the framework takes the calling assembly for the service's own
    public static Microservice Create(string[] args)
    {
        var app = Microservice.Create("central", args);
        app.Configuration["CENTRAL_SITE_URL"] ??= app.Configuration["CENTRAL_SITE_ISSUER"];
        app.Configuration["SERVICE_AUDIENCE"] ??= "central";

        RegisterDocTypes(app);
        AddServices(app.Services);
        AddProtocolRoutes(app);
        AddPages(app);
        AddMethods(app);
        app.Announce("auth.whoami");
        return app;
    }

    private static void RegisterDocTypes(Microservice app)
    {
        app.RegisterResource<TenantRecord>(resource => resource.Verbs = ResourceVerbs.List | ResourceVerbs.Get | ResourceVerbs.Update);
        app.RegisterResource<OAuthClient>();
        app.RegisterResource<ApiKey>(resource => resource.Verbs = ResourceVerbs.All & ~ResourceVerbs.Create);
        app.RegisterResource<User>(resource => resource.Verbs = ResourceVerbs.List | ResourceVerbs.Get | ResourceVerbs.Update);
        app.RegisterResource<Role>();
        app.RegisterResource<TenantMembership>(resource => resource.Verbs = ResourceVerbs.All & ~ResourceVerbs.Update);
        app.RegisterResource<AuditEvent>(resource => resource.Verbs = ResourceVerbs.List | ResourceVerbs.Get);
        AdministrationAudit.Watch(app, "Tenant", "OAuth Client", "API Key", "User", "Role", "Tenant Membership");
        foreach (var ofPlatform in (string[])["Tenant", "OAuth Client", "API Key", "Tenant Membership", AuditEvent.DocTypeName])
        {
            app.On(ofPlatform, DocumentEvent.BeforeInsert, RefuseOutsidePlatform);
        }

        app.RegisterDocType<Account>();
        app.RegisterDocType<Session>();
        app.RegisterDocType<PendingLogin>();
        app.AddFactorDocTypes();
        app.AddPasskeyDocTypes();
        app.RegisterDocType<StoredSecret>();
        app.RegisterDocType<UsedAssertion>();
        app.RegisterDocType<SigningKeyRecord>();
        app.RegisterDocType<RevokedToken>();
        app.RegisterDocType<OAuthGrant>();
        app.RegisterDocType<AuthorizationCode>();
        app.RegisterDocType<RefreshToken>();
        app.RegisterDocType<Consent>();
        app.RegisterDocType<DeviceCode>();
        app.RegisterDocType<EmailedKey>();
        app.RegisterDocType<LimitCounter>();
    }

    /// <summary>What the platform keeps is read there only; a row of it in a tenant would mean nothing, so none is made.</summary>
    private static void RefuseOutsidePlatform(DocumentContext context, CentralSettings settings)
    {
        if (context.Db.Tenant != settings.PlatformTenant)
        {
            throw new PermissionException($"{context.DocType.Name} belongs to the platform");
        }
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<IStartupFilter, KnownHosts>();
        services.AddSingleton<SeedFile>();
        services.AddSingleton<CentralSettings>();
        services.AddSingleton<PlatformDatabase>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AccountLock>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton(provider => new KeyEncryption(KeyEncryptionKey.Load(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>())));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ISigningKeySource>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<LocalCredentials>();
        services.AddSingleton<ICredentialLookup>(provider => provider.GetRequiredService<LocalCredentials>());

        services.AddSingleton<SessionStore>();
        services.AddSingleton<MembershipReader>();
        services.AddSingleton(_ => new PasswordHashing());
        services.AddSingleton<PasswordPolicy>();
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<AccountChanges>();
        services.AddSingleton<ClientAssertion>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<PendingLoginStore>();
        services.AddSingleton<SignInSteps>();
        services.AddSingleton<SignInPages>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<LogoutTarget>();

        services.AddFactors();
        services.AddPasskeys();
        services.AddPages();
        services.AddSingleton<PasswordChange>();
        AddTokens(services);

        services.AddMail();
        services.AddLinks();

        services.AddSingleton<OAuthEndpoint>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<MetadataEndpoints>();
        services.AddSingleton<LoginEndpoint>();
        services.AddSingleton<LogoutEndpoint>();
        services.AddSingleton<LoggedUserEndpoint>();
        services.AddSingleton<RevokeAllEndpoint>();
        services.AddSingleton<ApiKeyChanges>();
        services.AddSingleton<ApiKeyEndpoints>();
        services.AddHttpContextAccessor();
        services.AddSingleton<ClientSecretEndpoint>();
        services.AddSingleton<NewTenants>();
        services.AddSingleton<ProvisionTenantEndpoint>();
        services.AddSingleton<NewUsers>();
        services.AddSingleton<CreateUserEndpoint>();

        services.AddSingleton<PlatformRows>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<Seeder>();
        services.AddHostedService<PlatformStartup>();
        services.AddHostedService<KeyRefresher>();
        services.AddHostedService<Housekeeping>();
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<JsonWebTokenWriter>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<IdTokenIssuer>();
        services.AddSingleton<UserTokenIssuer>();
        services.AddSingleton<TokenLife>();
        services.AddSingleton<IAccessTokenLife>(provider => provider.GetRequiredService<TokenLife>());
        services.AddSingleton<Audiences>();
        services.AddSingleton<GrantLifetimes>();
        services.AddSingleton<RefreshTokenStore>();
        services.AddSingleton<IGrant, AuthorizationCodeGrant>();
        services.AddSingleton<IGrant, RefreshTokenGrant>();
        services.AddSingleton<IGrant, ClientCredentialsGrant>();
        services.AddSingleton<IGrant, DeviceCodeGrant>();
        services.AddSingleton<IGrant, PasswordGrant>();
        services.AddHostedService<PasswordGrantWarning>();
        services.AddSingleton<FirstTokens>();
        services.AddSingleton<DeviceCodeStore>();
        services.AddSingleton<DeviceRequests>();
        services.AddSingleton<DeviceAuthorizationEndpoint>();
        services.AddSingleton<FreshLogin>();
        services.AddSingleton<IdTokenHint>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<EndSessionEndpoint>();
        services.AddSingleton<UserInfoEndpoint>();
        services.AddSingleton<ClientCors>();
    }

    /// <summary>The standard addresses, and Frappe's names for the same.</summary>
    private static void AddProtocolRoutes(Microservice app)
    {
        foreach (var path in (string[])["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
        {
            app.Route("GET", path, (HttpContext context, MetadataEndpoints endpoint) => endpoint.Discovery(context));
        }

        foreach (var path in (string[])["/oauth/jwks", "/.well-known/jwks.json"])
        {
            app.Route("GET", path, (HttpContext context, MetadataEndpoints endpoint) => endpoint.Jwks(context));
        }

        foreach (var path in (string[])["/oauth/token", Frappe + "get_token"])
        {
            app.Route("POST", path, (HttpContext context, OAuthEndpoint runner, TokenEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context)));
        }

        foreach (var path in (string[])["/oauth/introspect", Frappe + "introspect_token"])
        {
            app.Route("POST", path, (HttpContext context, OAuthEndpoint runner, IntrospectionEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context)));
        }

        foreach (var path in (string[])["/oauth/revoke", Frappe + "revoke_token"])
        {
            app.Route("POST", path, (HttpContext context, OAuthEndpoint runner, RevocationEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context)));
        }

        app.Route("POST", "/oauth/device_authorization", (HttpContext context, OAuthEndpoint runner, DeviceAuthorizationEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context)));
        app.Route("GET,POST", "/oauth/userinfo", (HttpContext context, OAuthEndpoint runner, UserInfoEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context)));
        app.Route("GET,POST", Frappe + "openid_profile", (HttpContext context, OAuthEndpoint runner, UserInfoEndpoint endpoint) => runner.RunAsync(context, () => endpoint.HandleAsync(context, isFrappe: true)));
        foreach (var path in (string[])["/oauth/token", "/oauth/userinfo", "/oauth/revoke"])
        {
            app.Route("OPTIONS", path, (HttpContext context, ClientCors cors) => cors.PreflightAsync(context));
        }
    }

    /// <summary>What people see.</summary>
    private static void AddPages(Microservice app)
    {
        foreach (var path in (string[])["/oauth/authorize", Frappe + "authorize"])
        {
            app.Route("GET,HEAD", path, (HttpContext context, PageRunner runner, AuthorizeEndpoint endpoint) => runner.ReadAsync(context, endpoint.HandleAsync));
            app.Route("POST", path, (HttpContext context, PageRunner runner, AuthorizeEndpoint endpoint) => runner.ReceiveAsync(context, endpoint.HandleAsync));
        }

        app.Route("GET,HEAD", "/oauth/logout", (HttpContext context, PageRunner runner, EndSessionEndpoint endpoint) => runner.ReadAsync(context, endpoint.HandleAsync));
        app.Route("POST", "/oauth/logout", (HttpContext context, PageRunner runner, EndSessionEndpoint endpoint) => runner.ReceiveAsync(context, endpoint.HandleAsync));
        app.Page<ConsentEndpoint>("/oauth/consent");
        app.Page<DevicePageEndpoint>(DevicePageEndpoint.Path);
        app.Page<DeviceDecisionEndpoint>(DeviceDecisionEndpoint.Path);
        app.Page<LoginPageEndpoint>("/login");
        app.Page<TenantPageEndpoint>(LoginAddress.Tenant);
        app.AddFactorPages();
        app.AddPasskeyRoutes();
        app.Page<LogoutPageEndpoint>("/logout");
        app.AddAccountPages();
        app.AddAdministrationPages();

        app.Route("GET,HEAD", Stylesheet.Address, (HttpContext context) => Stylesheet.Answer(context));
    }

    private static void AddMethods(Microservice app)
    {
        LinkServices.AddRoutes(app);
        app.Route("POST", "/api/method/login", (HttpContext context, LoginEndpoint endpoint) => endpoint.HandleAsync(context));
        app.Route("POST", "/api/method/logout", (HttpContext context, LogoutEndpoint endpoint) => endpoint.HandleAsync(context));
        app.Route("GET,POST", "/api/method/frappe.auth.get_logged_user", (HttpContext context, LoggedUserEndpoint endpoint) => endpoint.HandleAsync(context));
        app.SecureRoute("POST", "/api/method/central.sessions.revoke_all", (HttpContext context, CurrentUser user, RevokeAllEndpoint endpoint) => endpoint.HandleAsync(context, user));
        app.SecureRoute("POST", "/api/method/frappe.core.doctype.user.user.generate_keys", (HttpContext context, CurrentUser user, ApiKeyEndpoints endpoint) => endpoint.GenerateAsync(context, user));
        app.SecureRoute("POST", "/api/method/central.api_keys.revoke", (HttpContext context, CurrentUser user, ApiKeyEndpoints endpoint) => endpoint.RevokeAsync(context, user));
        app.SecureRoute("POST", "/api/method/central.api_keys.rotate", (HttpContext context, CurrentUser user, ApiKeyEndpoints endpoint) => endpoint.RotateAsync(context, user));
        app.SecureRoute("POST", "/api/method/central.clients.create_secret", (HttpContext context, CurrentUser user, ClientSecretEndpoint endpoint) => endpoint.HandleAsync(context, user));
        app.SecureRoute("POST", "/api/method/central.users.create", (HttpContext context, CurrentUser user, CreateUserEndpoint endpoint) => endpoint.HandleAsync(context, user));
        app.SecureRoute("POST", "/api/method/central.provision_tenant", (HttpContext context, CurrentUser user, ProvisionTenantEndpoint endpoint) => endpoint.HandleAsync(context, user));
    }
}
