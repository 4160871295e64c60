#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Files;

public sealed class DownloadTests(FileShop shop) : IClassFixture<FileShop>
{
    private const string Text = "0123456789abcdef";

    [Fact]
    public async Task PublicFile_IsForWhoeverKnowsItsAddress()
    {
        var file = await FileShop.SaveAsync(shop.Service.As(FileShop.NewTenant()), "a.txt", Text);
        var url = FileShop.Url(file);
        var answer = await shop.Service.Nobody().GetAsync(url);
        var parts = url.Split('/');

        Assert.Equal((200, Text), (answer.Status, answer.Text));
        Assert.Matches("^/files/test/[0-9a-f]{32}/a.txt$", url);
        foreach (var guess in (string[])[
            $"/files/test/{new string('0', 32)}/a.txt", $"/files/test/{parts[3]}/b.txt", $"/files/test/{parts[3].ToUpperInvariant()}/a.txt", $"/files/other/{parts[3]}/a.txt",
            "/files/test/a.txt", $"/files/test/..%2f{parts[3]}/a.txt", $"/files/test/{parts[3]}/..%2f..%2fetc%2fpasswd", $"/private/files/test/{parts[3]}/a.txt"])
        {
            var wrong = await shop.Service.Nobody().GetAsync(guess);
            Assert.True(wrong.Status is 404 or 401 or 400, $"{guess}: {wrong.Status}");
        }
    }

    [Fact]
    public async Task PrivateFile_IsForItsOwnerAndReadersOfTheDocument()
    {
        var tenant = FileShop.NewTenant();
        var owner = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(owner);
        var attached = FileShop.Url(await FileShop.SaveAsync(owner, "attached.txt", "1", ("is_private", "1"), ("doctype", "Letter"), ("docname", letter)));
        var own = FileShop.Url(await FileShop.SaveAsync(owner, "own.txt", "2", ("is_private", "1")));
        var reader = shop.Service.As(tenant, "r@example.com", "Reader");
        var stranger = shop.Service.As(tenant, "s@example.com", "Nobody");
        var foreign = shop.Service.As(FileShop.NewTenant());

        Assert.Equal((200, 200), ((await owner.GetAsync(attached)).Status, (await owner.GetAsync(own)).Status));
        Assert.Equal((200, 403), ((await reader.GetAsync(attached)).Status, (await reader.GetAsync(own)).Status));
        Assert.Equal((401, 401), ((await shop.Service.Nobody().GetAsync(attached)).Status, (await shop.Service.Nobody().GetAsync("/private/files/test/none.txt")).Status));
        var missing = await foreign.GetAsync("/private/files/test/none.txt");
        foreach (var refused in (Answer[])[await stranger.GetAsync(attached), await stranger.GetAsync(own), await foreign.GetAsync(attached), await foreign.GetAsync(own)])
        {
            Assert.Equal((403, missing.Json.GetProperty("message").GetString()), (refused.Status, refused.Json.GetProperty("message").GetString()));
        }
    }

    [Fact]
    public async Task FileId_ChoosesTheRowThatIsAsked()
    {
        var tenant = FileShop.NewTenant();
        var owner = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(owner);
        var own = await FileShop.SaveAsync(owner, "x.txt", "1", ("is_private", "1"));
        var attached = await FileShop.SaveAsync(owner, "y.txt", "1", ("is_private", "1"), ("doctype", "Letter"), ("docname", letter));
        var reader = shop.Service.As(tenant, "r@example.com", "Reader");

        Assert.Equal(FileShop.Url(own), FileShop.Url(attached));
        Assert.Equal(200, (await reader.GetAsync(FileShop.Url(own))).Status);
        Assert.Equal(200, (await reader.GetAsync($"{FileShop.Url(own)}?fid={FileShop.Name(attached)}")).Status);
        Assert.Equal(403, (await reader.GetAsync($"{FileShop.Url(own)}?fid={FileShop.Name(own)}")).Status);
    }

    [Fact]
    public async Task DownloadFile_AnswersAnAttachment()
    {
        var tenant = FileShop.NewTenant();
        var owner = shop.Service.As(tenant);
        var open = FileShop.Url(await FileShop.SaveAsync(owner, "open.png", "1"));
        var closed = FileShop.Url(await FileShop.SaveAsync(owner, "closed.png", "2", ("is_private", "1")));

        var own = await owner.GetAsync($"/api/method/download_file?file_url={Uri.EscapeDataString(closed)}");
        Assert.Equal((200, "2", "attachment"), (own.Status, own.Text, own.ContentHeaders.ContentDisposition!.DispositionType));
        Assert.Equal(200, (await shop.Service.Nobody().GetAsync($"/api/method/download_file?file_url={open}")).Status);
        Assert.Equal(401, (await shop.Service.Nobody().GetAsync($"/api/method/download_file?file_url={closed}")).Status);
        Assert.Equal(403, (await shop.Service.As(FileShop.NewTenant()).GetAsync($"/api/method/download_file?file_url={closed}")).Status);
        Assert.Equal(403, (await owner.GetAsync("/api/v2/method/download_file?file_url=/etc/passwd")).Status);
        Assert.Equal(417, (await owner.GetAsync("/api/v1/method/download_file")).Status);
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "0123")]
    [InlineData("bytes=10-", 206, "abcdef")]
    [InlineData("bytes=-2", 206, "ef")]
    [InlineData("bytes=16-", 416, "")]
    [InlineData("bytes=0-99", 206, Text)]
    [InlineData("bytes=x", 200, Text)]
    [InlineData("bytes=0-1,4-5", 200, Text)]
    public async Task Range_IsAnswered(string range, int status, string text)
    {
        var url = FileShop.Url(await FileShop.SaveAsync(shop.Acme, "range.txt", Text, ("is_private", "1")));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Range", range);
        var answer = await shop.Acme.SendAsync(request);

        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task KnownBytes_AreNotSentAgain()
    {
        var url = FileShop.Url(await FileShop.SaveAsync(shop.Acme, "known.txt", Text, ("is_private", "1")));
        var first = await shop.Acme.GetAsync(url);
        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        var head = await shop.Acme.SendAsync(HttpMethod.Head, url, null);

        Assert.Equal(304, (await shop.Acme.SendAsync(again)).Status);
        Assert.Equal((200, 16L, ""), (head.Status, head.ContentHeaders.ContentLength, head.Text));
        Assert.Equal("no-cache, private", string.Join(", ", first.Headers.GetValues("Cache-Control").SelectMany(value => value.Split(", ")).Order()));
    }

    [Theory]
    [InlineData("a.txt", "text/plain", "inline")]
    [InlineData("a.png", "image/png", "inline")]
    [InlineData("a.pdf", "application/pdf", "inline")]
    [InlineData("a.svg", "image/svg+xml", "attachment")]
    [InlineData("a.html", "text/html", "attachment")]
    [InlineData("a.xml", "text/xml", "attachment")]
    [InlineData("a.bin", "application/octet-stream", "attachment")]
    public async Task Kinds_AreShownOrSaved(string name, string type, string disposition)
    {
        var url = FileShop.Url(await FileShop.SaveAsync(shop.Service.As(FileShop.NewTenant()), name, "<svg onload=alert(1)>"));
        var answer = await shop.Service.Nobody().GetAsync(url);

        Assert.Equal((type, disposition), (answer.ContentHeaders.ContentType!.MediaType, answer.ContentHeaders.ContentDisposition!.DispositionType));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(name != "a.pdf", answer.Headers.GetValues("Content-Security-Policy").Single().EndsWith("; sandbox", StringComparison.Ordinal));
    }
}
