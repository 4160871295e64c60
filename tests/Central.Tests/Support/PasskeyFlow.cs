namespace Microservices.Central.Tests.Support;

/// <summary>What the site's script does with passkeys, in a browser.</summary>
internal static class PasskeyFlow
{
    /// <summary>Signs a user in and adds a passkey.</summary>
    public static async Task<SoftwareAuthenticator> RegisterAsync(Browser browser, string user, string name = "Laptop", uint counter = 0)
    {
        await browser.LoginAsync(user);
        var authenticator = new SoftwareAuthenticator { Counter = counter };
        var answer = await AddAsync(browser, authenticator, name);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return authenticator;
    }

    /// <summary>Adds a passkey to the account of who is signed in.</summary>
    public static async Task<Answer> AddAsync(Browser browser, SoftwareAuthenticator authenticator, string name = "Laptop") =>
        await browser.PostJsonAsync("/account/passkeys", new { credential = authenticator.Create(await OptionsAsync(browser, "/account/passkeys/options")), name });

    /// <summary>Signs in.</summary>
    public static async Task<Answer> LoginAsync(Browser browser, SoftwareAuthenticator authenticator, string redirectTo = "/account") =>
        await browser.PostJsonAsync("/login/passkey", new { credential = authenticator.Get(await OptionsAsync(browser)), redirect_to = redirectTo });

    public static async Task<JsonElement> OptionsAsync(Browser browser, string path = "/login/passkey/options")
    {
        var answer = await browser.PostJsonAsync(path, new { });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Json;
    }
}
