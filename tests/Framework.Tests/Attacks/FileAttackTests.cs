using System.Text.Json;
using Microservices.Framework.Tests.Files;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>Who may read a file, or guesses at one, changes nothing about it and gets nothing else.</summary>
public sealed class FileAttackTests(FileShop shop) : IClassFixture<FileShop>
{
    private const string Files = "/api/resource/File/";

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public async Task PrivacyOfACopy_LeavesTheFileItWasMadeFrom(string isPrivate)
    {
        var (tenant, bytes) = (FileShop.NewTenant(), Guid.NewGuid().ToString());
        var (owner, reader) = (shop.Service.As(tenant), shop.Service.As(tenant, "reader@example.com", "Reader"));
        var letter = await FileShop.LetterAsync(owner);
        var file = await FileShop.SaveAsync(owner, "a.txt", bytes, ("is_private", isPrivate), ("doctype", "Letter"), ("docname", letter));
        var copies = new List<JsonElement>
        {
            await FileShop.SavedAsync(reader.PostAsync(FileShop.Upload, new { library_file_name = FileShop.Name(file) })),
            await FileShop.SaveAsync(reader, "b.txt", bytes, ("is_private", isPrivate)),
        };
        Assert.Equal(403, (await reader.PutAsync(Files + FileShop.Name(file), new { is_private = 1 - int.Parse(isPrivate, System.Globalization.CultureInfo.InvariantCulture) })).Status);

        foreach (var copy in copies)
        {
            var turned = await reader.PutAsync(Files + FileShop.Name(copy), new { is_private = isPrivate == "1" ? 0 : 1 });
            Assert.True(turned.Status == 200, turned.Text);
        }

        var after = (await owner.GetAsync(Files + FileShop.Name(file))).Data;
        Assert.Equal((FileShop.Url(file), isPrivate), (FileShop.Url(after), after.GetProperty("is_private").GetRawText()));
        Assert.Equal(bytes, (await owner.GetAsync(FileShop.Url(file))).Text);
    }

    [Fact]
    public async Task FileOfADocumentOutOfReach_IsNeitherReadCopiedNorAttached()
    {
        var tenant = FileShop.NewTenant();
        var (owner, other, rival) = (shop.Service.As(tenant), shop.Service.As(tenant, "o@example.com", "Owner Only"), shop.Service.As(FileShop.NewTenant()));
        var letter = await FileShop.LetterAsync(owner);
        var file = await FileShop.SaveAsync(owner, "a.txt", "bytes out of reach", ("is_private", "1"), ("doctype", "Letter"), ("docname", letter));
        foreach (var caller in (TestCaller[])[other, rival])
        {
            Assert.Equal(403, (await caller.GetAsync(FileShop.Url(file))).Status);
            Assert.Equal(403, (await caller.GetAsync($"{FileShop.Url(file)}?fid={FileShop.Name(file)}")).Status);
            Assert.Equal(403, (await caller.GetAsync("/api/method/download_file?file_url=" + FileShop.Url(file))).Status);
            Assert.Equal(404, (await caller.GetAsync(Files + FileShop.Name(file))).Status);
            Assert.Equal(404, (await caller.PostAsync(FileShop.Upload, new { library_file_name = FileShop.Name(file) })).Status);
            Assert.Equal(417, (await caller.PostAsync(FileShop.Upload, new { file_url = FileShop.Url(file) })).Status);
            Assert.Equal(404, (await caller.PutAsync(Files + FileShop.Name(file), new { is_private = 0 })).Status);
        }

        var own = await FileShop.SaveAsync(other, "o.txt", "mine", ("is_private", "1"));
        Assert.Equal(403, (await other.PutAsync(Files + FileShop.Name(own), new { attached_to_doctype = "Letter", attached_to_name = letter })).Status);
        Assert.Equal(403, (await other.PostAsync(FileShop.Upload, FileShop.Form("x.txt", [1], ("doctype", "Letter"), ("docname", letter)))).Status);
        var kept = await other.PutAsync(Files + FileShop.Name(own), new { file_url = FileShop.Url(file), storage_key = "t-other/x", digest = "0", public_id = "0", address_key = "x", file_size = 0 });
        Assert.Equal(FileShop.Url(own), FileShop.Url(kept.Data));
        Assert.Equal("mine", (await other.GetAsync(FileShop.Url(own))).Text);
    }
}
