using System.Text.Json;
using Central.Requests;

namespace Central.Links;

/// <summary>Where a guest asks for a link. Every name is answered alike.</summary>
internal sealed class LinkRequestEndpoints(LinkMails links, LinkSettings settings)
{
    /// <summary>What whoever asks is told.</summary>
    public const string Sent = "If that is the name or address of a user here, a mail is on its way to the user. Look into your mailbox in a moment.";

    /// <summary><c>POST /api/method/frappe.www.login.send_login_link</c> {email}</summary>
    public Task<IResult> SendLoginLinkAsync(HttpContext context) => AskAsync(context, settings.LoginLink, settings.IsLoginLinkOn, "email");

    /// <summary><c>POST /api/method/frappe.core.doctype.user.user.reset_password</c> {user}</summary>
    public Task<IResult> ResetPasswordAsync(HttpContext context) => AskAsync(context, settings.PasswordReset, settings.IsPasswordResetOn, "user");

    private async Task<IResult> AskAsync(HttpContext context, LinkPurpose purpose, bool isOn, string parameter)
    {
        var login = (await MethodParameters.ReadAsync(context))[parameter];
        if (!isOn)
        {
            throw new PermissionException($"This site sends no {purpose.Name} by mail: ask your administrator");
        }

        if (login.Length == 0)
        {
            throw new ValidationException($"{parameter} is missing");
        }

        await links.AskAsync(context, purpose, login);
        return TypedResults.Json(new Dictionary<string, string>
        {
            ["_server_messages"] = JsonSerializer.Serialize<string[]>([JsonSerializer.Serialize(new { message = Sent, title = "Message" })]),
        });
    }
}
