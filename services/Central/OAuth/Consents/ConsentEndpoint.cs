using System.Text;
using Central.OAuth.Authorization;
using Central.Pages;
using Central.Requests;

namespace Central.OAuth.Consents;

/// <summary><c>POST /oauth/consent</c>: what the user answered on the consent page.</summary>
internal sealed class ConsentEndpoint(AuthorizeEndpoint authorize) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => Task.FromResult(page.SeeOther(LocalPath.Home));

    /// <inheritdoc/>
    public Task<IResult> SubmitAsync(PageContext page)
    {
        page.RequireVisitor();
        var request = UrlEncodedForm.Parse(Encoding.UTF8.GetBytes(page.Field("request")));
        return page.Field("decision") switch
        {
            "allow" => authorize.DecideAsync(page, request, isAllowed: true),
            "deny" => authorize.DecideAsync(page, request, isAllowed: false),
            _ => throw OAuthError.InvalidRequest("Choose whether to allow or to deny."),
        };
    }
}
