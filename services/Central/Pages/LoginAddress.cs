namespace Central.Pages;

/// <summary>The address of the login that leads back to where it was asked for.</summary>
internal static class LoginAddress
{
    /// <summary>The step in which a user of several tenants chooses one.</summary>
    public const string Tenant = "/login/tenant";

    /// <summary>The step that asks for the second factor.</summary>
    public const string Verification = "/login/verify";

    /// <summary>The step in which who must have a second factor sets one up.</summary>
    public const string Enrolment = "/login/enrol";

    private const string Path = "/login";

    /// <summary>The login, then the page of a request. After a form it leads to the page of the form, since a form is not sent twice.</summary>
    public static string For(HttpRequest request, bool isFresh = false) => To(request.Path + request.QueryString.Value, isFresh);

    /// <summary>The login, then an address of this site.</summary>
    /// <param name="address">Where to go then.</param>
    /// <param name="isFresh">Whether who is signed in already signs in again.</param>
    /// <param name="loginHint">Who is expected.</param>
    public static string To(string address, bool isFresh = false, string? loginHint = null) =>
        $"{Path}?redirect-to={Uri.EscapeDataString(address)}{(isFresh ? "&fresh=1" : "")}{(string.IsNullOrEmpty(loginHint) ? "" : "&login_hint=" + Uri.EscapeDataString(loginHint))}";

    /// <summary>A further step of the login, which leads to the same address in the end.</summary>
    public static string Step(string step, string address) => $"{step}?redirect-to={Uri.EscapeDataString(LocalPath.OrHome(address))}";
}
