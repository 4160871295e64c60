using Central.Pages;

namespace Central.Sessions;

/// <summary><c>/logout</c>: asks, then ends the browser's session.</summary>
internal sealed class LogoutPageEndpoint(SignOut signOut, LogoutTarget targets) : IPage
{
    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page) => page.RenderAsync<LogoutPage>(new LogoutModel(Target: null));

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        await signOut.EndAsync(page.Http, page.Visitor?.Sid);
        return page.SeeOther(targets.Unprotect(page.Field("target")) ?? "/login");
    }
}
