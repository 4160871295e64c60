#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Text.Json.Nodes;
using Microservices.Languages;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Languages;

/// <summary>The language that a user has chosen wins over that of the browser, whatever the credential.</summary>
public sealed class UserLanguageTests(TranslatedShop shop) : IClassFixture<TranslatedShop>
{
    private const string English = "DocType Nothing not found";
    private const string Dutch = "DocType Nothing niet gevonden";
    private const string Arabic = "لم يتم العثور على DocType Nothing";

    private readonly TestService _service = shop.Service;

    [Theory]
    [InlineData("nl", "ar", Dutch, "nl")]
    [InlineData("nl-BE", "en", Dutch, "nl")]
    [InlineData("nl_NL", "en", Dutch, "nl")]
    [InlineData("AR", "nl", Arabic, "ar")]
    [InlineData("ar-EG", null, Arabic, "ar")]
    [InlineData("en-GB", "nl", English, "en")]
    public async Task UsersLanguage_WinsOverTheBrowsers(string locale, string? browser, string text, string language)
    {
        var answer = await AskAsync(_service.With(claims => claims["locale"] = locale), browser);

        Assert.Equal(404, answer.Status);
        Assert.Equal(text, answer.Json.GetProperty("message").GetString());
        Assert.Equal([language], answer.ContentHeaders.ContentLanguage);
    }

    public static TheoryData<string> NoLanguages =>
        ["\"xx\"", "\"\"", "\"../nl\"", "\"nl'--\"", "\"-\"", "\"nl\\n\"", "\"nl;q=1\"", "5", "null", "true", "[\"nl\"]", "{\"a\":1}", $"\"{new string('n', 5000)}\"", $"\"nl{string.Concat(Enumerable.Repeat("-aa", 100))}\""];

    [Theory]
    [MemberData(nameof(NoLanguages))]
    public async Task WhatIsNoKnownLanguage_LeavesTheBrowsers(string locale)
    {
        var caller = _service.With(claims => claims["locale"] = JsonNode.Parse(locale));

        Assert.Equal(Arabic, (await AskAsync(caller, "ar")).Json.GetProperty("message").GetString());
        Assert.Equal(English, (await AskAsync(caller, null)).Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task SessionAndApiKey_CarryIt()
    {
        _service.Central.Credentials["session dutch"] = Active("nl");
        _service.Central.Credentials["api_key arab:secret"] = Active("ar");
        _service.Central.Credentials["session none"] = Active(null);

        Assert.Equal(Dutch, await MessageAsync("Cookie", "sid=dutch"));
        Assert.Equal(Arabic, await MessageAsync("Authorization", "token arab:secret"));
        Assert.Equal(English, await MessageAsync("Cookie", "sid=none"));

        async Task<string?> MessageAsync(string header, string value)
        {
            var caller = new TestCaller(new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = _service.Address }, null);
            caller.Http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
            return (await AskAsync(caller, "en")).Json.GetProperty("message").GetString();
        }
    }

    [Fact]
    public async Task OneUsersLanguage_IsNotAnothers()
    {
        var dutch = _service.With(claims => claims["locale"] = "nl");
        var arab = _service.With(claims => (claims["locale"], claims["tenant"]) = ("ar", "globex"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(i % 2 == 0 ? dutch : arab, "en")));

        Assert.All(answers.Index(), entry => Assert.Equal(entry.Index % 2 == 0 ? Dutch : Arabic, entry.Item.Json.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Guests_HaveTheBrowsers()
    {
        var answer = await AskAsync(_service.Nobody(), "ar");

        Assert.Equal(401, answer.Status);
        Assert.StartsWith("سجّل", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handlers_GetItToo()
    {
        Assert.Equal("Vandaag alleen 2", (await AskAsync(_service.With(claims => claims["locale"] = "nl"), "en", "/greeting")).Text);
        Assert.Equal("Only 2 today", (await AskAsync(_service.With(claims => claims["locale"] = "en"), "nl", "/greeting")).Text);
    }

    [Theory]
    [InlineData("pt_BR", "pt-BR")]
    [InlineData("nl", "nl")]
    [InlineData("no language", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void TextThatIsNoTag_IsNoLanguage(string? text, string? tag) => Assert.Equal(tag, TextCatalog.TagOf(text));

    private JsonObject Active(string? locale)
    {
        var answer = _service.Central.Active(TimeProvider.System.GetUtcNow());
        answer["locale"] = locale;
        return answer;
    }

    private static async Task<Answer> AskAsync(TestCaller caller, string? language, string path = "/api/resource/Nothing")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        }

        return await caller.SendAsync(request);
    }
}
