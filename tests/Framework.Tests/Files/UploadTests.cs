#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
#pragma warning disable CA5351 // Frappe tells the MD5 of files; nothing is trusted to it.
using System.Security.Cryptography;
using System.Text;

namespace Microservices.Framework.Tests.Files;

public sealed class UploadTests(FileShop shop) : IClassFixture<FileShop>
{
    [Theory]
    [InlineData("/api/method/upload_file", "message")]
    [InlineData("/api/v1/method/upload_file", "message")]
    [InlineData("/api/v2/method/upload_file", "data")]
    public async Task File_IsAnsweredWithFrappesFields(string path, string key)
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var letter = await FileShop.LetterAsync(caller);
        var bytes = Encoding.UTF8.GetBytes("hello");
        var answer = await caller.PostAsync(path, FileShop.Form("a b.txt", bytes, ("is_private", "1"), ("doctype", "Letter"), ("docname", letter), ("fieldname", "scan"), ("optimize", "0")));

        Assert.True(answer.Status == 200, answer.Text);
        var file = answer.Json.GetProperty(key);
        Assert.Equal("a b.txt", file.GetProperty("file_name").GetString());
        Assert.Equal("/private/files/test/a b.txt", FileShop.Url(file));
        Assert.Equal((1, 5, "TXT", "Home"), (file.GetProperty("is_private").GetInt32(), file.GetProperty("file_size").GetInt32(), file.GetProperty("file_type").GetString(), file.GetProperty("folder").GetString()));
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), file.GetProperty("content_hash").GetString());
        Assert.Equal(("Letter", letter, "scan"), (file.GetProperty("attached_to_doctype").GetString(), file.GetProperty("attached_to_name").GetString(), file.GetProperty("attached_to_field").GetString()));
        foreach (var hidden in (string[])["storage_key", "digest", "public_id", "address_key", "tenant_id"])
        {
            Assert.False(file.TryGetProperty(hidden, out _), hidden);
        }

        var stored = await caller.GetAsync($"/api/resource/Letter/{letter}");
        Assert.False(stored.Data.TryGetProperty("scan", out _));
        var remarks = await caller.GetAsync($$"""/api/resource/Comment?fields=["comment_type","content"]&filters={"reference_doctype":"Letter","reference_name":"{{letter}}"}""");
        Assert.Equal("Attachment", remarks.Data[0].GetProperty("comment_type").GetString());
    }

    [Fact]
    public async Task Parts_MayComeInAnyOrder()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var letter = await FileShop.LetterAsync(caller);
        (string, string)[] fields = [("doctype", "Letter"), ("docname", letter), ("is_private", "1")];
        var first = await FileShop.SaveAsync(caller, "first.txt", "1", fields);
        var last = await FileShop.SaveAsync(caller, "last.txt", "2", [.. fields, ("file", "")]);

        Assert.Equal(letter, first.GetProperty("attached_to_name").GetString());
        Assert.Equal(letter, last.GetProperty("attached_to_name").GetString());
    }

    [Fact]
    public async Task SameContentAndPrivacy_ShareTheAddress()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var first = await FileShop.SaveAsync(caller, "a.txt", "same", ("is_private", "1"));
        var second = await FileShop.SaveAsync(caller, "b.txt", "same", ("is_private", "1"));
        var open = await FileShop.SaveAsync(caller, "c.txt", "same");
        var foreign = await FileShop.SaveAsync(shop.Service.As(FileShop.NewTenant()), "a.txt", "same", ("is_private", "1"));

        Assert.Equal(FileShop.Url(first), FileShop.Url(second));
        Assert.NotEqual(FileShop.Name(first), FileShop.Name(second));
        Assert.Equal("b.txt", second.GetProperty("file_name").GetString());
        Assert.StartsWith("/files/test/", FileShop.Url(open), StringComparison.Ordinal);
        Assert.Equal("/private/files/test/a.txt", FileShop.Url(foreign));
        Assert.Equal(2, shop.Stored(tenant).Count);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public async Task SameNameOtherContent_GetsSixCharactersOfTheHash(string isPrivate)
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        await FileShop.SaveAsync(caller, "plan.txt", "one", ("is_private", isPrivate));
        var second = await FileShop.SaveAsync(caller, "plan.txt", "two", ("is_private", isPrivate));

        var hash = Convert.ToHexStringLower(MD5.HashData("two"u8));
        Assert.Equal($"plan{hash[^6..]}.txt", second.GetProperty("file_name").GetString());
        Assert.EndsWith($"/plan{hash[^6..]}.txt", FileShop.Url(second), StringComparison.Ordinal);
        Assert.Equal("two", (await caller.GetAsync(Uri.EscapeDataString(FileShop.Url(second)).Replace("%2F", "/", StringComparison.Ordinal))).Text);
    }

    [Fact]
    public async Task ManyUploadsOfOneNameAtOnce_AllKeepTheirBytes()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => FileShop.SaveAsync(caller, "race.txt", $"content {i}", ("is_private", "1"))));

        Assert.Equal(8, saved.Select(FileShop.Url).Distinct().Count());
        for (var i = 0; i < saved.Length; i++)
        {
            Assert.Equal($"content {i}", (await caller.GetAsync(FileShop.Url(saved[i]))).Text);
        }
    }

    [Theory]
    [InlineData("../../etc/passwd.txt", "passwd.txt")]
    [InlineData("..\\..\\windows\\win.txt", "win.txt")]
    [InlineData("/absolute/name.txt", "name.txt")]
    [InlineData("C:\\x\\y.txt", "y.txt")]
    [InlineData("...hidden.txt", "hidden.txt")]
    [InlineData("a%2fb.txt", "a_2fb.txt")]
    [InlineData("q?x#y&z.txt", "q_x_y_z.txt")]
    [InlineData("<script>.txt", "_script_.txt")]
    [InlineData("CON.txt", "_CON.txt")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("photo\u202Egnp.txt", "photognp.txt")]
    [InlineData("zero\u200Bwidth.txt", "zerowidth.txt")]
    [InlineData("éa\u0301.txt", "éá.txt")]
    [InlineData("名前 🙂.txt", "名前 🙂.txt")]
    [InlineData("'; drop table x;--.txt", "__ drop table x_--.txt")]
    public async Task Name_IsMadeSafe(string given, string kept)
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var file = await FileShop.SaveAsync(caller, given, "x", ("is_private", "1"));

        Assert.Equal(kept, file.GetProperty("file_name").GetString());
        var read = await caller.GetAsync(string.Join('/', FileShop.Url(file).Split('/').Select(Uri.EscapeDataString)));
        Assert.True(read.Status == 200, read.Text);
        Assert.All(Directory.GetFiles(shop.Folder, "*", SearchOption.AllDirectories), path => Assert.Matches("^[0-9a-f]{32}$", Path.GetFileName(path)));
    }

    [Fact]
    public async Task LongNames_EndAt140Characters()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var longest = new string('n', 136) + ".txt";
        var first = await FileShop.SaveAsync(caller, longest, "1", ("is_private", "1"));
        var second = await FileShop.SaveAsync(caller, longest, "2", ("is_private", "1"));
        var beyond = await caller.PostAsync(FileShop.Upload, FileShop.Form("n" + longest, "3"u8.ToArray()));

        Assert.Equal(longest, first.GetProperty("file_name").GetString());
        Assert.Equal(140, second.GetProperty("file_name").GetString()!.Length);
        Assert.Equal((417, "CharacterLengthExceededError"), (beyond.Status, beyond.ErrorType));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData(" . ")]
    [InlineData("\u202E")]
    public async Task NameOfNothing_Is417(string given)
    {
        var answer = await shop.Acme.PostAsync(FileShop.Upload, FileShop.Form(given, "x"u8.ToArray()));

        Assert.Equal((417, "ValidationError"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task SizeTypeAndCount_AreLimited()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(caller);
        await FileShop.SavedAsync(caller.PostAsync(FileShop.Upload, FileShop.Form("most.bin", new byte[FileShop.MaxBytes], ("doctype", "Letter"), ("docname", letter))));
        await FileShop.SaveAsync(caller, "two.txt", "2", ("doctype", "Letter"), ("docname", letter));
        var large = await caller.PostAsync(FileShop.Upload, FileShop.Form("large.bin", new byte[FileShop.MaxBytes + 1]));
        var type = await caller.PostAsync(FileShop.Upload, FileShop.Form("run.exe", "x"u8.ToArray()));
        var third = await caller.PostAsync(FileShop.Upload, FileShop.Form("three.txt", "3"u8.ToArray(), ("doctype", "Letter"), ("docname", letter)));

        Assert.Equal((417, "MaxFileSizeReachedError"), (large.Status, large.ErrorType));
        Assert.Equal((417, "FileTypeNotAllowed"), (type.Status, type.ErrorType));
        Assert.Equal((417, "AttachmentLimitReached"), (third.Status, third.ErrorType));
        Assert.Equal(2, shop.Stored(tenant).Count);
    }

    [Fact]
    public async Task BodyBeyondTheLimit_Is413()
    {
        try
        {
            var answer = await shop.Acme.PostAsync(FileShop.Upload, FileShop.Form("huge.bin", new byte[FileShop.MaxBytes + (2 * 1024 * 1024)]));
            Assert.Equal(413, answer.Status);
        }
        catch (HttpRequestException)
        {
            // The service has answered and closed while the client was still sending.
        }
    }

    [Fact]
    public async Task Attaching_NeedsWriteOnTheDocument()
    {
        var tenant = FileShop.NewTenant();
        var letter = await FileShop.LetterAsync(shop.Service.As(tenant));
        (string, string)[] fields = [("doctype", "Letter"), ("docname", letter)];
        var reader = await shop.Service.As(tenant, "r@example.com", "Reader").PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), fields));
        var stranger = await shop.Service.As(tenant, "s@example.com", "Nobody").PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), fields));
        var other = await shop.Service.As(tenant, "o@example.com", "Owner Only").PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), fields));
        var nobody = await shop.Service.Nobody().PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), fields));

        Assert.Equal((403, 403, 403, 401), (reader.Status, stranger.Status, other.Status, nobody.Status));
        Assert.Empty(shop.Stored(tenant));
    }

    [Fact]
    public async Task DocumentOfAnotherTenant_IsLikeOneThatIsNotSavedYet()
    {
        var letter = await FileShop.LetterAsync(shop.Service.As(FileShop.NewTenant()));
        var caller = shop.Service.As(FileShop.NewTenant());
        var foreign = await caller.PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), ("doctype", "Letter"), ("docname", letter), ("is_private", "1")));
        var unsaved = await caller.PostAsync(FileShop.Upload, FileShop.Form("b.txt", "y"u8.ToArray(), ("doctype", "Letter"), ("docname", "new-letter-1"), ("is_private", "1")));

        Assert.Equal((200, 200), (foreign.Status, unsaved.Status));
    }

    [Theory]
    [InlineData("Letter", "", "ValidationError", 417)]
    [InlineData("Nothing", "x", "DoesNotExistError", 404)]
    [InlineData("File", "x", "ValidationError", 417)]
    [InlineData("'; drop table tabFile;--", "x", "DoesNotExistError", 404)]
    public async Task WrongTarget_IsRefused(string docType, string name, string type, int status)
    {
        var answer = await shop.Acme.PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), ("doctype", docType), ("docname", name)));

        Assert.Equal((status, type), (answer.Status, answer.ErrorType));
    }

    [Theory]
    [InlineData("Home/Attachments", 200)]
    [InlineData("Home/../etc", 417)]
    [InlineData("/etc", 417)]
    [InlineData("Home//x", 417)]
    [InlineData("Home/a\\b", 417)]
    public async Task Folder_StaysBelowHome(string folder, int status)
    {
        var answer = await shop.Service.As(FileShop.NewTenant()).PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray(), ("folder", folder)));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/a%20b.png", 200)]
    [InlineData("https://example.com/a.png?x=1", 200)]
    [InlineData("ftp://example.com/a.png", 417)]
    [InlineData("file:///etc/passwd", 417)]
    [InlineData("javascript:alert(1)", 417)]
    [InlineData("/etc/passwd", 417)]
    [InlineData("/private/files/test/nothing.txt", 417)]
    [InlineData("/files/test/../../etc/passwd", 417)]
    [InlineData("https://user:pass@example.com/", 417)]
    [InlineData("http://", 417)]
    public async Task RemoteAddress_IsKeptAsTextAndNeverFetched(string url, int status)
    {
        var answer = await shop.Service.As(FileShop.NewTenant()).PostAsync(FileShop.Upload, new { file_url = url, is_private = 0 });

        Assert.True(answer.Status == status, answer.Text);
        if (status == 200)
        {
            Assert.Equal(url, FileShop.Url(answer.Json.GetProperty("message")));
        }
    }

    [Fact]
    public async Task LibraryFile_IsAttachedWithTheSameBytes()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(caller);
        var source = await FileShop.SaveAsync(caller, "a.txt", "x", ("is_private", "1"));
        var copy = await FileShop.SavedAsync(caller.PostAsync(FileShop.Upload, new { library_file_name = FileShop.Name(source), doctype = "Letter", docname = letter }));
        var byUrl = await FileShop.SavedAsync(caller.PostAsync(FileShop.Upload, new { file_url = FileShop.Url(source), doctype = "Letter", docname = letter }));
        var stranger = await shop.Service.As(tenant, "s@example.com", "Nobody").PostAsync(FileShop.Upload, new { library_file_name = FileShop.Name(source) });
        var foreign = await shop.Service.As(FileShop.NewTenant()).PostAsync(FileShop.Upload, new { library_file_name = FileShop.Name(source) });

        Assert.Equal((FileShop.Url(source), letter), (FileShop.Url(copy), copy.GetProperty("attached_to_name").GetString()));
        Assert.Equal(FileShop.Url(source), FileShop.Url(byUrl));
        Assert.Equal((404, 404), (stranger.Status, foreign.Status));
        Assert.Single(shop.Stored(tenant));
    }

    [Fact]
    public async Task AttachFile_TakesBase64AndSetsTheField()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var letter = await FileShop.LetterAsync(caller);
        var answer = await caller.PostAsync("/api/method/frappe.client.attach_file", new
        {
            filename = "scan.txt",
            filedata = Convert.ToBase64String("scanned"u8),
            decode_base64 = 1,
            doctype = "Letter",
            docname = letter,
            is_private = 1,
            docfield = "scan",
        });

        Assert.True(answer.Status == 200, answer.Text);
        var file = answer.Json.GetProperty("message");
        Assert.Equal("Home/Attachments", file.GetProperty("folder").GetString());
        Assert.Equal(FileShop.Url(file), (await caller.GetAsync($"/api/resource/Letter/{letter}")).Data.GetProperty("scan").GetString());
        Assert.Equal("scanned", (await caller.GetAsync(FileShop.Url(file))).Text);
        var wrong = await caller.PostAsync("/api/method/frappe.client.attach_file", new { filename = "a.txt", filedata = "%%%", decode_base64 = true, doctype = "Letter", docname = letter });
        var unknown = await caller.PostAsync("/api/method/frappe.client.attach_file", new { filename = "b.txt", filedata = "x", doctype = "Letter", docname = letter, docfield = "nothing" });
        Assert.Equal((417, 417), (wrong.Status, unknown.Status));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task MalformedBody_Is4xx(string contentType, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var answer = await shop.Acme.PostAsync(FileShop.Upload, content);

        Assert.True(answer.Status is >= 400 and < 500, $"{answer.Status} {answer.Text}");
        Assert.NotEmpty(answer.ErrorType);
    }

    public static TheoryData<string, string> Broken { get; } = new()
    {
        { "multipart/form-data", "x" },
        { "multipart/form-data; boundary=", "x" },
        { "multipart/form-data; boundary=b", "" },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nnever ends" },
        { "multipart/form-data; boundary=b", "--b\r\n\r\nno name\r\n--b--\r\n" },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"doctype\"\r\n\r\n" + new string('x', 100_000) + "\r\n--b--\r\n" },
        { "multipart/form-data; boundary=b", string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n", 200)) + "--b--\r\n" },
        { "multipart/form-data; boundary=" + new string('b', 500), "x" },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"is_private\"\r\n\r\n2\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n" },
        { "application/json", "{" },
        { "application/json", "[]" },
        { "application/json", "{}" },
        { "application/json", """{"file_url":{"a":1}}""" },
        { "application/json", """{"library_file_name":"' or 1=1 --"}""" },
        { "application/json", """{"file_url":"https://example.com/a.png","method":"frappe.x"}""" },
        { "text/plain", "x" },
    };
}
