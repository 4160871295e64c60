using Central.Pages;

namespace Central.Factors;

/// <summary>Registers second factors.</summary>
internal static class FactorServices
{
    public static void AddFactors(this IServiceCollection services)
    {
        services.AddSingleton<TotpStore>();
        services.AddSingleton<RecoveryCodeStore>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<TotpEnrolment>();
        services.AddSingleton<FactorChanges>();
    }

    public static void AddFactorDocTypes(this Microservice app)
    {
        app.RegisterDocType<TotpSecret>();
        app.RegisterDocType<RecoveryCode>();
    }

    public static void AddFactorPages(this Microservice app)
    {
        app.Page<VerificationPageEndpoint>(LoginAddress.Verification);
        app.Page<EnrolmentPageEndpoint>(LoginAddress.Enrolment);
        app.Page<TwoFactorPageEndpoint>(TwoFactorPageEndpoint.Path);
    }
}
