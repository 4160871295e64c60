#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Data;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A write is all or nothing: documents, rows, counters, what hooks wrote and what waits for the commit.</summary>
public sealed class AtomicityTests : IClassFixture<Depot>
{
    private const string Parcels = "/api/resource/Parcel";

    private readonly string _tenant = "t-" + Guid.NewGuid().ToString("N");
    private readonly Depot _depot;
    private readonly TestCaller _caller;

    public AtomicityTests(Depot depot)
    {
        _depot = depot;
        _caller = depot.Service.As(_tenant);
        depot.Do.Clear();
        depot.Committed.Clear();
    }

    public static IEnumerable<TheoryDataRow<string, DocumentEvent>> Moments =>
        from operation in Operations
        from moment in operation.Value.Moments
        select new TheoryDataRow<string, DocumentEvent>(operation.Key, moment);

    private static Dictionary<string, (DocumentEvent[] Moments, string State)> Operations { get; } = new(StringComparer.Ordinal)
    {
        ["insert"] = (LifecycleOrder.Insert, "none"),
        ["insert submitted"] = (LifecycleOrder.InsertSubmitted, "none"),
        ["update"] = (LifecycleOrder.Update, "draft"),
        ["submit"] = (LifecycleOrder.Submit, "draft"),
        ["update after submit"] = (LifecycleOrder.UpdateAfterSubmit, "submitted"),
        ["cancel"] = (LifecycleOrder.Cancel, "submitted"),
        ["delete"] = (LifecycleOrder.Delete, "draft"),
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task HookThatThrows_LeavesNothingBehind(string operation, DocumentEvent moment)
    {
        await PrepareAsync(Operations[operation].State);
        var before = await _depot.SnapshotAsync(_tenant);

        _depot.Do[moment] = _ => throw new InvalidOperationException("on purpose");
        var failed = await RunAsync(operation);
        Assert.True(failed.Status == 500, failed.Text);
        Assert.DoesNotContain("on purpose", failed.Text, StringComparison.Ordinal);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));

        _depot.Do[moment] = _ => throw new ValidationException("refused on purpose");
        var refused = await RunAsync(operation);
        Assert.True(refused.Status == 417, refused.Text);
        Assert.Contains("refused on purpose", refused.Text, StringComparison.Ordinal);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
        Assert.Empty(_depot.Committed);

        // The same request then goes through, with the number that the failures gave back.
        _depot.Do.Clear();
        var done = await RunAsync(operation);
        Assert.True(done.Status < 300, done.Text);
        Assert.NotEqual(before, await _depot.SnapshotAsync(_tenant));
        Assert.Equal(Operations[operation].Moments, _depot.Committed.Select(line => Enum.Parse<DocumentEvent>(line.Split(' ')[0])));
        if (operation.StartsWith("insert", StringComparison.Ordinal))
        {
            Assert.Equal("P-00001", done.Data.GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task BatchWithOneBadDocument_CreatesNone()
    {
        var before = await _depot.SnapshotAsync(_tenant);
        object[] good = [.. Enumerable.Range(0, 20).Select(i => new { receiver = $"r{i}", items = new[] { new { what = "x" } } })];

        foreach (var (bad, status) in new (object, int)[] { (new { receiver = "" }, 417), (new { receiver = "r", items = new[] { new { what = "x", other = "nosuch" } } }, 417), (new { receiver = "r", docstatus = 2 }, 417), ("text", 400) })
        {
            var answer = await _caller.PostAsync(Parcels, good.Append(bad));
            Assert.True(answer.Status == status, answer.Text);
            Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
        }

        var seen = 0;
        _depot.Do[DocumentEvent.OnChange] = _ => ++seen == 20 ? throw new InvalidOperationException("on purpose") : Task.CompletedTask;
        Assert.Equal(500, (await _caller.PostAsync(Parcels, good)).Status);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
        Assert.Empty(_depot.Committed);

        _depot.Do.Clear();
        var created = await _caller.PostAsync(Parcels, good);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"P-{i:D5}"), created.Data.EnumerateArray().Select(parcel => parcel.GetProperty("name").GetString()!));
        Assert.Equal(160, _depot.Committed.Count);
    }

