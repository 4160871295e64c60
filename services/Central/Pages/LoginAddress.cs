namespace Central.Pages;

/// <summary>The address of the login that leads back to where it was asked for.</summary>
internal static class LoginAddress
{
    private const string Path = "/login";

    /// <summary>The login, then the page of a request. After a form it leads to the page itself, since a form is not sent twice.</summary>
    public static string For(HttpRequest request) => To(HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString.Value : request.Path);

    /// <summary>The login, then an address of this site.</summary>
    /// <param name="address">Where to go then.</param>
    /// <param name="isFresh">Whether who is signed in already signs in again.</param>
    /// <param name="loginHint">Who is expected.</param>
    public static string To(string address, bool isFresh = false, string? loginHint = null) =>
        $"{Path}?redirect-to={Uri.EscapeDataString(address)}{(isFresh ? "&fresh=1" : "")}{(string.IsNullOrEmpty(loginHint) ? "" : "&login_hint=" + Uri.EscapeDataString(loginHint))}";
}
