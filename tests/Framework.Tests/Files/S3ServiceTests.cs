#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Files;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Files;

/// <summary>A whole service that keeps its files in a bucket.</summary>
public sealed class S3ServiceTests
{
    [Fact]
    public async Task Files_AreUploadedReadInRangesAndSwept()
    {
        await using var bucket = await S3StandIn.StartAsync();
        await using var service = await TestService.StartAsync(FileShop.Describe, settings =>
        {
            settings["Files:Store"] = "S3";
            settings["Files:S3:Endpoint"] = bucket.Address;
            settings["Files:S3:Bucket"] = S3StandIn.Bucket;
            settings["Files:S3:Region"] = S3StandIn.Region;
            settings["Files:S3:AccessKey"] = S3StandIn.AccessKey;
            settings["Files:S3:SecretKey"] = S3StandIn.SecretKey;
            settings["Files:OrphanAge"] = "00:00:00";
        });
        var (acme, globex) = (service.As("acme"), service.As("globex"));
        var closed = await FileShop.SaveAsync(acme, "é plan.txt", "0123456789", ("is_private", "1"));
        var open = await FileShop.SaveAsync(globex, "open.txt", "0123456789");
        using var range = new HttpRequestMessage(HttpMethod.Get, FileShop.Url(closed));
        range.Headers.TryAddWithoutValidation("Range", "bytes=4-6");
        var part = await acme.SendAsync(range);

        Assert.Equal((206, "456"), (part.Status, part.Text));
        Assert.Equal("0123456789", (await service.Nobody().GetAsync(FileShop.Url(open))).Text);
        Assert.Equal(403, (await globex.GetAsync(FileShop.Url(closed))).Status);
        Assert.Equal(3, bucket.Objects.Count);
        Assert.All(bucket.Objects.Keys, key => Assert.Matches("^test/(t-acme|t-globex|public)/[0-9a-f]{32}$", key));

        bucket.Objects[$"test/t-acme/{new string('a', 32)}"] = ([1], DateTimeOffset.UtcNow.AddDays(-1));
        Assert.Equal(1, await service.Services.GetRequiredService<FileSweeper>().SweepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(202, (await acme.DeleteAsync($"/api/resource/File/{FileShop.Name(closed)}")).Status);
        Assert.Equal(2, bucket.Objects.Count);
        Assert.Equal(0, bucket.Refused);
    }

    [Fact]
    public async Task BucketThatIsGone_Is500AndLeavesNoRow()
    {
        var bucket = await S3StandIn.StartAsync();
        await using var service = await TestService.StartAsync(FileShop.Describe, settings =>
        {
            settings["Files:Store"] = "S3";
            settings["Files:S3:Endpoint"] = bucket.Address;
            settings["Files:S3:Bucket"] = S3StandIn.Bucket;
            settings["Files:S3:AccessKey"] = S3StandIn.AccessKey;
            settings["Files:S3:SecretKey"] = S3StandIn.SecretKey;
            settings["Logging:LogLevel:Default"] = "None";
        });
        await bucket.DisposeAsync();
        var answer = await service.As("acme").PostAsync(FileShop.Upload, FileShop.Form("a.txt", "x"u8.ToArray()));

        Assert.Equal(500, answer.Status);
        Assert.Equal(0, await service.Database.ScalarAsync<int>("select count(*) from `tabFile`"));
    }

    [Fact]
    public async Task BucketWithoutKeys_StopsTheStart()
    {
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestService.StartAsync(FileShop.Describe, settings => settings["Files:Store"] = "S3"));
    }
}
