namespace Microservices.Central.Tests.Support;

/// <summary>One run of the device flow, as a device without a browser does it.</summary>
public sealed class DeviceFlow(TestSite site, string client = "tv")
{
    /// <summary>What the device was given.</summary>
    public JsonElement Codes { get; private set; }

    public string DeviceCode => Codes.GetProperty("device_code").GetString()!;

    public string UserCode => Codes.GetProperty("user_code").GetString()!;

    /// <summary>Asks for codes.</summary>
    public async Task<DeviceFlow> StartAsync(string more = "&scope=openid+offline_access+orders.read")
    {
        var answer = await AskAsync(more);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Codes = answer.Json;
        return this;
    }

    /// <summary>Asks for codes; the answer may be a refusal.</summary>
    public Task<Answer> AskAsync(string more = "") => site.PostFormAsync("/oauth/device_authorization", $"client_id={client}{more}");

    /// <summary>Asks whether there are tokens.</summary>
    public Task<Answer> PollAsync(string more = "") => PollAsync(site, more);

    /// <inheritdoc cref="PollAsync(string)"/>
    public Task<Answer> PollAsync(TestSite at, string more = "") =>
        at.PostFormAsync("/oauth/token", $"grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={DeviceCode}&client_id={client}{more}");

    /// <summary>Has a signed-in browser type the code and answer the question. Returns where that leads.</summary>
    public async Task<Answer> DecideAsync(Browser browser, string decision = "allow") => await browser.SubmitAsync(await TypeAsync(browser), ("decision", decision));

    /// <summary>Has a signed-in browser type a code.</summary>
    public async Task<Answer> TypeAsync(Browser browser, string? code = null) => await browser.SubmitAsync(await browser.GetAsync("/device"), ("user_code", code ?? UserCode));

    /// <summary>A browser in which a user has signed in.</summary>
    public static async Task<Browser> BrowserOfAsync(TestSite site, string user)
    {
        var browser = new Browser(site);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LoginAsync(user)).Status);
        return browser;
    }
}