    [Fact]
    public async Task BatchBeyondTheLimit_IsRefusedWhole()
    {
        Assert.Equal(201, (await _caller.PostAsync("/api/resource/Trace", Enumerable.Range(0, 200).Select(i => new { line = "x" }))).Status);
        Assert.Equal(417, (await _caller.PostAsync("/api/resource/Trace", Enumerable.Range(0, 201).Select(i => new { line = "y" }))).Status);
        Assert.Equal(200, await CountAsync("tabTrace"));
        Assert.Equal(201, (await _caller.PostAsync("/api/resource/Trace", Array.Empty<object>())).Status);
    }

    public static TheoryData<string> Answers => [.. Depot.Answers.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Route_KeepsItsWritesOnlyWhenItAnswersSuccess(string name)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _depot.Service.Address };
        var answer = await new TestCaller(http, _caller.Http.DefaultRequestHeaders.Authorization!.Parameter!).PostAsync("/write/" + name, new { });

        var kept = await CountAsync("tabTrace");
        Assert.True(kept == (answer.Status < 400 ? 2 : 0), $"{answer.Status} kept {kept}");
        Assert.Equal(name is "ok" or "created" or "text" or "nothing" or "redirect", answer.Status < 400);
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(404, 0)]
    [InlineData(409, 0)]
    public async Task RouteWithAUnionOfResults_IsJudgedByTheOneThatItGave(int status, int kept)
    {
        Assert.Equal(status, (await _caller.PostAsync($"/union/{status}", new { })).Status);
        Assert.Equal(kept, await CountAsync("tabTrace"));
    }

    [Fact]
    public async Task MethodAndCustomHandler_AreTransactionsLikeRoutes()
    {
        Assert.Equal(409, (await _caller.PostAsync("/api/method/write_and_fail", new { })).Status);
        Assert.Equal(0, await CountAsync("tabTrace"));

        await _caller.PostAsync(Parcels, Enumerable.Range(1, 13).Select(i => new { receiver = "r" }));
        var before = await _depot.SnapshotAsync(_tenant);
        Assert.Equal(409, (await _caller.DeleteAsync($"{Parcels}/P-00013")).Status);
        Assert.Equal(before, await _depot.SnapshotAsync(_tenant));
        Assert.Equal(200, (await _caller.DeleteAsync($"{Parcels}/P-00012")).Status);
        Assert.Equal(404, (await _caller.GetAsync($"{Parcels}/P-00012")).Status);
    }

    [Fact]
    public async Task HandlerThatCatchesAFailure_KeepsTheRest()
    {
        Assert.Equal(200, (await _caller.PostAsync("/go-on", new { })).Status);

        Assert.Equal("kept", Assert.Single((await _caller.GetAsync("/api/resource/Crate")).Data.EnumerateArray()).GetProperty("name").GetString());
        var lines = (await _caller.GetAsync("/api/resource/Trace?fields=line&order_by=name&limit=0")).Data.EnumerateArray().Select(row => row.GetProperty("line").GetString()!.Split(' ')[0]).ToList();
        // What the hooks of the failed ones wrote went with them.
        Assert.Equal(["before", .. Operations["insert"].Moments.Select(moment => moment.ToString()), "after"], lines);
        Assert.Equal(Operations["insert"].Moments.Length, _depot.Committed.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InnerTransaction_IsUndoneAlone(bool fails)
    {
        Assert.Equal(200, (await _caller.PostAsync($"/transaction/{fails}", new { })).Status);

        Assert.Equal(fails ? 0 : 1, await CountAsync("tabParcel"));
        Assert.Equal(fails ? 0 : 1, await CountAsync("tabTrace", "`line`='inside'"));
        Assert.Equal(2, await CountAsync("tabTrace", "`line` in ('before','after')"));
        Assert.Equal(fails ? 0 : 8, _depot.Committed.Count);
    }

    [Fact]
    public async Task HandlerThatGoesOnAfterABrokenTransaction_KeepsNothing()
    {
        var answer = await _caller.PostAsync("/go-on-after-broken-statement", new { });

        Assert.True(answer.Status >= 500, answer.Text);
        Assert.Equal(0, await CountAsync("tabTrace"));
        Assert.Equal(201, (await _caller.PostAsync("/api/resource/Trace", new { line = "next" })).Status);
    }

    [Fact]
    public async Task HookThatCatchesAFailure_KeepsTheRest()
    {
        _depot.Do[DocumentEvent.OnChange] = async context =>
        {
            if (context.DocType.Name == "Parcel")
            {
                await Assert.ThrowsAsync<ValidationException>(() => context.Db.InsertAsync(new Crate()));
                await context.Db.InsertAsync(new Crate { Label = "by hook" });
            }
        };

        Assert.Equal(201, (await _caller.PostAsync(Parcels, new { receiver = "r" })).Status);
        Assert.Equal("by hook", Assert.Single((await _caller.GetAsync("/api/resource/Crate")).Data.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task WorkAfterTheCommit_FailsAlone()
    {
        _depot.Do[DocumentEvent.OnUpdate] = context =>
        {
            context.AfterCommit(_ => throw new InvalidOperationException("on purpose"));
            context.AfterCommit(async ct => await context.Db.InsertAsync(new Trace { Line = "afterwards" }, cancellationToken: ct));
            return Task.CompletedTask;
        };

        Assert.Equal(201, (await _caller.PostAsync(Parcels, new { receiver = "r" })).Status);
        Assert.Equal(200, (await _caller.GetAsync($"{Parcels}/P-00001")).Status);
        Assert.Equal(1, await CountAsync("tabTrace", "`line`='afterwards'"));
    }

    [Fact]
    public async Task GetRequest_WritesNothing()
    {
        await using var service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Trace>();
            service.SecureRoute("GET", "/write", async (TenantDb db) => await db.InsertAsync(new Trace { Line = "x" }));
        });

        Assert.Equal(403, (await service.As("acme").GetAsync("/write")).Status);
        Assert.Equal(0, await service.Database.ScalarAsync<int>("select count(*) from `tabTrace`"));
    }

    private Task<int> CountAsync(string table, string condition = "1=1") =>
        _depot.Service.Database.ScalarAsync<int>($"select count(*) from `{table}` where `tenant_id`='{_tenant}' and {condition}");

    private async Task PrepareAsync(string state)
    {
        if (state != "none")
        {
            await Isolation.Bank.Created(_caller.PostAsync(Parcels, new { receiver = "r", progress = "p", docstatus = state == "submitted" ? 1 : 0, items = new[] { new { what = "a" }, new { what = "b" } } }));
        }

        _depot.Committed.Clear();
    }

    private Task<Answer> RunAsync(string operation) => operation switch
    {
        "insert" => _caller.PostAsync(Parcels, new { receiver = "r", items = new[] { new { what = "a" }, new { what = "b" } } }),
        "insert submitted" => _caller.PostAsync(Parcels, new { receiver = "r", docstatus = 1, items = new[] { new { what = "a" } } }),
        "update" => _caller.PutAsync($"{Parcels}/P-00001", new { receiver = "changed", items = new[] { new { what = "c" } } }),
        "submit" => _caller.PutAsync($"{Parcels}/P-00001", new { docstatus = 1, receiver = "changed" }),
        "update after submit" => _caller.PutAsync($"{Parcels}/P-00001", new { progress = "changed" }),
        "cancel" => _caller.PutAsync($"{Parcels}/P-00001", new { docstatus = 2 }),
        _ => _caller.DeleteAsync($"{Parcels}/P-00001"),
    };
}
