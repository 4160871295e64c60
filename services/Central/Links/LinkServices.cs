using Central.Pages;

namespace Central.Links;

/// <summary>Registers links by mail: to sign in, and to choose a new password.</summary>
internal static class LinkServices
{
    /// <summary>Where links to sign in lead: Frappe's address.</summary>
    public const string LoginLinkPath = "/api/method/frappe.www.login.login_via_key";

    /// <summary>Where links to choose a new password lead: Frappe's address.</summary>
    public const string NewPasswordPath = "/update-password";

    extension(IServiceCollection services)
    {
        /// <summary>Adds what sends links and what they lead to.</summary>
        public IServiceCollection AddLinks()
        {
            services.AddSingleton<LinkSettings>();
            services.AddSingleton<LinkMails>();
            services.AddSingleton<LinkRequestEndpoints>();
            services.AddSingleton<PasswordReset>();
            return services;
        }
    }

    /// <summary>Adds the addresses.</summary>
    public static void AddRoutes(Microservice app)
    {
        app.Route("POST", "/api/method/frappe.www.login.send_login_link", (HttpContext context, LinkRequestEndpoints endpoint) => endpoint.SendLoginLinkAsync(context));
        app.Route("POST", "/api/method/frappe.core.doctype.user.user.reset_password", (HttpContext context, LinkRequestEndpoints endpoint) => endpoint.ResetPasswordAsync(context));
        app.Page<LoginLinkRequestPage>(LoginLinkRequestPage.Path);
        app.Page<ForgotPasswordPage>(ForgotPasswordPage.Path);
        app.Page<LoginLinkPageEndpoint>(LoginLinkPath);
        app.Page<NewPasswordPageEndpoint>(NewPasswordPath);
    }
}
