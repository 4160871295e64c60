using Central.Limits;
using Central.Mail;
using Central.Platform;
using Central.Users;
using Microsoft.Net.Http.Headers;

namespace Central.Sessions;

/// <summary>Opens a session for a user who has proved to be who it is: the last step of every way to sign in.</summary>
internal sealed class SignIn(
    PlatformDatabase platform, SessionStore sessions, SessionCookies cookies, DeviceCookie devices, ClientAddress addresses, SecurityMails mails, AuditLog audit)
{
    private const int MaxUserAgent = 200;
    private const int MaxPlanted = 10;

    /// <summary>Opens the session and sets its cookies. Sessions that the browser had end.</summary>
    /// <param name="context">The request.</param>
    /// <param name="member">The user, in the tenant that was chosen.</param>
    /// <param name="amr">How the user proved it, in the words of <see cref="AuthenticationMethods"/>.</param>
    /// <returns>The <c>sid</c>.</returns>
    public async Task<string> OpenAsync(HttpContext context, Membership member, string amr)
    {
        var planted = SessionsIn(context.Request);
        var agent = context.Request.Headers.UserAgent.ToString();
        var sid = "";
        await platform.InTransactionAsync(
            async db =>
            {
                foreach (var old in planted)
                {
                    await SessionStore.EndAsync(db, old, context.RequestAborted);
                }

                var session = new Session
                {
                    UserId = member.UserId,
                    Tenant = member.Tenant.Id,
                    Amr = amr,
                    Address = addresses.Of(context).ToString(),
                    UserAgent = agent[..Math.Min(agent.Length, MaxUserAgent)],
                };
                sid = await sessions.OpenAsync(db, session, context.RequestAborted);
            },
            context.RequestAborted);
        if (devices.Find(context, member.UserId) is null)
        {
            mails.NewDevice(member.UserId, addresses.Of(context));
        }

        cookies.Set(context, sid, member);
        await audit.DoneAsync(context, AuditEvents.Login, new(member.UserId, member.Tenant.Id, Reference: SessionStore.Hash(sid)));
        return sid;
    }

    /// <summary>
    /// Notes that a signed-in user proved a second factor after the login, by setting up the first one. The session goes on under a new <c>sid</c>,
    /// as at every change of what a session may do.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="session">The session.</param>
    /// <param name="member">Its user.</param>
    /// <param name="method">What was proved, in the words of <see cref="AuthenticationMethods"/>.</param>
    public async Task RaiseAsync(HttpContext context, Session session, Membership member, string method)
    {
        if (!AuthenticationMethods.IsMultiFactor(session.Amr))
        {
            await OpenAsync(context, member, $"{session.Amr} {method} {AuthenticationMethods.MultipleFactors}");
        }
    }

    /// <summary>Every <c>sid</c> that the browser sent: none of them outlives a login, whoever put it there.</summary>
    private static IEnumerable<string> SessionsIn(HttpRequest request) =>
        CookieHeaderValue.TryParseList(request.Headers.Cookie.ToArray()!, out var sent)
            ? sent.Where(cookie => cookie.Name == "sid" && cookie.Value.Length > 0).Select(cookie => cookie.Value.ToString()).Distinct(StringComparer.Ordinal).Take(MaxPlanted)
            : [];
}
