using Central.Keys;
using Central.Sessions;
using Central.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Central.Pages;

/// <summary>What pages need.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<IDataProtectionProvider, SiteDataProtection>();
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, SessionBinding>();
        services.AddAntiforgery();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>>(provider => new ConfigureOptions<AntiforgeryOptions>(
            options => Configure(options, provider.GetRequiredService<CentralSettings>())));
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<PageRunner>();
        services.AddSingleton<PageHeaders>();
        services.AddSingleton<VisitorReader>();
        services.AddSingleton<VisitorDatabase>();
    }

    private static void Configure(AntiforgeryOptions options, CentralSettings settings)
    {
        options.FormFieldName = "csrf_token";
        options.Cookie = new FormCookie(settings.HasSecureCookies)
        {
            Name = settings.HasSecureCookies ? "__Host-form" : "form",
            Path = "/",
            HttpOnly = true,
            // Lax: a client's page leads to the login, and the cookie of a form that is open in another tab must come along.
            SameSite = SameSiteMode.Lax,
        };
        options.SuppressXFrameOptionsHeader = true; // PageHeaders sets the stricter one
    }

    /// <summary>A cookie that is secure by what the site's address is: behind a gateway that ends TLS the request itself is http.</summary>
    private sealed class FormCookie(bool isSecure) : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var options = base.Build(context, expiresFrom);
            options.Secure = isSecure;
            return options;
        }
    }

    /// <summary>Binds the token of a form to the session under which it was shown: one of before a login is worth nothing after it.</summary>
    private sealed class SessionBinding : IAntiforgeryAdditionalDataProvider
    {
        public string GetAdditionalData(HttpContext context) => VisitorReader.ReadSid(context.Request) is { } sid ? SessionStore.Hash(sid) : "";

        public bool ValidateAdditionalData(HttpContext context, string additionalData) => additionalData == GetAdditionalData(context);
    }
}
