#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Files;

/// <summary>The service is killed after the bytes of an upload are on the disk and before its row is committed.</summary>
public sealed class KilledUploadTests
{
    [Fact]
    public async Task KilledBeforeTheCommit_LeavesNoRowAndBytesThatAreSwept()
    {
        var folder = Directory.CreateTempSubdirectory("files-").FullName;
        try
        {
            await using var central = await CentralSiteServer.StartNewAsync();
            await using var database = await TestDatabase.CreateAsync();
            string kept;
            await using (var service = await ServiceProcess.StartAsync(central, database, ("Files__Directory", folder)))
            {
                var caller = service.As("acme");
                kept = FileShop.Url(await FileShop.SaveAsync(caller, "kept.txt", "kept", ("is_private", "1")));
                var stalled = caller.PostAsync(FileShop.Upload, FileShop.Form("stalled.txt", "lost"u8.ToArray(), ("is_private", "1")));
                await Wait.UntilAsync(() => Stored(folder) == 2, "the bytes are on the disk");
                await service.KillAsync();
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => stalled);
            }

            Assert.Equal(1, await database.ScalarAsync<int>("select count(*) from `tabFile`"));
            await using var next = await ServiceProcess.StartAsync(central, database, ("Files__Directory", folder), ("Files__OrphanAge", "00:00:00"));
            await Wait.UntilAsync(() => Stored(folder) == 1, "the bytes are swept");
            Assert.Equal("kept", (await next.As("acme").GetAsync(kept)).Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Stored(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Count(file => !file.Contains("unfinished", StringComparison.Ordinal));
}
