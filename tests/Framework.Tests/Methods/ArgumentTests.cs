using System.Net.Http.Headers;
using System.Text;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;

namespace Microservices.Framework.Tests.Methods;

public sealed class ArgumentTests(WorkshopFixture fixture) : IClassFixture<WorkshopFixture>
{
    [Theory]
    [InlineData("text=a%20b", """{"text":"a b"}""")]
    [InlineData("text=&number=", """{"text":""}""")]
    [InlineData("number=-7&big=9007199254740993", """{"number":-7,"big":9007199254740993}""")]
    [InlineData("flag=yes", """{"flag":true}""")]
    [InlineData("flag=0", """{"flag":false}""")]
    [InlineData("amount=1.10", """{"amount":1.10}""")]
    [InlineData("real=1e3", """{"real":1000}""")]
    [InlineData("size=large", """{"size":"Large"}""")]
    [InlineData("day=2026-02-28", """{"day":"2026-02-28"}""")]
    [InlineData("at=2026-02-28%2010:11:12.5", """{"at":"2026-02-28 10:11:12.500000"}""")]
    [InlineData("at=2026-02-28T10:11:12%2B01:00", """{"at":"2026-02-28 09:11:12"}""")]
    [InlineData("id=6F9619FF-8B86-D011-B42D-00CF4FC964FF", """{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}""")]
    public async Task TextOfQueryOrForm_BecomesTheType(string sent, string expected)
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        foreach (var answer in (Answer[])
            [
                await acme.GetAsync("/api/method/workshop.echo?" + sent),
                await acme.PostAsync("/api/method/workshop.echo?text=lost&number=1", Form(sent.Contains("text=", StringComparison.Ordinal) ? sent : sent + "&text=")),
                await acme.PostAsync("/api/method/workshop.echo", Multipart(sent)),
            ])
        {
            Assert.Equal(200, answer.Status);
            using var document = System.Text.Json.JsonDocument.Parse(expected);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                Assert.Equal(property.Value.GetRawText(), answer.Json.GetProperty("message").GetProperty(property.Name).GetRawText());
            }
        }
    }

    [Theory]
    [InlineData("""{"text":5}""", "text", "\"5\"")]
    [InlineData("""{"number":"12"}""", "number", "12")]
    [InlineData("""{"number":12.0}""", "number", "12")]
    [InlineData("""{"flag":1}""", "flag", "true")]
    [InlineData("""{"flag":"false"}""", "flag", "false")]
    [InlineData("""{"amount":"0.3"}""", "amount", "0.3")]
    [InlineData("""{"size":"SMALL"}""", "size", "\"Small\"")]
    [InlineData("""{"number":null}""", "number", "null")]
    [InlineData("""{"text":"ß '; drop table x; --"}""", "text", "\"ß '; drop table x; --\"")]
    public async Task JsonValue_BecomesTheType(string body, string name, string expected)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").PostAsync("/api/method/workshop.echo", Json(body));
        Assert.Equal(expected, answer.Json.GetProperty("message").GetProperty(name).GetRawText());
    }

    [Theory]
    [InlineData("text", "true", "text")]
    [InlineData("text", "[]", "text")]
    [InlineData("text", "{}", "text")]
    [InlineData("number", "1.5", "a whole number")]
    [InlineData("number", "2147483648", "a whole number")]
    [InlineData("number", "1e400", "a whole number")]
    [InlineData("number", "\"ten\"", "a whole number")]
    [InlineData("number", "[1]", "a whole number")]
    [InlineData("number", "true", "a whole number")]
    [InlineData("big", "99999999999999999999", "a whole number")]
    [InlineData("flag", "2", "true or false")]
    [InlineData("flag", "\"maybe\"", "true or false")]
    [InlineData("amount", "\"1,5\"", "a number")]
    [InlineData("amount", "{}", "a number")]
    [InlineData("real", "\"NaN\"", "a number")]
    [InlineData("size", "\"1\"", "one of Small, Large")]
    [InlineData("size", "\"Small, Large\"", "one of Small, Large")]
    [InlineData("day", "\"28.2.2026\"", "a date, YYYY-MM-DD")]
    [InlineData("day", "\"2026-02-30\"", "a date, YYYY-MM-DD")]
    [InlineData("at", "20260228", "a time, YYYY-MM-DD HH:MM:SS")]
    [InlineData("id", "\"x\"", "a UUID")]
    public async Task ValueOfAnotherType_Is417ThatNamesTheArgument(string name, string value, string takes)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").PostAsync("/api/method/workshop.echo", Json($$"""{"{{name}}":{{value}}}"""));
        Assert.Equal((417, "FrappeTypeError", $"{name} takes {takes}"), (answer.Status, answer.ErrorType, answer.Json.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("""{"lines":[{"item":"a","qty":2,"rate":1.5},{"item":"b","qty":"3"}],"times":2}""", "12.0")]
    [InlineData("""{"lines":"[{\"item\":\"a\",\"qty\":2}]"}""", "2")]
    [InlineData("""{"lines":[]}""", "0")]
    public async Task ListOfRecords_ComesAsJsonOrAsItsText(string body, string expected)
    {
        var service = fixture.Service;
        Assert.Equal(expected, (await service.As("acme").PostAsync("/api/method/workshop.total", Json(body))).Json.GetProperty("message").GetRawText());
    }

    [Theory]
    [InlineData("""{"lines":{}}""", "lines takes a JSON list")]
    [InlineData("""{"lines":"[{"}""", "lines takes a JSON list")]
    [InlineData("""{"lines":5}""", "lines takes a JSON list")]
    [InlineData("""{"lines":[{"item":"a"}]}""", "lines does not take this value at $[0]")]
    [InlineData("""{"lines":[{"item":null,"qty":1}]}""", "lines does not take this value at $[0].item")]
    [InlineData("""{"lines":[{"item":"a","qty":1.5}]}""", "lines does not take this value at $[0].qty")]
    [InlineData("""{"lines":[5]}""", "lines does not take this value at $[0]")]
    [InlineData("""{}""", "lines is missing")]
    [InlineData("""{"lines":null}""", "lines is missing")]
    [InlineData("""{"lines":""}""", "lines is missing")]
    public async Task ListThatDoesNotFit_Is417(string body, string message)
    {
        var service = fixture.Service;
        var answer = await service.As("acme").PostAsync("/api/method/workshop.total", Json(body));
        Assert.Equal(417, answer.Status);
        Assert.StartsWith(message, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CollectionsAndJson_ComeFromTextToo()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        Assert.Equal("a|b/x=1", await MessageAsync(acme, """/api/method/workshop.tags?tags=["a","b"]&counts={"x":1}"""));
        Assert.Equal(417, (await acme.GetAsync("/api/method/workshop.tags?tags=a")).Status);
        Assert.Equal(417, (await acme.GetAsync("""/api/method/workshop.tags?tags=[1]""")).Status);
        Assert.Equal("String:SO-1:2:[1]", await MessageAsync(acme, """/api/method/workshop.any?value=SO-1&map={"a":1,"b":2}&node=[1]"""));
        Assert.Equal("Object:{\"a\":1}::", await MessageAsync(acme, """/api/method/workshop.any?value={"a":1}"""));
        Assert.Equal(417, (await acme.GetAsync("/api/method/workshop.any?value=1&map=[]")).Status);
    }

    [Fact]
    public async Task JsonBody_KeepsTheQueryOut()
    {
        var service = fixture.Service;
        var acme = service.As("acme");
        Assert.Equal(417, (await acme.PostAsync("/api/method/workshop.required?first_name=Ann&count=1", Json("{}"))).Status);
        Assert.Equal("first_name is missing", (await acme.PostAsync("/api/method/workshop.required", Json("""{"count":1}"""))).Json.GetProperty("message").GetString());
        Assert.Equal("count is missing", (await acme.GetAsync("/api/method/workshop.required?first_name=")).Json.GetProperty("message").GetString());
        // An empty body of a JSON type is no body, whatever the verb.
        foreach (var verb in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete, HttpMethod.Post])
        {
            Assert.Equal("Ann1", (await acme.SendAsync(verb, "/api/method/workshop.required?first_name=Ann&count=1", Json(""))).Json.GetProperty("message").GetString());
        }

        Assert.Equal("Ann2", (await acme.SendAsync(HttpMethod.Get, "/api/method/workshop.required?count=9", Json("""{"firstName":"Ann","count":2}"""))).Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("\"text\"", 400)]
    [InlineData("5", 400)]
    [InlineData("null", 400)]
    [InlineData("""{"first_name":"\ud800","count":1}""", 400)]
    [InlineData("""{"count":1,"count":2}""", 400)]
    [InlineData("[1]", 417)]
    public async Task BodyThatIsNoObject_IsRefused(string body, int status)
    {
        var service = fixture.Service;
        Assert.Equal(status, (await service.As("acme").PostAsync("/api/method/workshop.required", Json(body))).Status);
    }

    [Fact]
    public async Task WordsToTheFramework_AreTakenOut()
    {
        var service = fixture.Service;
        const string Words = "ignore_permissions=1&flags=2&cmd=3&sid=4&_=5&csrf_token=6&dropped=7&unknown=8";
        var acme = service.As("acme");
        Assert.Equal("7", await MessageAsync(acme, "/api/method/workshop.names?" + Words));
        Assert.Equal("7", (await acme.PostAsync("/api/method/workshop.names", Form(Words))).Json.GetProperty("message").GetString());
        Assert.Equal("7", (await acme.PostAsync("/api/method/workshop.names", new { ignore_permissions = true, flags = "x", cmd = "y", sid = "z", dropped = 7 })).Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task File_IsAnArgument()
    {
        var service = fixture.Service;
        using var form = new MultipartFormDataContent { { new StringContent("mine"), "note" }, { new ByteArrayContent("abc"u8.ToArray()), "file", "a.txt" } };
        var acme = service.As("acme");
        Assert.Equal("a.txt:abc:mine", (await acme.PostAsync("/api/method/workshop.upload", form)).Json.GetProperty("message").GetString());
        Assert.Equal("file is missing", (await acme.PostAsync("/api/method/workshop.upload", new { })).Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task LargeText_Arrives()
    {
        var service = fixture.Service;
        var text = new string('ß', 1_000_000);
        Assert.Equal(text, (await service.As("acme").PostAsync("/api/method/workshop.echo", new { text })).Json.GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public async Task ParameterThatNoRequestBrings_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<StartupException>(() => TestService.StartAsync(app => app.Whitelist("workshop.bad", (Customer customer) => customer.Name)));
        Assert.Contains("customer", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Microservice.Create("test").Whitelist("a", () => 1).Whitelist("a", () => 2));
    }

    private static async Task<string> MessageAsync(TestCaller caller, string path) => (await caller.GetAsync(path)).Json.GetProperty("message").GetString()!;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static StringContent Form(string body) => new(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

    private static MultipartFormDataContent Multipart(string query)
    {
        var form = new MultipartFormDataContent();
        foreach (var pair in query.Split('&'))
        {
            var parts = pair.Split('=');
            form.Add(new StringContent(Uri.UnescapeDataString(parts[1])), parts[0]);
        }

        return form;
    }
}
