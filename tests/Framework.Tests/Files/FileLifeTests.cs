#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.

namespace Microservices.Framework.Tests.Files;

/// <summary>Rows and bytes from the upload to the end, together.</summary>
public sealed class FileLifeTests(FileShop shop) : IClassFixture<FileShop>
{
    private const string Files = "/api/resource/File";

    [Fact]
    public async Task Deleting_RemovesTheBytesWithTheLastRow()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var first = await FileShop.SaveAsync(caller, "a.txt", "same", ("is_private", "1"));
        var second = await FileShop.SaveAsync(caller, "b.txt", "same", ("is_private", "1"));

        Assert.Equal(202, (await caller.DeleteAsync($"{Files}/{FileShop.Name(first)}")).Status);
        Assert.Equal("same", (await caller.GetAsync(FileShop.Url(second))).Text);
        Assert.Single(shop.Stored(tenant));
        Assert.Equal(202, (await caller.DeleteAsync($"{Files}/{FileShop.Name(second)}")).Status);
        Assert.Equal(403, (await caller.GetAsync(FileShop.Url(second))).Status);
        Assert.Empty(shop.Stored(tenant));
    }

    [Fact]
    public async Task DeletedDocument_TakesItsFilesAlong()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(caller);
        var file = await FileShop.SaveAsync(caller, "a.txt", "1", ("is_private", "1"), ("doctype", "Letter"), ("docname", letter));

        Assert.Equal(202, (await caller.DeleteAsync($"/api/resource/Letter/{letter}")).Status);
        Assert.Equal(404, (await caller.GetAsync($"{Files}/{FileShop.Name(file)}")).Status);
        Assert.Empty(shop.Stored(tenant));
    }

    [Fact]
    public async Task Privacy_MovesTheAddressOfAllRowsThatShareIt()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var first = await FileShop.SaveAsync(caller, "a.txt", "same");
        var second = await FileShop.SaveAsync(caller, "b.txt", "same");
        var open = FileShop.Url(first);
        var closed = await caller.PutAsync($"{Files}/{FileShop.Name(first)}", new { is_private = 1 });

        Assert.True(closed.Status == 200, closed.Text);
        Assert.Equal("/private/files/test/a.txt", FileShop.Url(closed.Data));
        var other = (await caller.GetAsync($"{Files}/{FileShop.Name(second)}")).Data;
        Assert.Equal(("/private/files/test/a.txt", 1), (FileShop.Url(other), other.GetProperty("is_private").GetInt32()));
        Assert.Equal(404, (await shop.Service.Nobody().GetAsync(open)).Status);
        Assert.Equal("same", (await caller.GetAsync("/private/files/test/a.txt")).Text);

        var opened = await caller.PutAsync($"{Files}/{FileShop.Name(second)}", new { is_private = 0 });
        Assert.NotEqual(open, FileShop.Url(opened.Data));
        Assert.Equal("same", (await shop.Service.Nobody().GetAsync(FileShop.Url(opened.Data))).Text);
        Assert.Equal(403, (await caller.GetAsync("/private/files/test/a.txt")).Status);
    }

    [Fact]
    public async Task WhatTheServerKnows_NoClientChanges()
    {
        var caller = shop.Service.As(FileShop.NewTenant());
        var file = await FileShop.SaveAsync(caller, "a.txt", "1", ("is_private", "1"));
        var victim = await FileShop.SaveAsync(caller, "b.txt", "2", ("is_private", "1"));
        var answer = await caller.PutAsync($"{Files}/{FileShop.Name(file)}", new { file_url = FileShop.Url(victim), storage_key = "t-other/x", digest = "x", content_hash = "x", file_size = 9, public_id = "x", folder = "Home/New" });

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal((FileShop.Url(file), 1, "Home/New"), (FileShop.Url(answer.Data), answer.Data.GetProperty("file_size").GetInt32(), answer.Data.GetProperty("folder").GetString()));
        Assert.Equal("1", (await caller.GetAsync(FileShop.Url(file))).Text);
        Assert.Equal(405, (await caller.PostAsync(Files, new { file_name = "x.txt", file_url = "https://example.com/x.txt" })).Status);
    }

    [Fact]
    public async Task RecordsFollowTheRightsOfTheirDocument()
    {
        var tenant = FileShop.NewTenant();
        var owner = shop.Service.As(tenant);
        var letter = await FileShop.LetterAsync(owner);
        var file = $"{Files}/{FileShop.Name(await FileShop.SaveAsync(owner, "a.txt", "1", ("is_private", "1"), ("doctype", "Letter"), ("docname", letter)))}";
        var filter = $$"""{{Files}}?filters={"attached_to_doctype":"Letter","attached_to_name":"{{letter}}"}""";
        var reader = shop.Service.As(tenant, "r@example.com", "Reader");
        var writer = shop.Service.As(tenant, "w@example.com");
        var stranger = shop.Service.As(tenant, "s@example.com", "Nobody");
        var foreign = shop.Service.As(FileShop.NewTenant());

        Assert.Equal((200, 1), ((await reader.GetAsync(file)).Status, (await reader.GetAsync(filter)).Data.GetArrayLength()));
        Assert.Equal((403, 403), ((await reader.PutAsync(file, new { folder = "Home/X" })).Status, (await reader.DeleteAsync(file)).Status));
        Assert.Equal((404, 404), ((await stranger.GetAsync(file)).Status, (await foreign.GetAsync(file)).Status));
        Assert.Equal((404, 404), ((await stranger.DeleteAsync(file)).Status, (await foreign.DeleteAsync(file)).Status));
        Assert.Equal(0, (await stranger.GetAsync(Files)).Data.GetArrayLength());
        Assert.Equal((200, 202), ((await writer.PutAsync(file, new { folder = "Home/X" })).Status, (await writer.DeleteAsync(file)).Status));
    }

    [Fact]
    public async Task OwnFile_IsAttachedOnlyWhereTheOwnerMayWrite()
    {
        var tenant = FileShop.NewTenant();
        var letter = await FileShop.LetterAsync(shop.Service.As(tenant));
        var reader = shop.Service.As(tenant, "r@example.com", "Reader");
        var file = $"{Files}/{FileShop.Name(await FileShop.SaveAsync(reader, "a.txt", "1", ("is_private", "1")))}";

        Assert.Equal(403, (await reader.PutAsync(file, new { attached_to_doctype = "Letter", attached_to_name = letter })).Status);
    }

    [Fact]
    public async Task RefusedUpload_LeavesNoBytes()
    {
        var tenant = FileShop.NewTenant();
        var answer = await shop.Service.As(tenant).PostAsync(FileShop.Upload, FileShop.Form("refused.txt", "x"u8.ToArray()));

        Assert.Equal(417, answer.Status);
        Assert.Empty(shop.Stored(tenant));
    }

    [Fact]
    public async Task Sweeper_RemovesOnlyWhatNoRowHas()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        var kept = await FileShop.SaveAsync(caller, "kept.txt", "kept");
        var closed = await FileShop.SaveAsync(caller, "closed.txt", "closed", ("is_private", "1"));
        string[] strays = [Path.Combine(shop.Folder, "t-" + tenant, new string('a', 32)), Path.Combine(shop.Folder, "public", new string('b', 32)), Path.Combine(shop.Folder, "unfinished", "x")];
        foreach (var stray in strays)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
            await File.WriteAllTextAsync(stray, tenant);
        }

        await shop.Sweeper.SweepAsync(TestContext.Current.CancellationToken);

        Assert.All(strays, stray => Assert.False(File.Exists(stray), stray));
        Assert.Equal("kept", (await shop.Service.Nobody().GetAsync(FileShop.Url(kept))).Text);
        Assert.Equal("closed", (await caller.GetAsync(FileShop.Url(closed))).Text);
    }

    [Fact]
    public async Task SharersAndDeletersAtOnce_NeverLoseTheBytesOfARow()
    {
        var tenant = FileShop.NewTenant();
        var caller = shop.Service.As(tenant);
        for (var round = 0; round < 5; round++)
        {
            var file = await FileShop.SaveAsync(caller, "x.txt", "shared", ("is_private", "1"));
            var uploads = Enumerable.Range(0, 3).Select(_ => FileShop.SaveAsync(caller, "x.txt", "shared", ("is_private", "1"))).ToList();
            var delete = caller.DeleteAsync($"{Files}/{FileShop.Name(file)}");
            foreach (var saved in await Task.WhenAll(uploads))
            {
                Assert.Equal("shared", (await caller.GetAsync($"{FileShop.Url(saved)}?fid={FileShop.Name(saved)}")).Text);
            }

            await delete;
        }
    }
}
