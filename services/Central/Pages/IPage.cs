namespace Central.Pages;

/// <summary>A page: what it shows, and what its form does. Errors, headers, the visitor and the protection of forms are <see cref="PageRunner"/>'s.</summary>
internal interface IPage
{
    /// <summary>Answers GET. It changes nothing.</summary>
    public Task<IResult> ShowAsync(PageContext page);

    /// <summary>Answers POST. The form came from this site and this browser.</summary>
    public Task<IResult> SubmitAsync(PageContext page) => throw new MethodNotAllowedException("This page has no form");
}
