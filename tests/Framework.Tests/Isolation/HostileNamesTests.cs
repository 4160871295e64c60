using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Names that look like something else: each is a name like any other, or is refused with a clear 4xx.</summary>
public sealed class HostileNamesTests(Bank bank) : IClassFixture<Bank>
{
    private const string Accounts = "/api/resource/Account";

    public static TheoryData<string> Names =>
    [
        "it's", "\"quoted\"", "`backtick`", "a/b", "/", "//", "/leading", "trailing/", "a//b", "a/../b", "..hidden", "...", "dot.dot", "per%cent", "%2F", "%252F", "%00", "a%2Fb", "50%", "q?x=1&y=2", "#hash", "a;b", "a+b", "a b", "a  b",
        "comma,name", "back\\slash", "x' or '1'='1", "'; drop table `tabAccount`; --", "@p0", "{0}", "$1", "*", "null", "true", "0", "-1", "1e5", "[]", "{}", "[\"a\"]", "resource", "/api/resource/Account", "Account Line", "name", "tenant_id",
        "größe", "名前", "имя", "عربي", "a\u0301", "ﬀ", "İ", "ß", "\U0001F600", "\U0001F469\u200D\U0001F680", "zero\u200Bwidth", "non\u00A0breaking", "rtl\u202Eoverride", "\u00E9",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HostileName_IsANameLikeAnyOther(string name)
    {
        var caller = bank.Service.As("names-" + Guid.NewGuid().ToString("N"));
        var created = await Bank.Created(caller.PostAsync(Accounts, new { title = name, secret = "x", lines = new[] { new { note = "row" } } }));
        Assert.Equal(name, created.Data.GetProperty("name").GetString());

        var path = $"{Accounts}/{Uri.EscapeDataString(name)}";
        var read = await SendAsync("GET", path, caller);
        Assert.True(read.Status == 200, read.Text);
        Assert.Equal(name, read.Json.GetProperty("data").GetProperty("name").GetString());
        Assert.Equal("row", read.Json.GetProperty("data").GetProperty("lines")[0].GetProperty("note").GetString());
        Assert.Equal(404, (await SendAsync("GET", path, bank.Service.As("names-elsewhere"))).Status);

        await Bank.Created(caller.PostAsync(Accounts, new { title = "Pointer", peer = name }));
        var filter = Uri.EscapeDataString(JsonSerializer.Serialize(new object[] { new object[] { "peer", "=", name } }));
        Assert.Equal("Pointer", Assert.Single((await caller.GetAsync($"{Accounts}?filters={filter}")).Data.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(200, (await SendAsync("PUT", path, caller, """{"secret":"y"}""")).Status);
        Assert.Equal(417, (await SendAsync("DELETE", path, caller)).Status);
        Assert.Equal(202, (await caller.DeleteAsync($"{Accounts}/Pointer")).Status);
        Assert.Equal(202, (await SendAsync("DELETE", path, caller)).Status);
        Assert.Equal(0, (await caller.GetAsync(Accounts)).Data.GetArrayLength());
    }

    [Fact]
    public async Task NamesThatDifferInOneCharacter_AreDifferentDocuments()
    {
        var caller = bank.Service.As("distinct");
        string[] names = ["\U0001F600", "\U0001F389", "\U0001F600\U0001F389", "名", "前", "𝒜", "a-b", "ab", "a_b", "a.b"];
        foreach (var name in names)
        {
            await Bank.Created(caller.PostAsync(Accounts, new { title = name }));
        }

        foreach (var name in names)
        {
            Assert.Equal(name, (await caller.GetAsync($"{Accounts}/{Uri.EscapeDataString(name)}")).Data.GetProperty("name").GetString());
        }

        Assert.Equal(404, (await caller.GetAsync($"{Accounts}/{Uri.EscapeDataString("\U0001F680")}")).Status);
        // Case and accents make no difference, on either database.
        await Bank.Created(caller.PostAsync(Accounts, new { title = "Société" }));
        Assert.Equal("DuplicateEntryError", (await caller.PostAsync(Accounts, new { title = "SOCIETE" })).ErrorType);
        Assert.Equal("Société", (await caller.GetAsync($"{Accounts}/societe")).Data.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t\n")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\u0007")]
    [InlineData("<b>")]
    [InlineData("a>b")]
    [InlineData("Account")]
    [InlineData("New Account 1")]
    [InlineData("\uFFFD")]
    public async Task NameThatCannotBe_IsRefused(string name)
    {
        var answer = await bank.Acme.PostAsync(Accounts, new { title = name });

        Assert.True(answer.Status is 409 or 417, answer.Text);
        var prompted = await bank.Acme.PostAsync("/api/resource/Tag", new { name = name.Replace("Account", "Tag", StringComparison.Ordinal) });
        Assert.True(prompted.Status is 409 or 417, prompted.Text);
    }

    [Theory]
    [InlineData("{\"title\":\"\\ud800\"}")]
    [InlineData("{\"title\":\"a\\udc00b\"}")]
    [InlineData("{\"\\ud800\":\"a\"}")]
    [InlineData("{\"title\":\"t\",\"lines\":[{\"note\":\"\\udfff\"}]}")]
    [InlineData("{\"title\":\"t\",\"unknown\":{\"x\":[\"\\ud83d\"]}}")]
    [InlineData("{\"data\":{\"title\":\"\\ud800\"}}")]
    [InlineData("{\"title\":\"a\",\"title\":\"b\"}")]
    [InlineData("{\"title\":\"a\"")]
    [InlineData("{\"title\":\"a\"} x")]
    [InlineData("{'title':'a'}")]
    [InlineData("{\"title\":NaN}")]
    [InlineData("[1]")]
    [InlineData("[[]]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("")]
    public async Task BodyThatIsNoDocument_Is400(string body)
    {
        var answer = await SendAsync("POST", Accounts, bank.Acme, body);

        Assert.True(answer.Status == 400, answer.Text);
        Assert.Equal("DataError", answer.Json.GetProperty("exc_type").GetString());
    }

    [Fact]
    public async Task BytesThatAreNoUtf8_Are400()
    {
        byte[] body = [.. "{\"title\":\"a"u8, 0xFF, 0xC0, .. "b\"}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        var answer = await bank.Acme.SendAsync(HttpMethod.Post, Accounts, content);

        Assert.True(answer.Status == 400, answer.Text);
    }

    [Fact]
    public async Task LongNames_EndAt140Characters()
    {
        foreach (var character in (string[])["a", "é", "名"])
        {
            var longest = string.Concat(Enumerable.Repeat(character, 140));
            await Bank.Created(bank.Acme.PostAsync(Accounts, new { title = longest }));
            Assert.Equal(longest, (await SendAsync("GET", $"{Accounts}/{Uri.EscapeDataString(longest)}", bank.Acme)).Json.GetProperty("data").GetProperty("name").GetString());
            Assert.Equal("DuplicateEntryError", (await bank.Acme.PostAsync(Accounts, new { title = longest })).ErrorType);

            var tooLong = longest + character;
            Assert.Equal("CharacterLengthExceededError", (await bank.Acme.PostAsync(Accounts, new { title = tooLong })).ErrorType);
            Assert.Equal("CharacterLengthExceededError", (await bank.Acme.PostAsync("/api/resource/Tag", new { name = tooLong })).ErrorType);
            Assert.Equal("CharacterLengthExceededError", (await bank.Acme.PutAsync($"{Accounts}/Shared", new { iban = tooLong })).ErrorType);
            Assert.Equal(404, (await SendAsync("GET", $"{Accounts}/{Uri.EscapeDataString(tooLong)}", bank.Acme)).Status);
            Assert.Equal("LinkValidationError", (await bank.Acme.PutAsync($"{Accounts}/Shared", new { peer = tooLong[..139] })).ErrorType);
            Assert.Contains((await bank.Acme.PutAsync($"{Accounts}/Shared", new { peer = tooLong })).ErrorType, (string[])["LinkValidationError", "CharacterLengthExceededError"]);
        }
    }

    [Theory]
    [InlineData("/api/resource/Account/%00", 400)]
    [InlineData("/api/resource/Account/a%00b", 400)]
    [InlineData("/api/resource/Account/%ff", 404)]
    [InlineData("/api/resource/Account/%c0%af", 404)]
    [InlineData("/api/resource/Account/%", 404)]
    [InlineData("/api/resource/Account/%zz", 404)]
    [InlineData("/api/resource/Account/%2", 404)]
    [InlineData("/api/resource/Account/..", 404)]
    [InlineData("/api/resource/Account/../Tag/x", 404)]
    [InlineData("/api/resource/Account/%2e%2e/Tag/x", 404)]
    [InlineData("/api/resource/Account/%2e%2e%2fTag", 404)]
    [InlineData("/api/resource/./Account/Shared", 404)]
    [InlineData("/api//resource/Account/Shared", 404)]
    [InlineData("/api/resource//Account/Shared", 404)]
    [InlineData("/api/resource/Account//Shared", 404)]
    [InlineData("/api/resource/Account%2FShared", 404)]
    [InlineData("/api/resource/Account%00/Shared", 400)]
    [InlineData("/api/resource/account%20line/x", 404)]
    [InlineData("/api/resource/tabAccount/Shared", 404)]
    [InlineData("/api/resource/Account`/Shared", 404)]
    [InlineData("/api/resource/ACCOUNT/Shared", 404)]
    [InlineData("/api/resource/Series", 404)]
    [InlineData("/api/resource/DocType/Account", 404)]
    [InlineData("/api/resource/", 404)]
    [InlineData("/api/resource", 404)]
    public async Task StrangePath_IsRefusedOrNotThere(string path, int status)
    {
        var answer = await SendAsync("GET", path, bank.Acme);

        Assert.True(answer.Status == status || (status == 404 && answer.Status == 400), $"{answer.Status} {answer.Text}");
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/%72esource/Account/Shared")]
    [InlineData("/api/resource/%41ccount/Shared")]
    [InlineData("/api/resource/Account/%53hared")]
    [InlineData("/api/resource/Account/Shared/")]
    [InlineData("/api/resource/account/shared")]
    [InlineData("http://elsewhere.example/api/resource/Account/Shared")]
    [InlineData("/api/resource/Account/Shared?x#/Rival")]
    [InlineData("/api/%72esource/Ticket/resource/Account/Shared")]
    public async Task OtherSpelling_NeverLeavesTheTenant(string path)
    {
        var answer = await SendAsync("GET", path, bank.Acme);

        Assert.DoesNotContain("rival", answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.True(answer.Status is 200 or 400 or 404, answer.Text);
        Assert.True(answer.Status != 200 || answer.Json.GetProperty("data").GetProperty("secret").GetString() == "acme secret");
    }

    /// <summary>Sends a request line as it is: clients clean paths up.</summary>
    private async Task<(int Status, string Text, JsonElement Json)> SendAsync(string method, string path, Support.TestCaller caller, string? body = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(bank.Service.Address.Host, bank.Service.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var head = $"{method} {path} HTTP/1.0\r\nHost: {bank.Service.Address.Authority}\r\nAuthorization: {caller.Http.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n"
            + (body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {bytes.Length}\r\n") + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var status = int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var (start, end) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        return (status, answer, start < 0 ? default : JsonDocument.Parse(answer[start..(end + 1)]).RootElement);
    }
}
