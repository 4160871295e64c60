using Central.Pages;

namespace Central.Sessions;

/// <summary><c>POST /api/method/logout</c>: ends the session of the cookie.</summary>
internal sealed class LogoutEndpoint(SignOut signOut, OriginRule origins)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var sid = VisitorReader.ReadSid(context.Request);
        if (sid is not null && (!origins.Allows(context.Request) || !CsrfToken.IsAbsentOrRight(context.Request, sid)))
        {
            throw AuthenticationErrors.ForeignOrigin();
        }

        await signOut.EndAsync(context, sid);
        return TypedResults.Json(new { message = "Logged out", home_page = "/", full_name = "Guest" });
    }
}
