using Central.Pages;
using Central.Settings;
using Central.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Central.Passkeys;

/// <summary>Registers passkeys.</summary>
internal static class PasskeyServices
{
    public static void AddPasskeys(this IServiceCollection services)
    {
        services.AddSingleton<PasskeyAccounts>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddSingleton(MakeHandler);
        services.AddSingleton<PasskeyLoginEndpoint>();
        services.AddSingleton<PasskeyRegistrationEndpoint>();
    }

    public static void AddPasskeyDocTypes(this Microservice app)
    {
        app.RegisterDocType<Passkey>();
        app.RegisterDocType<PasskeyChallenge>();
    }

    public static void AddPasskeyRoutes(this Microservice app)
    {
        app.Route("POST", "/login/passkey/options", (HttpContext context, PasskeyLoginEndpoint endpoint) => endpoint.OptionsAsync(context));
        app.Route("POST", "/login/passkey", (HttpContext context, PasskeyLoginEndpoint endpoint) => endpoint.LoginAsync(context));
        app.SecureRoute("POST", "/account/passkeys/options", (HttpContext context, CurrentUser user, PasskeyRegistrationEndpoint endpoint) => endpoint.OptionsAsync(context, user));
        app.SecureRoute("POST", PasskeysPageEndpoint.Path, (HttpContext context, CurrentUser user, PasskeyRegistrationEndpoint endpoint) => endpoint.AddAsync(context, user));
        app.ReadOnlyPage<PasskeysPageEndpoint>(PasskeysPageEndpoint.Path);
        app.Page<PasskeyRemovalEndpoint>(PasskeyRemovalEndpoint.Path);
        app.Route("GET,HEAD", PasskeyScriptFile.Address, (HttpContext context) => PasskeyScriptFile.Answer(context));
    }

    private static IPasskeyHandler<Account> MakeHandler(IServiceProvider services)
    {
        var settings = services.GetRequiredService<CentralSettings>().Passkeys;
        var users = new UserManager<Account>(
            services.GetRequiredService<PasskeyAccounts>(), Options.Create(new IdentityOptions()), new PasswordHasher<Account>(), [], [], new UpperInvariantLookupNormalizer(),
            new IdentityErrorDescriber(), services, services.GetRequiredService<ILogger<UserManager<Account>>>());
        return new PasskeyHandler<Account>(users, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = settings.RpId,
            AuthenticatorTimeout = PasskeyChallenges.Lifetime,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            ValidateOrigin = origin => ValueTask.FromResult(!origin.CrossOrigin && settings.Origins.Contains(origin.Origin, StringComparer.Ordinal)),
        }));
    }
}
