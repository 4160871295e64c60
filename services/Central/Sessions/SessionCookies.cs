using Central.Limits;
using Central.Settings;
using Central.Users;

namespace Central.Sessions;

/// <summary>The cookies of a signed-in browser. Only <c>sid</c> means anything to a server; the others are for pages to show.</summary>
internal sealed class SessionCookies(CentralSettings settings, DeviceCookie devices)
{
    private const string Sid = "sid";

    private static readonly string[] s_shown = ["system_user", "full_name", "user_id", "user_image"];

    /// <summary>Signs the browser in.</summary>
    public void Set(HttpContext context, string sid, Membership member)
    {
        context.Response.Cookies.Append(Sid, sid, Options(isHttpOnly: true, settings.SessionAbsoluteTimeout));
        string[] values = ["yes", member.FullName, member.Username, ""];
        foreach (var (name, value) in s_shown.Zip(values))
        {
            context.Response.Cookies.Append(name, value, Options(isHttpOnly: false, settings.SessionAbsoluteTimeout));
        }

        devices.Remember(context, member.UserId);
    }

    /// <summary>Makes the browser forget.</summary>
    public void Clear(HttpContext context)
    {
        foreach (var name in s_shown.Prepend(Sid))
        {
            context.Response.Cookies.Delete(name, Options(isHttpOnly: name is Sid, maxAge: null));
        }
    }

    private CookieOptions Options(bool isHttpOnly, TimeSpan? maxAge) =>
        new() { HttpOnly = isHttpOnly, Secure = settings.HasSecureCookies, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = maxAge };
}
