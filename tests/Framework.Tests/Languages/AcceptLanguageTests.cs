#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Framework.Tests.Support;
using Microservices.Languages;

namespace Microservices.Framework.Tests.Languages;

/// <summary>A service with a folder of translations.</summary>
public sealed class TranslatedShop : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("translations-").FullName;

    internal TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "nl.json"), """
            {"Customer": "Klant", "Status": "Stand", "Draft": "Concept", "Confirmed": "Bevestigd", "Only {0} today": "Vandaag alleen {0}"}
            """);
        Service = await TestService.StartAsync(
            service =>
            {
                Shop.Describe(service);
                service.SecureRoute("GET", "/only", string (int count) => throw new Microservices.Errors.ValidationException($"Only {count} today"));
                service.SecureRoute("GET", "/greeting", (Translator translator) => translator.Say($"Only {2} today"));
            },
            configuration =>
            {
                configuration["Languages:Folder"] = _folder;
                configuration["Docs"] = "true";
            });
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Errors and documentation in the language of the request.</summary>
public sealed class AcceptLanguageTests(TranslatedShop shop) : IClassFixture<TranslatedShop>
{
    private const string Orders = "/api/resource/Sales Order";

    private readonly TestService _service = shop.Service;

    [Theory]
    [InlineData("nl", "DocType Nothing niet gevonden", "nl")]
    [InlineData("nl-BE", "DocType Nothing niet gevonden", "nl")]
    [InlineData("fr, nl;q=0.5, en;q=0.4", "DocType Nothing niet gevonden", "nl")]
    [InlineData("ar-EG,ar;q=0.9", "لم يتم العثور على DocType Nothing", "ar")]
    [InlineData("en-GB, nl;q=0.9", "DocType Nothing not found", "en")]
    [InlineData("fr", "DocType Nothing not found", "en")]
    [InlineData("nl;q=0, *", "DocType Nothing not found", "en")]
    public async Task Errors_ComeInTheLanguageAskedFor(string header, string text, string language)
    {
        var answer = await AskAsync("/api/resource/Nothing", header);

        Assert.Equal(404, answer.Status);
        Assert.Equal(text, answer.Json.GetProperty("message").GetString());
        Assert.Equal("DoesNotExistError: " + text, answer.Json.GetProperty("exception").GetString());
        Assert.Equal("DoesNotExistError", answer.ErrorType);
        Assert.Equal([language], answer.ContentHeaders.ContentLanguage);
        Assert.Contains("Accept-Language", answer.Headers.Vary);
    }

    [Fact]
    public async Task RefusedCallers_AreToldInTheirLanguageToo()
    {
        var answer = await AskAsync(Orders, "ar", _service.Nobody());

        Assert.Equal(401, answer.Status);
        Assert.StartsWith("سجّل", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LabelsAndSelectValues_AreThoseOfTheService()
    {
        var caller = _service.As("acme");
        var missing = await AskAsync(Orders, "nl", caller, new { customer = "Nobody", items = new[] { new { item_code = "x" } } });
        var choice = await AskAsync(Orders, "nl", caller, new { customer = "Nobody", status = "Lost", items = new[] { new { item_code = "x" } } });

        Assert.Equal("Kan Klant niet vinden: Nobody", missing.Json.GetProperty("message").GetString());
        Assert.Equal("Stand kan niet \"Lost\" zijn. Het moet een van \"Concept\", \"Bevestigd\", \"Shipped\" zijn", choice.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task ServicesOwnErrorsAndTexts_AreTranslated()
    {
        Assert.Equal("Vandaag alleen 3", (await AskAsync("/only?count=3", "nl")).Json.GetProperty("message").GetString());
        Assert.Equal("Vandaag alleen 2", (await AskAsync("/greeting", "nl")).Text);
        Assert.Equal("Only 2 today", (await AskAsync("/greeting", "en")).Text);
    }

    [Fact]
    public async Task TextWithoutTranslation_SaysThatItIsEnglish()
    {
        var answer = await AskAsync("/only?count=3", "ar");

        Assert.Equal("Only 3 today", answer.Json.GetProperty("message").GetString());
        Assert.Equal(["en"], answer.ContentHeaders.ContentLanguage);
    }

    [Fact]
    public async Task Documentation_ShowsLabelsOfTheLanguage()
    {
        var dutch = await AskAsync("/apispec_1.json", "nl", _service.Nobody());
        var english = await AskAsync("/apispec_1.json", "en", _service.Nobody());

        var status = dutch.Json.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Select(schema => schema.Value.TryGetProperty("properties", out var properties) && properties.TryGetProperty("status", out var property) ? property : default)
            .First(property => property.ValueKind is System.Text.Json.JsonValueKind.Object && property.TryGetProperty("title", out _));
        Assert.Equal("Stand", status.GetProperty("title").GetString());
        Assert.Equal("Draft", status.GetProperty("enum")[0].GetString());
        Assert.Equal("Concept", status.GetProperty("x-enum-labels")[0].GetString());
        Assert.DoesNotContain("x-enum-labels", english.Text, StringComparison.Ordinal);
        Assert.NotEqual(dutch.Headers.ETag, english.Headers.ETag);
        Assert.Contains("Accept-Language", dutch.Headers.Vary);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task HostileHeader_IsHarmless(string header)
    {
        var answer = await AskAsync("/api/resource/Nothing", header);

        Assert.Equal(404, answer.Status);
        Assert.Equal("DocType Nothing not found", answer.Json.GetProperty("message").GetString());
    }

    public static TheoryData<string> Hostile { get; } =
    [
        "", ",", ";;;", "q=1", "*;q=abc", "../../etc/passwd", "{0}{1}{99999999999}", "nl'--", "\"nl\"", "-", "--nl", "nl;q=2", "nl;q=-1", "en;q=1.00000001",
        string.Join(",", Enumerable.Repeat("xx-yy;q=0.1", 300)), new string('a', 8000), string.Concat(Enumerable.Repeat("a-", 400)),
    ];

    private async Task<Answer> AskAsync(string path, string language, TestCaller? caller = null, object? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        return await (caller ?? _service.As("acme")).SendAsync(request);
    }
}
