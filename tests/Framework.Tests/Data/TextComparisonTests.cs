using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Data;

/// <summary>Text compares, sorts and matches the same on every database: the expected answers are written once.</summary>
public sealed class TextComparisonTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service => service.RegisterResource<Word>());
        _acme = _service.As("acme");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("straße", "STRASSE", true)]
    [InlineData("Ærø", "aero", true)]
    [InlineData("Łódź", "lodz", true)]
    [InlineData("Œuvre", "oeuvre", true)]
    [InlineData("Ελλάς", "ελλασ", true)]
    [InlineData("ёлка", "ЕЛКА", true)]
    [InlineData("йод", "иод", false)]
    [InlineData("カナ", "かな", true)]
    [InlineData("がく", "かく", true)]
    [InlineData("ｆｕｌｌ", "full", true)]
    [InlineData("ﬁn", "fin", true)]
    [InlineData("e\u0301te\u0301", "été", true)]
    [InlineData("أحمد", "احمد", false)]
    [InlineData("한국", "한국", true)]
    [InlineData("🍺", "🍣", false)]
    [InlineData("a", "a ", false)]
    [InlineData("þ", "th", false)]
    [InlineData("kış", "kis", false)]
    [InlineData("a-b", "a_b", false)]
    public async Task Words_AreEqualOrNot(string stored, string asked, bool areEqual)
    {
        await _acme.PostAsync("/api/resource/Word", new { said = stored });
        Assert.Equal(areEqual ? 1 : 0, (await _acme.GetAsync("/api/resource/Word?said=" + Uri.EscapeDataString(asked))).Data.GetArrayLength());
        // A unique field takes the same view.
        Assert.Equal(201, (await _acme.PostAsync("/api/resource/Word", new { code = stored })).Status);
        var second = await _acme.PostAsync("/api/resource/Word", new { code = asked });
        Assert.Equal(areEqual ? 417 : 201, second.Status);
    }

    [Theory]
    [InlineData("straße", "strass%", false)]
    [InlineData("straße", "STRA_E", true)]
    [InlineData("Ærø", "_r_", true)]
    [InlineData("Ærø", "%RO", true)]
    [InlineData("🍺 beer", "_ beer", true)]
    [InlineData("🍺", "🍣", false)]
    [InlineData("100%", "100\\%", true)]
    [InlineData("1000", "100\\%", false)]
    [InlineData("a_b", "a\\_b", true)]
    [InlineData("axb", "a\\_b", false)]
    [InlineData("a\nb", "a%b", true)]
    [InlineData("aaab", "%a%ab", true)]
    public async Task Words_AreLikeOrNot(string stored, string pattern, bool isLike)
    {
        await _acme.PostAsync("/api/resource/Word", new { said = stored });
        var filters = Uri.EscapeDataString(System.Text.Json.JsonSerializer.Serialize(new[] { new[] { "said", "like", pattern } }));
        Assert.Equal(isLike ? 1 : 0, (await _acme.GetAsync("/api/resource/Word?filters=" + filters)).Data.GetArrayLength());
    }

    [Fact]
    public async Task Words_SortAlike()
    {
        string[] expected = ["_x", "-x", "(a)", "@home", "#1", "$5", "007", "10", "2", "a b", "a-b", "a.b", "ab", "Äc", "ad", "b", "Čz", "d", "Ωmega", "Яблоко", "日本", "🍣", "🍺"];
        await _acme.PostAsync("/api/resource/Word", expected.Reverse().Select(text => new { said = text }));
        var answer = await _acme.GetAsync("/api/resource/Word?fields=said&order_by=said&limit=100");
        Assert.Equal(expected, answer.Data.EnumerateArray().Select(row => row.GetProperty("said").GetString()));
    }
}

[DocType]
public sealed class Word : Document
{
    public string? Said { get; set; }

    [Field(Unique = true)]
    public string? Code { get; set; }
}
