#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Net.Sockets;
using System.Text;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>The database or the client goes away in the middle: nothing is kept, and the service goes on.</summary>
public sealed class LostConnectionTests : IClassFixture<Depot>
{
    private const int Sessions = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _tenant = "t-" + Guid.NewGuid().ToString("N");
    private readonly Depot _depot;
    private readonly TestCaller _caller;

    public LostConnectionTests(Depot depot)
    {
        _depot = depot;
        _caller = depot.Service.As(_tenant);
        depot.Do.Clear();
        depot.Committed.Clear();
    }

    [Theory]
    [InlineData(DocumentEvent.BeforeInsert)]
    [InlineData(DocumentEvent.BeforeSave)]
    [InlineData(DocumentEvent.AfterInsert)]
    [InlineData(DocumentEvent.OnChange)]
    public async Task ConnectionThatDiesInATransaction_IsAnErrorAndKeepsNothing(DocumentEvent moment)
    {
        SkipWithoutServer();
        // More often than there are sessions: none may stay behind.
        for (var i = 0; i < Sessions * 10; i++)
        {
            _depot.Do[moment] = EndTransactionAsync;
            var answer = await _caller.PostAsync("/api/resource/Parcel", new { receiver = "r", items = new[] { new { what = "a" } } });
            Assert.True(answer.Status is 500 or 503, answer.Text);
            Assert.True(answer.Status == 503 || moment != DocumentEvent.OnChange, answer.Text);
            Assert.Equal(answer.Status, answer.Json.GetProperty("code").GetInt32());
        }

        Assert.Equal("", await _depot.SnapshotAsync(_tenant));
        Assert.Empty(_depot.Committed);
        _depot.Do.Clear();
        Assert.Equal("P-00001", (await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Parcel", new { receiver = "r" }))).Data.GetProperty("name").GetString());
    }

    [Fact]
    public async Task ConnectionThatDiesInABatch_KeepsNothing()
    {
        SkipWithoutServer();
        var documents = 0;
        _depot.Do[DocumentEvent.AfterInsert] = context => ++documents == 5 ? EndTransactionAsync(context) : Task.CompletedTask;

        var answer = await _caller.PostAsync("/api/resource/Parcel", Enumerable.Range(0, 10).Select(i => new { receiver = "r" }));

        Assert.True(answer.Status >= 500, answer.Text);
        Assert.Equal("", await _depot.SnapshotAsync(_tenant));
    }

    [Fact]
    public async Task ConnectionThatDiesInUpdateAndDelete_LeavesTheDocument()
    {
        SkipWithoutServer();
        await _caller.PostAsync("/api/resource/Parcel", new { receiver = "r", items = new[] { new { what = "a" } } });
        var before = await _depot.SnapshotAsync(_tenant);

        _depot.Do[DocumentEvent.OnChange] = EndTransactionAsync;
        Assert.True((await _caller.PutAsync("/api/resource/Parcel/P-00001", new { receiver = "x", items = Array.Empty<object>() })).Status >= 500);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
        _depot.Do.Clear();
        _depot.Do[DocumentEvent.AfterDelete] = EndTransactionAsync;
        Assert.True((await _caller.DeleteAsync("/api/resource/Parcel/P-00001")).Status >= 500);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
    }

    [Fact]
    public async Task ClientThatGoesAwayBeforeTheCommit_LeavesNothing()
    {
        for (var i = 0; i < Sessions * 5; i++)
        {
            var reached = new TaskCompletionSource();
            var gone = new TaskCompletionSource();
            _depot.Do[DocumentEvent.OnUpdate] = async context =>
            {
                reached.SetResult();
                await gone.Task.WaitAsync(Limit);
                await Wait.UntilAsync(() => context.CancellationToken.IsCancellationRequested, "the service noticed that its client has gone");
            };
            using (var client = await SendAsync("POST /api/resource/Parcel", """{"receiver":"r","items":[{"what":"a"}]}"""))
            {
                await reached.Task.WaitAsync(Limit);
            }

            gone.SetResult();
        }

        _depot.Do.Clear();
        Assert.Equal("P-00001", (await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Parcel", new { receiver = "r" }))).Data.GetProperty("name").GetString());
        Assert.Equal(8, _depot.Committed.Count);
    }

    [Fact]
    public async Task ClientThatStopsSendingItsBody_LeavesNothing()
    {
        for (var i = 0; i < Sessions * 5; i++)
        {
            using var client = await SendAsync("POST /api/resource/Parcel", """{"receiver":"r","items":[{"what":"a"}""", missingBytes: 20);
        }

        Assert.Equal(201, (await _caller.PostAsync("/api/resource/Parcel", new { receiver = "r" })).Status);
        Assert.Equal(1, await _depot.Service.Database.ScalarAsync<int>($"select count(*) from `tabParcel` where `tenant_id`='{_tenant}'"));
    }

    [Fact]
    public async Task ClientsThatStopReading_DoNotKeepSessions()
    {
        await _caller.PostAsync("/api/resource/Trace", Enumerable.Range(0, 200).Select(i => new { line = new string('x', 140) }));
        for (var i = 0; i < Sessions * 10; i++)
        {
            using var client = await SendAsync("GET /api/resource/Trace?fields=*&limit=0", null);
            if (i % 2 == 0)
            {
                await client.GetStream().ReadExactlyAsync(new byte[100]);
            }
        }

        Assert.Equal(200, (await _caller.GetAsync("/api/resource/Trace?limit=0")).Data.GetArrayLength());
    }

    [Fact]
    public async Task ErrorHalfWayThroughADocument_IsAWholeErrorAnswer()
    {
        await using var service = await TestService.StartAsync(service => service.RegisterResource<Parcel>());
        var caller = service.As("acme");
        await Isolation.Bank.Created(caller.PostAsync("/api/resource/Parcel", new { receiver = "secret", note = new string('n', 60_000) }));
        await service.Database.ExecuteAsync("drop table `tabParcel Item`");

        var answer = await caller.GetAsync("/api/resource/Parcel/P-00001");

        Assert.Equal(500, answer.Status);
        Assert.Equal("InternalServerError", answer.ErrorType);
        Assert.DoesNotContain("nnn", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tabParcel", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOverADeadConnection_IsAnsweredByTheNextOne()
    {
        SkipWithoutServer();
        await _caller.PostAsync("/api/resource/Trace", new { line = "x" });
        for (var i = 0; i < Sessions * 4; i++)
        {
            await KillAsync("select id from information_schema.processlist where db = database() and id <> connection_id()");
            var answer = await _caller.GetAsync("/api/resource/Trace");
            Assert.True(answer.Status is 200 or 503, answer.Text);
        }

        await Wait.UntilAsync(() => _caller.GetAsync("/api/resource/Trace").GetAwaiter().GetResult().Status == 200, "the service recovered");
    }

    private static void SkipWithoutServer()
    {
        if (!TestDatabase.IsMariaDb)
        {
            Assert.Skip("SQLite runs in the process: there is no connection to lose.");
        }
    }

    private async Task EndTransactionAsync(DocumentContext context) =>
        await KillAsync($"select {Assert.Single(await context.Db.QueryAsync<long>($"select connection_id()"))}");

    private async Task KillAsync(string ids)
    {
        await using var connection = await _depot.Service.Database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = ids;
        var found = new List<long>();
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                found.Add(rows.GetInt64(0));
            }
        }

        foreach (var id in found)
        {
            command.CommandText = $"kill {id}";
            await command.ExecuteNonQueryAsync();
        }
    }

    private async Task<TcpClient> SendAsync(string line, string? body, int missingBytes = 0)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_depot.Service.Address.Host, _depot.Service.Address.Port);
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var head = $"{line} HTTP/1.1\r\nHost: {_depot.Service.Address.Authority}\r\nAuthorization: {_caller.Http.DefaultRequestHeaders.Authorization}\r\n"
            + (body is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {bytes.Length + missingBytes}\r\n\r\n");
        await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes]);
        return client;
    }
}
