namespace Microservices.Central.Tests.Links;

/// <summary>A form as it stands in a browser: where it goes, its hidden fields, and the cookies that came with its page. It can be sent again, changed, or many times at once.</summary>
public sealed record PageForm(Answer Page, string Action, IReadOnlyDictionary<string, string> Hidden, string Cookies)
{
    /// <summary>Opens a page with a form.</summary>
    public static async Task<PageForm> OpenAsync(TestSite site, string path, params (string Name, string Value)[] headers)
    {
        var page = await site.GetAsync(path, headers);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var cookies = page.Header("Set-Cookie").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';')[0]);
        return new PageForm(page, Browser.ActionOf(page), Browser.HiddenFields(page), string.Join("; ", cookies));
    }

    /// <summary>Presses the button.</summary>
    public Task<Answer> SubmitAsync(TestSite site, IReadOnlyDictionary<string, string>? typed = null, params (string Name, string Value)[] headers)
    {
        var fields = Hidden.Concat(typed ?? new Dictionary<string, string>()).Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}");
        return site.PostFormAsync(Action, string.Join('&', fields), [("Cookie", Cookies), .. headers]);
    }
}
