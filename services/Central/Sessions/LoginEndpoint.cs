using Central.Platform;
using Central.Requests;
using Microsoft.Net.Http.Headers;

namespace Central.Sessions;

/// <summary><c>POST /api/method/login</c>: opens a session for <c>usr</c> and <c>pwd</c>.</summary>
internal sealed class LoginEndpoint(PasswordLogin login, PlatformDatabase platform, SessionStore sessions, SessionCookies cookies, OriginRule origins, AuditLog audit)
{
    private const string HomePage = "/";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (!origins.Allows(context.Request))
        {
            throw AuthenticationErrors.ForeignOrigin();
        }

        // A browser sends text/plain across origins unasked; the origin, which it then names, was looked at above.
        var parameters = await MethodParameters.ReadAsync(context, allowTextPlain: context.Request.Headers.Origin.Count > 0);
        var (username, password) = (parameters["usr"], parameters["pwd"]);
        if (username.Length == 0 || password.Length == 0)
        {
            return FrappeError.Answer(StatusCodes.Status401Unauthorized, "AuthenticationError", "Incomplete login details");
        }

        if (await login.CheckAsync(context, username, password) is not { } member)
        {
            return FrappeError.Answer(StatusCodes.Status401Unauthorized, "AuthenticationError", "Invalid login credentials");
        }

        var planted = SessionsIn(context.Request);
        var sid = "";
        await platform.InTransactionAsync(
            async db =>
            {
                foreach (var old in planted)
                {
                    await SessionStore.EndAsync(db, old, context.RequestAborted);
                }

                sid = await sessions.OpenAsync(db, member.UserId, context.RequestAborted);
            },
            context.RequestAborted);
        cookies.Set(context, sid, member);
        await audit.DoneAsync(context, AuditEvents.Login, new(member.UserId, member.Tenant.Id, Reference: SessionStore.Hash(sid)));
        return TypedResults.Json(new { message = "Logged In", home_page = HomePage, full_name = member.FullName, csrf_token = CsrfToken.For(sid) });
    }

    /// <summary>Every <c>sid</c> that the browser sent: none of them outlives a login, whoever put it there.</summary>
    private static IEnumerable<string> SessionsIn(HttpRequest request) =>
        CookieHeaderValue.TryParseList(request.Headers.Cookie.ToArray()!, out var sent)
            ? sent.Where(cookie => cookie.Name == "sid" && cookie.Value.Length > 0).Select(cookie => cookie.Value.ToString()).Distinct(StringComparer.Ordinal).Take(10)
            : [];
}
