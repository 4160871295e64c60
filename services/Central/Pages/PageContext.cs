using System.Globalization;
using Central.Sessions;
using Central.Users;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;

namespace Central.Pages;

/// <summary>The user of a browser's session.</summary>
/// <param name="Sid">The session's secret.</param>
/// <param name="Session">The session.</param>
/// <param name="Member">Who it is, in the session's tenant.</param>
internal sealed record Visitor(string Sid, Session Session, Membership Member);

/// <summary>One request for a page.</summary>
internal sealed class PageContext(HttpContext http, PageRenderer renderer, IAntiforgery antiforgery, IReadOnlyDictionary<string, string> query, Visitor? visitor)
{
    private static readonly Dictionary<string, string> s_noForm = [];

    public HttpContext Http => http;

    public CancellationToken Cancelled => http.RequestAborted;

    /// <summary>Who is signed in, or null.</summary>
    public Visitor? Visitor => visitor;

    /// <summary>Parameters of the address, each at most once.</summary>
    public IReadOnlyDictionary<string, string> Query => query;

    /// <summary>Fields of the form that was sent, each at most once.</summary>
    public IReadOnlyDictionary<string, string> Form { get; internal set; } = s_noForm;

    /// <summary>A field of the form; empty when it was not sent.</summary>
    public string Field(string name) => Form.GetValueOrDefault(name, "");

    /// <summary>A parameter of the address; empty when it was not sent.</summary>
    public string Parameter(string name) => query.GetValueOrDefault(name, "");

    /// <summary>Who is signed in.</summary>
    /// <exception cref="SignInRequiredException">Nobody is; the runner leads to the login and back.</exception>
    public Visitor RequireVisitor() => visitor ?? throw new SignInRequiredException();

    /// <summary>The token that forms carry, bound to this browser and session.</summary>
    public string AntiforgeryToken => field ??= antiforgery.GetAndStoreTokens(http).RequestToken!;

    /// <summary>Renders a page.</summary>
    /// <param name="model">What the page shows, handed to it as a cascading value; null when it needs nothing.</param>
    /// <param name="status">HTTP status.</param>
    public async Task<IResult> RenderAsync<TPage>(object? model = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        _ = AntiforgeryToken; // its cookie must be set before the answer starts
        return TypedResults.Content(await renderer.RenderAsync(typeof(TPage), this, model), "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>Leads to another address with GET.</summary>
    /// <remarks>RFC 9700 section 4.12: 303 never repeats a form.</remarks>
    public IResult SeeOther(string address)
    {
        http.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A moment as pages show it.</summary>
    public static string Show(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>A page is for who is signed in.</summary>
internal sealed class SignInRequiredException : Exception
{
    /// <summary>Whether who is signed in already signs in again.</summary>
    public bool IsFresh { get; init; }
}
