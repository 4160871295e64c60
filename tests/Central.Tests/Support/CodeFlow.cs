using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Microservices.Central.Tests.Support;

/// <summary>One run of the authorization code flow, as a client does it.</summary>
public sealed class CodeFlow(TestSite site, string client = "web", string redirectUri = "https://app.example/callback")
{
    public string Verifier { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string State { get; init; } = "s+t&a=t/e ü";

    public string RedirectUri => redirectUri;

    /// <summary>Whether the client has no secret to send.</summary>
    public bool IsPublic { get; init; } = client is "spa" or "native" or "tv";

    public string Client => client;

    /// <summary>The parameters of the request; a change with null leaves one out.</summary>
    public string Address(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = client,
            ["redirect_uri"] = redirectUri,
            ["response_type"] = "code",
            ["scope"] = "openid profile email roles offline_access",
            ["state"] = State,
            ["nonce"] = "n-1",
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return "/oauth/authorize?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    /// <summary>Has a signed-in browser agree, and returns the answer that leads to the client.</summary>
    public async Task<Answer> AuthorizeAsync(Browser browser, params (string Name, string? Value)[] changes)
    {
        var answer = await browser.GetAsync(Address(changes));
        return answer.Status == HttpStatusCode.OK ? await browser.SubmitAsync(answer, ("decision", "allow")) : answer;
    }

    /// <summary>The code of that answer.</summary>
    public async Task<string> CodeAsync(Browser browser, params (string Name, string? Value)[] changes) => Parameter(await AuthorizeAsync(browser, changes), "code");

    /// <summary>Exchanges a code; changes are further or other parameters of the form, null leaves one out.</summary>
    public Task<Answer> ExchangeAsync(string code, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirectUri, ["code_verifier"] = Verifier };
        return PostAsync(form, changes);
    }

    /// <summary>Uses a refresh token.</summary>
    public Task<Answer> RefreshAsync(string token, params (string Name, string? Value)[] changes) =>
        PostAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token }, changes);

    /// <summary>Signs a user in and goes the whole way to the tokens.</summary>
    public async Task<Answer> TokensAsync(string user, params (string Name, string? Value)[] changes)
    {
        var browser = new Browser(site);
        await browser.LoginAsync(user);
        var answer = await ExchangeAsync(await CodeAsync(browser, changes));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    /// <summary>A parameter of the address that an answer leads to.</summary>
    public static string Parameter(Answer answer, string name)
    {
        Assert.True(answer.Status == HttpStatusCode.SeeOther, $"{answer.Status}: {answer.Text}");
        var query = answer.Header("Location").Split('?', 2)[1].Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.True(query.ContainsKey(name), answer.Header("Location"));
        return query[name];
    }

    private Task<Answer> PostAsync(Dictionary<string, string?> form, (string Name, string? Value)[] changes)
    {
        if (IsPublic)
        {
            form["client_id"] = client;
        }

        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        var body = string.Join('&', form.Where(field => field.Value is not null).Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value!)}"));
        return site.PostFormAsync("/oauth/token", body, IsPublic ? [] : [Credentials.Basic(client, TestSeed.SecretOf(client))]);
    }
}
