using System.Text.RegularExpressions;

namespace Microservices.Central.Tests.Support;

/// <summary>A browser without JavaScript: keeps cookies, fills in forms, follows nothing by itself.</summary>
public sealed partial class Browser(TestSite site)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>The same browser, answered by another process of the site.</summary>
    public Browser At(TestSite other)
    {
        var same = new Browser(other);
        foreach (var (name, value) in _cookies)
        {
            same._cookies[name] = value;
        }

        return same;
    }

    /// <summary>The cookies that it would send.</summary>
    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public string Sid => _cookies.GetValueOrDefault("sid", "");

    public void SetCookie(string name, string value) => _cookies[name] = value;

    public Task<Answer> GetAsync(string address, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, address, null, headers);

    /// <summary>Sends a form with the fields of the page's own form, changed or extended by others.</summary>
    public Task<Answer> SubmitAsync(Answer page, params (string Name, string Value)[] fields)
    {
        var form = HiddenFields(page);
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }

        return PostAsync(ActionOf(page), [.. form.Select(field => (field.Key, field.Value))]);
    }

    /// <summary>Opens a page and sends the form on it whose address is the page's own, with these fields and the token of the page.</summary>
    public async Task<Answer> FillInAsync(string address, params (string Name, string Value)[] fields)
    {
        var page = await GetAsync(address);
        Assert.True(page.Status == HttpStatusCode.OK, $"{page.Status}: {page.Text}");
        return await PostAsync(address, [("csrf_token", HiddenFields(page)["csrf_token"]), .. fields]);
    }

    /// <summary>Sends a form of these fields and no others.</summary>
    public Task<Answer> PostAsync(string address, IEnumerable<(string Name, string Value)> fields, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, address, Body.Form(string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"))), headers);

    /// <summary>Sends JSON, as a script of a page does.</summary>
    public Task<Answer> PostJsonAsync(string address, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, address, Body.Text(JsonSerializer.Serialize(body), "application/json"), headers);

    /// <summary>Signs a user of the seed in on the login page. Returns the answer to its form.</summary>
    public async Task<Answer> LoginAsync(string user, string redirectTo = "/account", string? password = null)
    {
        var page = await GetAsync("/login?fresh=1&redirect-to=" + Uri.EscapeDataString(redirectTo));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return await SubmitAsync(page, ("usr", user), ("pwd", password ?? TestSeed.PasswordOf(user)));
    }

    /// <summary>The address of a page's form.</summary>
    public static string ActionOf(Answer page) => WebUtility.HtmlDecode(FormAction().Match(page.Text).Groups[1].Value);

    /// <summary>The hidden fields of a page; of several forms, those of the first that has one of the name.</summary>
    public static Dictionary<string, string> HiddenFields(Answer page) => HiddenField().Matches(page.Text).DistinctBy(match => match.Groups[1].Value).ToDictionary(
        match => WebUtility.HtmlDecode(match.Groups[1].Value), match => WebUtility.HtmlDecode(match.Groups[2].Value), StringComparer.Ordinal);

    private async Task<Answer> SendAsync(HttpMethod method, string address, HttpContent? body, (string Name, string Value)[] headers)
    {
        // An absolute address of the site's public origin is one of this server.
        var path = address.StartsWith(site.Issuer, StringComparison.Ordinal) ? address[site.Issuer.Length..] : address;
        var cookies = string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
        var answer = await site.SendAsync(method, path, body, cookies.Length > 0 ? [.. headers, ("Cookie", cookies)] : headers);
        foreach (var line in answer.Header("Set-Cookie").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = line.Split(';')[0];
            var (name, value) = (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            if (value.Length == 0)
            {
                _cookies.Remove(name);
            }
            else
            {
                _cookies[name] = value;
            }
        }

        return answer;
    }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"")]
    private static partial Regex FormAction();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
