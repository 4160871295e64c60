using Microservices.Documents;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Rules of fields as a client meets them: formats, constants, links that are fetched from, harmless HTML.</summary>
public sealed class FieldRuleTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Contact Card";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service => service.RegisterJson(
            """{"doctype":"DocType","name":"Firm","autoname":"prompt","fields":[{"fieldname":"city","fieldtype":"Data"},{"fieldname":"size","fieldtype":"Int"},{"fieldname":"pass","fieldtype":"Password"}]}""",
            """{"doctype":"DocType","name":"Card Line","istable":1,"fields":[{"fieldname":"firm","fieldtype":"Link","options":"Firm"},{"fieldname":"city","fieldtype":"Data","fetch_from":"firm.city"},{"fieldname":"fixed","fieldtype":"Data","set_only_once":1}]}""",
            """
            {"doctype":"DocType","name":"Contact Card","autoname":"hash","fields":[
            {"fieldname":"mail","fieldtype":"Data","options":"Email"},{"fieldname":"person","fieldtype":"Data","options":"Name"},{"fieldname":"call","fieldtype":"Data","options":"Phone"},
            {"fieldname":"mobile","fieldtype":"Phone"},{"fieldname":"site","fieldtype":"Data","options":"URL"},{"fieldname":"account","fieldtype":"Data","options":"IBAN"},
            {"fieldname":"extra","fieldtype":"JSON"},{"fieldname":"fixed","fieldtype":"Data","set_only_once":1},{"fieldname":"count","fieldtype":"Int","set_only_once":1},
            {"fieldname":"story","fieldtype":"Text Editor"},{"fieldname":"short","fieldtype":"Data"},{"fieldname":"source","fieldtype":"Code"},{"fieldname":"raw","fieldtype":"Small Text","ignore_xss_filter":1},
            {"fieldname":"firm","fieldtype":"Link","options":"Firm"},{"fieldname":"city","fieldtype":"Data","fetch_from":"firm.city","reqd":0},{"fieldname":"first_city","fieldtype":"Data","fetch_from":"firm.city","fetch_if_empty":1},
            {"fieldname":"size","fieldtype":"Int","fetch_from":"firm.size"},{"fieldname":"leak","fieldtype":"Data","fetch_from":"firm.pass"},{"fieldname":"odd","fieldtype":"Data","fetch_from":"nosuch.city"},
            {"fieldname":"lines","fieldtype":"Table","options":"Card Line"}]}
            """));
        _caller = _service.As("acme");
        await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Firm", new { name = "F", city = "Delft", size = 3, pass = "hidden" }));
        await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Firm", new { name = "G", city = "Ghent" }));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("mail", "ann@example.com", "")]
    [InlineData("mail", "ann@example.com, Bob <bob@example.org>", "")]
    [InlineData("mail", "ann", "InvalidEmailAddressError")]
    [InlineData("mail", "ann@example.com,", "InvalidEmailAddressError")]
    [InlineData("mail", "ann@exa mple.com", "InvalidEmailAddressError")]
    [InlineData("mail", "a@b\r\nBcc: c@d.org", "InvalidEmailAddressError")]
    [InlineData("person", "Ann-Marie O'Neil 港", "")]
    [InlineData("person", "Ann <b>", "InvalidNameError")]
    [InlineData("person", "Ann; drop", "InvalidNameError")]
    [InlineData("call", "+31 (0)6-1234", "")]
    [InlineData("call", "call me", "InvalidPhoneNumberError")]
    [InlineData("mobile", "+31-612345678", "")]
    [InlineData("mobile", "1+2345678", "InvalidPhoneNumberError")]
    [InlineData("mobile", "12", "InvalidPhoneNumberError")]
    [InlineData("site", "https://example.com/a?b=c", "")]
    [InlineData("site", "example.com", "ValidationError")]
    [InlineData("site", "javascript://x/%0Aalert(1)", "ValidationError")]
    [InlineData("account", "NL91 ABNA 0417 1643 00", "")]
    [InlineData("account", "NL91ABNA0417164301", "ValidationError")]
    [InlineData("account", "NL", "ValidationError")]
    [InlineData("extra", "{\"a\":[1]}", "")]
    [InlineData("extra", "{a:1}", "DataError")]
    public async Task Text_IsOfTheFormatOfItsField(string field, string value, string error)
    {
        var answer = await _caller.PostAsync(Path, new Dictionary<string, string> { [field] = value });

        Assert.Equal(error.Length > 0 ? 417 : 201, answer.Status);
        Assert.Equal(error, error.Length > 0 ? answer.ErrorType : "");
    }

    [Fact]
    public async Task ConstantField_KeepsItsFirstValue()
    {
        var card = await CreateAsync(new { lines = new[] { new { @fixed = "row" } } });
        var row = (await _caller.GetAsync(card)).Data.GetProperty("lines")[0].GetProperty("name").GetString();
        Assert.Equal(200, (await _caller.PutAsync(card, new { @fixed = "a", count = 3 })).Status);
        foreach (var change in (object[])[new { @fixed = "b" }, new { @fixed = (string?)null }, new { count = 4 }, new { count = 0 }, new { lines = new[] { new { name = row, @fixed = "other" } } }])
        {
            Assert.Equal("CannotChangeConstantError", (await _caller.PutAsync(card, change)).ErrorType);
        }

        Assert.Equal(200, (await _caller.PutAsync(card, new { @fixed = "a", count = 3 })).Status);
    }

    [Fact]
    public async Task FetchedFields_FollowTheirLink()
    {
        var card = await CreateAsync(new { firm = "f", city = "typed", lines = new[] { new { firm = "G" } } });
        var created = (await _caller.GetAsync(card)).Data;
        Assert.Equal("F", created.GetProperty("firm").GetString());
        Assert.Equal("Delft", created.GetProperty("city").GetString());
        Assert.Equal("Delft", created.GetProperty("first_city").GetString());
        Assert.Equal(3, created.GetProperty("size").GetInt32());
        Assert.Equal("Ghent", created.GetProperty("lines")[0].GetProperty("city").GetString());
        Assert.False(created.TryGetProperty("leak", out _));

        var updated = (await _caller.PutAsync(card, new { firm = "G" })).Data;
        Assert.Equal("Ghent", updated.GetProperty("city").GetString());
        Assert.Equal("Delft", updated.GetProperty("first_city").GetString());
        Assert.Equal("LinkValidationError", (await _service.As("globex").PostAsync(Path, new { firm = "F" })).ErrorType);
    }

    [Theory]
    [InlineData("plain a < b > c & d", "plain a < b > c & d")]
    [InlineData("<p class=\"x\">Hi <b>you</b></p>", "<p class=\"x\">Hi <b>you</b></p>")]
    [InlineData("a<script>alert(1)</script>b", "ab")]
    [InlineData("a<script>alert(1)", "a")]
    [InlineData("<scr<script>x</script>ipt>y", "&lt;script&gt;y")]
    [InlineData("<img src=x onerror=alert(1)>", "<img src=\"x\">")]
    [InlineData("<img src='x' onerror='a>b'>", "<img src=\"x\">")]
    [InlineData("<a href=\"java\tscript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"&#106;avascript:alert(1)\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"/app?x=1&amp;y=2\">x</a>", "<a href=\"/app?x=1&amp;y=2\">x</a>")]
    [InlineData("<svg onload=alert(1)><b>x</b></svg>y", "y")]
    [InlineData("<p style=\"background:url(javascript:1)\">x</p>", "<p>x</p>")]
    [InlineData("<iframe src=//evil></iframe><form action=x>y</form>", "y")]
    [InlineData("<!-- <script> --><b>x", "<b>x")]
    [InlineData("<b", "&lt;b")]
    [InlineData("<a title='\"><script>x</script>'>y</a>", "<a title=\"&quot;&gt;&lt;script&gt;x&lt;/script&gt;\">y</a>")]
    [InlineData("<img src=\"data:text/html,x\"><img src=\"data:image/png;base64,AA\">", "<img><img src=\"data:image/png;base64,AA\">")]
    public void Html_IsMadeHarmless(string html, string expected)
    {
        Assert.Equal(expected, SafeHtml.Clean(html));
        Assert.Equal(expected, SafeHtml.Clean(expected));
    }

    [Fact]
    public async Task HtmlOfFields_IsCleanedWhereItIsShown()
    {
        const string Html = "<b>x</b><script>y</script>";
        var card = await CreateAsync(new { story = Html, @short = Html, source = Html, raw = Html });
        var stored = (await _caller.GetAsync(card)).Data;
        Assert.Equal("<b>x</b>", stored.GetProperty("story").GetString());
        Assert.Equal("<b>x</b>", stored.GetProperty("short").GetString());
        Assert.Equal(Html, stored.GetProperty("source").GetString());
        Assert.Equal(Html, stored.GetProperty("raw").GetString());
    }

    [Fact]
    public void HugeHostileHtml_IsReadInOnePass()
    {
        foreach (var part in (string[])["<", "<b ", "<a href=\"", "<!--", "<script>", "<b a='", "&", "<p><b>"])
        {
            Assert.DoesNotContain("<script", SafeHtml.Clean("<p>" + string.Concat(Enumerable.Repeat(part, 20_000))), StringComparison.Ordinal);
        }
    }

    private async Task<string> CreateAsync(object body) => $"{Path}/{(await Isolation.Bank.Created(_caller.PostAsync(Path, body))).Data.GetProperty("name").GetString()}";
}
