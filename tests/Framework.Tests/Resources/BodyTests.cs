using System.Globalization;
using System.Text;
using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

public sealed class BodyFixture : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(service => service.RegisterResource<Form>());
        Acme = Service.As("acme");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class BodyTests(BodyFixture fixture) : IClassFixture<BodyFixture>
{
    private const string Path = "/api/resource/Form";
    private static int s_last;

    private readonly TestCaller _acme = fixture.Acme;

    [Fact]
    public async Task EveryForm_SaysTheSame()
    {
        var json = new Dictionary<string, object?> { ["title"] = null, ["number"] = 7, ["flag"] = 1, ["amount"] = 1.5, ["day"] = "2026-01-31" };
        var forms = new Func<string, HttpContent>[]
        {
            title => Json(With(title)),
            title => Json($"{{\"data\":{With(title)}}}"),
            title => Json($"{{\"title\":\"ignored\",\"number\":1,\"data\":{With(title)}}}"),
            title => new FormUrlEncodedContent([new("data", With(title))]),
            title => new FormUrlEncodedContent([new("data", With(title)), new("title", "ignored")]),
            title => new FormUrlEncodedContent([new("title", title), new("number", "7"), new("flag", "1"), new("amount", "1.5"), new("day", "2026-01-31")]),
            title => new MultipartFormDataContent { { new StringContent(With(title)), "data" } },
            title => new MultipartFormDataContent { { new StringContent(title), "title" }, { new StringContent("7"), "number" }, { new StringContent("true"), "flag" }, { new StringContent("1.50"), "amount" }, { new StringContent("2026-01-31"), "day" } },
        };
        foreach (var form in forms)
        {
            var title = Title();
            var created = await _acme.PostAsync(Path, form(title));
            Assert.True(created.Status == 201, created.Text);
            Assert.Equal(new string?[] { title, "7", "1", "1.5", "2026-01-31" }, Values(created.Data, "title", "number", "flag", "amount", "day"));

            await _acme.PutAsync($"{Path}/{created.Data.GetProperty("name")}", new { number = 0, flag = 0, amount = 0, day = (string?)null });
            var updated = await _acme.PutAsync($"{Path}/{created.Data.GetProperty("name")}", form(title));
            Assert.True(updated.Status == 200, updated.Text);
            Assert.Equal(new string?[] { title, "7", "1", "1.5", "2026-01-31" }, Values(updated.Data, "title", "number", "flag", "amount", "day"));
        }

        string With(string title)
        {
            json["title"] = title;
            return JsonSerializer.Serialize(json);
        }
    }

    [Fact]
    public async Task ListUnderData_CreatesAll()
    {
        var created = await _acme.PostAsync(Path, new FormUrlEncodedContent([new("data", $$"""[{"title":"{{Title()}}"},{"title":"{{Title()}}"}]""")]));
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(2, created.Data.GetArrayLength());
        Assert.Equal(0, (await _acme.PostAsync(Path, Json("[]"))).Data.GetArrayLength());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("")]
    public async Task DataOfAFormThatIsNoObject_Is400(string data)
    {
        var answer = await _acme.PostAsync(Path, new FormUrlEncodedContent([new("data", data)]));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.Equal("DataError", answer.ErrorType);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    public async Task BrokenMultipart_Is400(string type)
    {
        var content = new ByteArrayContent("--y\r\nnothing"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await _acme.PostAsync(Path, content);
        Assert.True(answer.Status == 400, answer.Text);
    }

    [Theory]
    [InlineData("code", "12", "12")]
    [InlineData("code", "1.50", "1.50")]
    [InlineData("code", "true", "1")]
    [InlineData("code", "\"\"", null)]
    [InlineData("code", "null", null)]
    [InlineData("code", "\" a \"", " a ")]
    [InlineData("code", "\"\\u00e9\\ud83d\\ude00\"", "é😀")]
    [InlineData("number", "\"12\"", "12")]
    [InlineData("number", "\" 12 \"", "12")]
    [InlineData("number", "12.9", "12")]
    [InlineData("number", "-12.9", "-12")]
    [InlineData("number", "1e3", "1000")]
    [InlineData("number", "true", "1")]
    [InlineData("number", "\"\"", "0")]
    [InlineData("number", "null", "0")]
    [InlineData("number", "2147483647", "2147483647")]
    [InlineData("number", "-2147483648", "-2147483648")]
    [InlineData("big", "9223372036854775807", "9223372036854775807")]
    [InlineData("big", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("flag", "true", "1")]
    [InlineData("flag", "false", "0")]
    [InlineData("flag", "\"1\"", "1")]
    [InlineData("flag", "\"0\"", "0")]
    [InlineData("flag", "\"True\"", "1")]
    [InlineData("flag", "5", "1")]
    [InlineData("flag", "null", "0")]
    [InlineData("amount", "\"10.50\"", "10.5")]
    [InlineData("amount", "0.1234567891", "0.123456789")]
    [InlineData("amount", "0.1234567895", "0.12345679")]
    [InlineData("amount", "999999999999.999999999", "999999999999.999999999")]
    [InlineData("amount", "-0", "0.0")]
    [InlineData("amount", "1e-9", "0.000000001")]
    [InlineData("amount", "1e-30", "0.0")]
    [InlineData("amount", "null", "0.0")]
    [InlineData("span", "null", null)]
    [InlineData("span", "90.5", "90.5")]
    [InlineData("stars", "0.756", "0.76")]
    [InlineData("stars", "7", "1.0")]
    [InlineData("stars", "-1", "0.0")]
    [InlineData("day", "\"2026-02-28\"", "2026-02-28")]
    [InlineData("day", "\"2026-02-28 23:59:59\"", "2026-02-28")]
    [InlineData("day", "\"2026-02-28T10:00:00Z\"", "2026-02-28")]
    [InlineData("day", "\"0001-01-01\"", "0001-01-01")]
    [InlineData("day", "\"9999-12-31\"", "9999-12-31")]
    [InlineData("day", "\"\"", null)]
    [InlineData("moment", "\"2026-02-28\"", "2026-02-28 00:00:00")]
    [InlineData("moment", "\"2026-02-28 10:11\"", "2026-02-28 10:11:00")]
    [InlineData("moment", "\"2026-02-28 10:11:12.1234567\"", "2026-02-28 10:11:12.123456")]
    [InlineData("moment", "\"2026-02-28T10:11:12+02:00\"", "2026-02-28 08:11:12")]
    [InlineData("moment", "\"2026-02-28T10:11:12.5Z\"", "2026-02-28 10:11:12.500000")]
    [InlineData("moment", "\"9999-12-31 23:59:59.999999\"", "9999-12-31 23:59:59.999999")]
    [InlineData("moment", "null", null)]
    [InlineData("clock", "\"9:05\"", "9:05:00")]
    [InlineData("clock", "\"09:05:06.5\"", "9:05:06.500000")]
    [InlineData("clock", "\"00:00:00\"", "0:00:00")]
    [InlineData("clock", "\"23:59:59.999999\"", "23:59:59.999999")]
    [InlineData("kind", "\"Red\"", "Red")]
    [InlineData("kind", "\"\"", null)]
    [InlineData("settings", "{\"a\":[1,2.50,\"é\"]}", "{\"a\":[1,2.50,\"é\"]}")]
    [InlineData("settings", "[]", "[]")]
    [InlineData("settings", "\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    public async Task Value_IsKept(string field, string sent, string? kept)
    {
        var created = await _acme.PostAsync(Path, Json($"{{\"title\":\"{Title()}\",\"{field}\":{sent}}}"));
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(new[] { kept }, Values(created.Data, field));
        Assert.Equal(created.Data.ToString(), (await _acme.GetAsync($"{Path}/{created.Data.GetProperty("name")}")).Data.ToString());

        var empty = await _acme.PostAsync(Path, new { title = Title() });
        var updated = await _acme.PutAsync($"{Path}/{empty.Data.GetProperty("name")}", Json($"{{\"{field}\":{sent}}}"));
        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal(new[] { kept }, Values(updated.Data, field));
    }

    [Theory]
    [InlineData("code", "[1]", "DataError")]
    [InlineData("code", "{\"a\":1}", "DataError")]
    [InlineData("code", "\"a\\u0000b\"", "DataError", "Code")]
    [InlineData("number", "\"twelve\"", "DataError")]
    [InlineData("number", "[]", "DataError")]
    [InlineData("number", "{}", "DataError")]
    [InlineData("number", "2147483648", "CharacterLengthExceededError")]
    [InlineData("number", "-2147483649", "CharacterLengthExceededError")]
    [InlineData("number", "1e400", "DataError")]
    [InlineData("number", "\"0x10\"", "DataError")]
    [InlineData("number", "\"1,000\"", "DataError")]
    [InlineData("number", "\"NaN\"", "DataError")]
    [InlineData("big", "9223372036854775808", "CharacterLengthExceededError")]
    [InlineData("flag", "\"yes please\"", "DataError")]
    [InlineData("flag", "[true]", "DataError")]
    [InlineData("amount", "1000000000000", "DataError")]
    [InlineData("amount", "-1000000000000", "DataError")]
    [InlineData("amount", "999999999999.9999999999", "DataError")]
    [InlineData("amount", "1e28", "DataError")]
    [InlineData("amount", "\"Infinity\"", "DataError")]
    [InlineData("amount", "\"$5\"", "DataError")]
    [InlineData("amount", "-1", "NonNegativeError", "Amount")]
    [InlineData("day", "\"2026-02-30\"", "DataError")]
    [InlineData("day", "\"2026-2-3\"", "DataError")]
    [InlineData("day", "\"31-01-2026\"", "DataError")]
    [InlineData("day", "\"01/31/2026\"", "DataError")]
    [InlineData("day", "\"0000-00-00\"", "DataError")]
    [InlineData("day", "\"10000-01-01\"", "DataError")]
    [InlineData("day", "20260131", "DataError")]
    [InlineData("day", "true", "DataError")]
    [InlineData("day", "\"today\"", "DataError")]
    [InlineData("moment", "\"2026-02-28 25:00:00\"", "DataError")]
    [InlineData("moment", "\"2026-02-28 10:11:12 PM\"", "DataError")]
    [InlineData("moment", "\"10:11:12\"", "DataError")]
    [InlineData("moment", "1767225600", "DataError")]
    [InlineData("clock", "\"24:00:00\"", "DataError")]
    [InlineData("clock", "\"-1:00:00\"", "DataError")]
    [InlineData("clock", "\"1 day\"", "DataError")]
    [InlineData("clock", "10", "DataError")]
    [InlineData("kind", "\"Green\"", "ValidationError", "Kind")]
    [InlineData("kind", "\"red\"", "ValidationError", "Kind")]
    [InlineData("kind", "5", "ValidationError", "Kind")]
    [InlineData("lines", "{}", "DataError")]
    [InlineData("lines", "\"[]\"", "DataError")]
    [InlineData("lines", "[1]", "DataError")]
    [InlineData("lines", "[null]", "DataError")]
    [InlineData("lines", "[{\"quantity\":\"many\"}]", "DataError", "quantity")]
    [InlineData("lines", "[{\"label\":\"x\",\"quantity\":-1}]", "NonNegativeError", "Quantity")]
    [InlineData("lines", "[{\"label\":\"x\",\"quantity\":1},{\"note\":\"no quantity needed\",\"label\":\"\"}]", "MandatoryError", "label")]
    [InlineData("docstatus", "3", "DataError")]
    [InlineData("docstatus", "\"x\"", "DataError")]
    [InlineData("docstatus", "1", "DocstatusTransitionError", "draft")]
    public async Task ValueThatDoesNotFit_Is417WithTheField(string field, string sent, string type, string? named = null)
    {
        var title = Title();
        var created = await _acme.PostAsync(Path, Json($"{{\"title\":\"{title}\",\"{field}\":{sent}}}"));
        Assert.True(created.Status == 417, created.Text);
        Assert.Equal(type, created.ErrorType);
        Assert.Contains(named ?? field, created.Json.GetProperty("message").GetString(), StringComparison.Ordinal);

        var document = await _acme.PostAsync(Path, new { title });
        var updated = await _acme.PutAsync($"{Path}/{document.Data.GetProperty("name")}", Json($"{{\"{field}\":{sent},\"long_code\":\"changed\"}}"));
        Assert.True(updated.Status == 417, updated.Text);
        Assert.Equal(document.Data.ToString(), (await _acme.GetAsync($"{Path}/{document.Data.GetProperty("name")}")).Data.ToString());
    }

    [Fact]
    public async Task Megabyte_IsKept()
    {
        var text = new string('é', 1 << 19);
        var created = await _acme.PostAsync(Path, new { title = Title(), story = text });
        Assert.True(created.Status == 201, created.Text[..Math.Min(created.Text.Length, 500)]);
        Assert.Equal(text, (await _acme.GetAsync($"{Path}/{created.Data.GetProperty("name")}")).Data.GetProperty("story").GetString());
        var listed = await _acme.GetAsync($"{Path}?fields=story&name={created.Data.GetProperty("name")}");
        Assert.Equal(text, listed.Data[0].GetProperty("story").GetString());
    }

    [Theory]
    [InlineData("code", 140, true)]
    [InlineData("code", 141, false)]
    [InlineData("short_code", 64, true)]
    [InlineData("short_code", 65, false)]
    [InlineData("long_code", 300, true)]
    [InlineData("long_code", 301, false)]
    [InlineData("remark", 65_535, true)]
    [InlineData("remark", 65_536, false)]
    public async Task Text_HasALength(string field, int length, bool fits)
    {
        var created = await _acme.PostAsync(Path, new Dictionary<string, string> { ["title"] = Title(), [field] = new('x', length) });
        Assert.Equal(fits ? 201 : 417, created.Status);
        if (!fits)
        {
            Assert.Equal("CharacterLengthExceededError", created.ErrorType);
        }
        else
        {
            Assert.Equal(length, (await _acme.GetAsync($"{Path}/{created.Data.GetProperty("name")}")).Data.GetProperty(field).GetString()!.Length);
        }
    }

    [Fact]
    public async Task MissingFields_AreAllNamed()
    {
        var answer = await _acme.PostAsync(Path, new { lines = new[] { new { note = "x" } } });
        Assert.Equal("MandatoryError", answer.ErrorType);
        Assert.Contains("title", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("lines row 1 label", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        foreach (var blank in (string[])["", " ", "<p> </p>"])
        {
            Assert.Equal("MandatoryError", (await _acme.PostAsync(Path, new { title = blank })).ErrorType);
        }

        var created = await _acme.PostAsync(Path, new { title = Title() });
        Assert.Equal("MandatoryError", (await _acme.PutAsync($"{Path}/{created.Data.GetProperty("name")}", new { title = (string?)null })).ErrorType);
    }

    [Fact]
    public async Task UniqueValue_IsTakenOnce()
    {
        var serial = Title();
        Assert.Equal(201, (await _acme.PostAsync(Path, new { title = Title(), serial })).Status);
        var second = await _acme.PostAsync(Path, new { title = Title(), serial = serial.ToUpperInvariant() });
        Assert.Equal("UniqueValidationError", second.ErrorType);
        Assert.Contains("Serial", second.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await fixture.Service.As("other").PostAsync(Path, new { title = Title(), serial })).Status);
        foreach (var empty in new string?[] { "", null, "" })
        {
            Assert.Equal(201, (await _acme.PostAsync(Path, new { title = Title(), serial = empty })).Status);
        }

        var other = await _acme.PostAsync(Path, new { title = Title(), serial = Title() });
        Assert.Equal("UniqueValidationError", (await _acme.PutAsync($"{Path}/{other.Data.GetProperty("name")}", new { serial })).ErrorType);
    }

    [Fact]
    public async Task ValueSetOnce_Stays()
    {
        var created = await _acme.PostAsync(Path, new { title = Title() });
        var path = $"{Path}/{created.Data.GetProperty("name")}";
        Assert.Equal(200, (await _acme.PutAsync(path, new { origin = "first" })).Status);
        Assert.Equal(200, (await _acme.PutAsync(path, new { origin = "first" })).Status);
        var changed = await _acme.PutAsync(path, new { origin = "second" });
        Assert.Equal("CannotChangeConstantError", changed.ErrorType);
        Assert.Contains("Origin", changed.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownKeys_AreIgnored()
    {
        var created = await _acme.PostAsync(Path, Json("""{"title":"TITLE","doctype":"Other","__islocal":1,"nothing":{"a":[1]},"tenant_id":"other","owner":"eve","creation":"2000-01-01","idx":9,"parent":"x","flags":{}}""".Replace("TITLE", Title(), StringComparison.Ordinal)));
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal("Form", created.Data.GetProperty("doctype").GetString());
        Assert.Equal("ann@example.com", created.Data.GetProperty("owner").GetString());
        Assert.Equal(0, created.Data.GetProperty("idx").GetInt32());
        Assert.False(created.Data.TryGetProperty("nothing", out _));
        Assert.False(created.Data.TryGetProperty("parent", out _));
    }

    [Fact]
    public async Task ModifiedOfAnUpdate_IsItsLock()
    {
        var created = await _acme.PostAsync(Path, new { title = Title() });
        var path = $"{Path}/{created.Data.GetProperty("name")}";
        var modified = created.Data.GetProperty("modified").GetString();
        Assert.Equal(200, (await _acme.PutAsync(path, new { modified, number = 1 })).Status);
        Assert.Equal("TimestampMismatchError", (await _acme.PutAsync(path, new { modified, number = 2 })).ErrorType);
        Assert.Equal(417, (await _acme.PutAsync(path, new { modified = "long ago", number = 2 })).Status);
        Assert.Equal(200, (await _acme.PutAsync(path, new { modified = (string?)null, number = 3 })).Status);
    }

    private static string Title() => string.Create(CultureInfo.InvariantCulture, $"title {Interlocked.Increment(ref s_last)}");

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string?[] Values(JsonElement document, params string[] fields) =>
        [.. fields.Select(field => document.TryGetProperty(field, out var value) ? value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText() : null)];
}

[DocType]
public sealed class Form : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    public string? Code { get; set; }

    [Field(Length = 10)]
    public string? ShortCode { get; set; }

    [Field(Length = 300)]
    public string? LongCode { get; set; }

    [Text]
    public string? Remark { get; set; }

    [FrappeType(FieldType.LongText)]
    public string? Story { get; set; }

    public int Number { get; set; }

    public long Big { get; set; }

    public bool Flag { get; set; }

    [Currency, Field(NonNegative = true)]
    public decimal Amount { get; set; }

    [FrappeType(FieldType.Duration)]
    public decimal? Span { get; set; }

    [FrappeType(FieldType.Rating)]
    public decimal Stars { get; set; }

    public DateOnly? Day { get; set; }

    public DateTime? Moment { get; set; }

    public TimeOnly? Clock { get; set; }

    [Select("", "Red", "Blue")]
    public string? Kind { get; set; }

    [FrappeType(FieldType.Json)]
    public string? Settings { get; set; }

    [Field(Unique = true)]
    public string? Serial { get; set; }

    [Field(SetOnlyOnce = true)]
    public string? Origin { get; set; }

    [Table]
    public List<FormRow> Lines { get; set; } = [];
}

[DocType("Form Row")]
public sealed class FormRow : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    [Field(NonNegative = true)]
    public int Quantity { get; set; }

    public string? Note { get; set; }
}
