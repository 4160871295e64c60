using Central.Pages;
using Central.Requests;

namespace Central.Users;

/// <summary>
/// <c>POST /api/method/central.users.create</c> {email, username, full_name, given_name, family_name, language, password, roles}: a user of
/// the caller's own tenant, for its System Managers. <c>roles</c> is a list, or text with one role a line.
/// </summary>
internal sealed class CreateUserEndpoint(NewUsers users, VisitorDatabase database)
{
    public async Task<IResult> HandleAsync(HttpContext context, CurrentUser user)
    {
        var parameters = await MethodParameters.ReadAsync(context);
        var made = new NewUser(
            parameters["email"], parameters["username"], parameters["full_name"], parameters["given_name"], parameters["family_name"],
            parameters["language"], parameters["password"], parameters.List("roles"));
        var account = await database.RunAsync(context, user, db => users.MakeAsync(context, db, made));
        return TypedResults.Json(new { message = new { user = account.Username, user_id = account.Name } });
    }
}
