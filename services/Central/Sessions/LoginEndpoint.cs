using Central.Factors;
using Central.Requests;
using Central.Settings;

namespace Central.Sessions;

/// <summary>
/// <c>POST /api/method/login</c>: opens a session for <c>usr</c> and <c>pwd</c>; <c>tenant</c> says in which of the user's tenants. Who has
/// an authenticator app is answered with a <c>tmp_id</c> instead, and sends it again with <c>otp</c>.
/// </summary>
internal sealed class LoginEndpoint(PasswordLogin login, SignInSteps steps, OriginRule origins, CentralSettings settings)
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
        if (parameters["tmp_id"] is { Length: > 0 } tmpId)
        {
            return Answer(await steps.AnswerAsync(context, LoginDoor.Api, tmpId, parameters["otp"]));
        }

        var (username, password) = (parameters["usr"], parameters["pwd"]);
        if (username.Length == 0 || password.Length == 0)
        {
            return Unauthorized("Incomplete login details");
        }

        return await login.CheckAsync(context, username, password) is { } member
            ? Answer(await steps.ContinueAsync(context, member.Account, new(LoginDoor.Api, AuthenticationMethods.Password, parameters["tenant"])))
            : Unauthorized("Invalid login credentials");
    }

    private IResult Answer(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.SignedIn done =>
            TypedResults.Json(new { message = "Logged In", home_page = HomePage, full_name = done.Member.FullName, csrf_token = CsrfToken.For(done.Sid) }),
        SignInOutcome.FactorNeeded { Need: FactorNeed.Code } needed =>
            TypedResults.Json(new { verification = new { method = "OTP App", prompt = "Enter the code of your authenticator app, or a recovery code", setup = true }, tmp_id = needed.TmpId }),
        SignInOutcome.FactorNeeded { Need: FactorNeed.Passkey } => throw new PermissionException($"A second factor is required: sign in with your passkey at {settings.Issuer}/login"),
        SignInOutcome.FactorNeeded => throw new PermissionException($"A second factor is required and you have none yet: sign in at {settings.Issuer}/login to set one up"),
        SignInOutcome.NoTenant => throw new PermissionException("You are no user of this tenant"),
        SignInOutcome.WrongCode => Unauthorized("Incorrect verification code"),
        _ => Unauthorized("This login is over; sign in again"),
    };

    private static IResult Unauthorized(string message) => FrappeError.Answer(StatusCodes.Status401Unauthorized, "AuthenticationError", message);
}
