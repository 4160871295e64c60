using Central.Requests;

namespace Central.Sessions;

/// <summary><c>POST /api/method/login</c>: opens a session for <c>usr</c> and <c>pwd</c>.</summary>
internal sealed class LoginEndpoint(PasswordLogin login, SignIn signIn, OriginRule origins)
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

        var sid = await signIn.OpenAsync(context, member, AuthenticationMethods.Password);
        return TypedResults.Json(new { message = "Logged In", home_page = HomePage, full_name = member.FullName, csrf_token = CsrfToken.For(sid) });
    }
}
