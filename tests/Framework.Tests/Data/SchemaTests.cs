using System.Text.Json.Nodes;
using Microservices.Data.Schema;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;

namespace Microservices.Framework.Tests.Data;

public sealed class SchemaTests : IDisposable
{
    private readonly DocTypeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task SecondStart_ChangesNothing()
    {
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(Describe);
        var before = await SchemaAsync(service);
        Assert.Contains(before, statement => statement.Contains("tabWide Record", StringComparison.Ordinal));
        await using (await service.StartReplicaAsync(Describe))
        {
            Assert.Equal(before, await SchemaAsync(service));
        }

        void Describe(Microservice description)
        {
            Shop.Describe(description);
            description.RegisterResources(wide.Folder);
        }
    }

    [Fact]
    public async Task NewFields_AreAddedToWhatIsThere()
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("title", "Data", null)));
        Assert.Equal(201, (await service.As("acme").PostAsync("/api/resource/Thing", new { name = "one", title = "kept" })).Status);

        await using var next = await service.StartReplicaAsync(description =>
        {
            _files.Register("Part", isTable: true, ("note", "Data", null))(description);
            _files.Register(
                "Thing",
                ("first", "Int", null),
                ("title", "Data", new JsonObject { ["search_index"] = 1 }),
                ("code", "Data", new JsonObject { ["unique"] = 1 }),
                ("amount", "Currency", null),
                ("day", "Date", null),
                ("flag", "Check", null),
                ("story", "Long Text", null),
                ("parts", "Table", new JsonObject { ["options"] = "Part" }))(description);
            _files.Register("Another", ("title", "Data", null))(description);
        });
        var acme = next.As("acme");
        var kept = await acme.GetAsync("/api/resource/Thing/one");
        Assert.Equal("""["kept",0,0.0,0,[]]""", "[" + string.Join(',', new[] { "title", "first", "amount", "flag", "parts" }.Select(field => kept.Data.GetProperty(field).GetRawText())) + "]");
        Assert.Equal(200, (await acme.PutAsync("/api/resource/Thing/one", new { first = 1, code = "c", day = "2026-01-31", story = "long", parts = new[] { new { note = "p" } } })).Status);
        Assert.Equal("UniqueValidationError", (await acme.PostAsync("/api/resource/Thing", new { name = "two", code = "C" })).ErrorType);
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Another", new { name = "x" })).Status);
        // The first one, which knows less, goes on: rolling updates have both for a while.
        Assert.Equal("kept", (await service.As("acme").GetAsync("/api/resource/Thing/one")).Data.GetProperty("title").GetString());
        Assert.Equal(201, (await service.As("acme").PostAsync("/api/resource/Thing", new { name = "three" })).Status);
    }

    [Theory]
    [InlineData("Data", 0, "Data", 300, 300)]
    [InlineData("Data", 0, "Small Text", 0, 1000)]
    [InlineData("Data", 0, "Long Text", 0, 100_000)]
    [InlineData("Small Text", 0, "Text Editor", 0, 100_000)]
    [InlineData("Data", 300, "Data", 0, 140)]
    [InlineData("Long Text", 0, "Data", 0, 140)]
    [InlineData("JSON", 0, "Code", 0, 1000)]
    public async Task WiderText_IsWidened(string before, int lengthBefore, string after, int lengthAfter, int length)
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("text", before, new JsonObject { ["length"] = lengthBefore })));
        await service.As("acme").PostAsync("/api/resource/Thing", new { name = "one", text = "{}" });
        await using var next = await service.StartReplicaAsync(_files.Register("Thing", ("text", after, new JsonObject { ["length"] = lengthAfter })));
        var acme = next.As("acme");
        Assert.Equal("{}", (await acme.GetAsync("/api/resource/Thing/one")).Data.GetProperty("text").GetString());
        var updated = await acme.PutAsync("/api/resource/Thing/one", new { text = new string('é', length) });
        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal(length, (await acme.GetAsync("/api/resource/Thing/one")).Data.GetProperty("text").GetString()!.Length);
    }

    [Theory]
    [InlineData("Check", "Int", "1", "70000")]
    [InlineData("Rating", "Currency", "0.5", "123456.789")]
    [InlineData("Currency", "Float", "1.5", "2.5")]
    public async Task WiderNumber_IsWidened(string before, string after, string first, string second)
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("number", before, null)));
        await service.As("acme").PostAsync("/api/resource/Thing", new { name = "one", number = first });
        await using var next = await service.StartReplicaAsync(_files.Register("Thing", ("number", after, null)));
        var acme = next.As("acme");
        Assert.Equal(first, (await acme.GetAsync("/api/resource/Thing/one")).Data.GetProperty("number").GetRawText());
        Assert.Equal(second, (await acme.PutAsync("/api/resource/Thing/one", new { number = second })).Data.GetProperty("number").GetRawText());
        Assert.Equal(second, (await acme.GetAsync("/api/resource/Thing/one")).Data.GetProperty("number").GetRawText());
    }

    [Theory]
    [InlineData("Data", "Int", "abc")]
    [InlineData("Data", "Date", "abc")]
    [InlineData("Data", "Currency", "abc")]
    [InlineData("Data", "Datetime", "abc")]
    [InlineData("Int", "Data", "7")]
    [InlineData("Int", "Currency", "7")]
    [InlineData("Currency", "Int", "7.5")]
    [InlineData("Date", "Datetime", "2026-01-31")]
    [InlineData("Datetime", "Time", "2026-01-31 00:00:00")]
    [InlineData("Time", "Data", "9:00:00")]
    public async Task OtherType_StopsTheStartAndLeavesTheData(string before, string after, string value)
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("title", "Data", null), ("field", before, null)));
        var acme = service.As("acme");
        Assert.Equal(201, (await acme.PostAsync("/api/resource/Thing", new { name = "one", field = value })).Status);
        var read = (await acme.GetAsync("/api/resource/Thing/one")).Text;
        var error = await Assert.ThrowsAsync<SchemaException>(() => service.StartReplicaAsync(_files.Register("Thing", ("title", "Data", null), ("field", after, null))));
        Assert.Contains("tabThing.field", error.Message, StringComparison.Ordinal);
        Assert.Contains(".json", error.Message, StringComparison.Ordinal);
        Assert.Equal(read, (await acme.GetAsync("/api/resource/Thing/one")).Text);
        await using var again = await service.StartReplicaAsync(_files.Register("Thing", ("title", "Data", null), ("field", before, null)));
        Assert.Equal(read, (await again.As("acme").GetAsync("/api/resource/Thing/one")).Text);
    }

    [Fact]
    public async Task FieldLeftOut_KeepsItsColumn()
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("title", "Data", null), ("old", "Data", null)));
        Assert.Equal(201, (await service.As("acme").PostAsync("/api/resource/Thing", new { name = "one", old = "precious" })).Status);
        await using var next = await service.StartReplicaAsync(_files.Register("Thing", ("title", "Data", null)));
        Assert.Equal(200, (await next.As("acme").PutAsync("/api/resource/Thing/one", new { title = "t" })).Status);
        Assert.False((await next.As("acme").GetAsync("/api/resource/Thing/one")).Data.TryGetProperty("old", out _));
        Assert.Equal(["precious"], await service.SqlAsync("select `old` from `tabThing`"));
    }

    [Fact]
    public async Task UniqueFieldOverTwins_StopsTheStartAndLeavesTheData()
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("code", "Data", null)));
        await service.As("acme").PostAsync("/api/resource/Thing", new object[] { new { name = "one", code = "same" }, new { name = "two", code = "SAME" } });
        await service.As("other").PostAsync("/api/resource/Thing", new { name = "one", code = "same" });
        await Assert.ThrowsAsync<StartupException>(() => service.StartReplicaAsync(_files.Register("Thing", ("code", "Data", new JsonObject { ["unique"] = 1 }))));
        Assert.Equal(2, (await service.As("acme").GetAsync("/api/resource/Thing")).Data.GetArrayLength());
        await service.As("acme").DeleteAsync("/api/resource/Thing/two");
        await using var next = await service.StartReplicaAsync(_files.Register("Thing", ("code", "Data", new JsonObject { ["unique"] = 1 })));
        Assert.Equal(1, (await next.As("acme").GetAsync("/api/resource/Thing")).Data.GetArrayLength());
    }

    [Fact]
    public async Task TableWithoutTenant_IsRefused()
    {
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("title", "Data", null)));
        await service.SqlAsync("create table `tabStranger` (`name` varchar(140) primary key, `title` varchar(140))");
        var error = await Assert.ThrowsAsync<SchemaException>(() => service.StartReplicaAsync(_files.Register("Stranger", ("title", "Data", null))));
        Assert.Contains("tabStranger", error.Message, StringComparison.Ordinal);
        Assert.Contains("tenant_id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplicasThatStartTogether_AllCome()
    {
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(_files.Register("Thing", ("title", "Data", null)));
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => service.StartReplicaAsync(Describe))));
        try
        {
            var created = await Task.WhenAll(replicas.Select((replica, number) => replica.As("acme").PostAsync("/api/resource/Thing", new { name = $"n{number}", code = $"c{number}" })));
            Assert.All(created, answer => Assert.True(answer.Status == 201, answer.Text));
            Assert.Equal(4, (await replicas[0].As("acme").GetAsync("/api/resource/Thing")).Data.GetArrayLength());
        }
        finally
        {
            await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
        }

        void Describe(Microservice description)
        {
            _files.Register("Thing", ("title", "Data", null), ("code", "Data", new JsonObject { ["unique"] = 1 }), ("number", "Int", null))(description);
            description.RegisterResources(wide.Folder);
        }
    }

    [Fact]
    public async Task EveryKey_IsLedByTheTenant()
    {
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(description =>
        {
            Shop.Describe(description);
            description.RegisterResources(wide.Folder);
        });
        var stray = await service.SqlAsync(TestDatabase.IsMariaDb
            ? "select concat(table_name, '.', index_name) from information_schema.statistics where table_schema = database() and seq_in_index = 1 and column_name <> 'tenant_id'"
            : "select m.name || '.' || i.name from sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c where m.type = 'table' and c.seqno = 0 and c.name <> 'tenant_id'");
        Assert.Empty(stray);
        var withoutTenant = await service.SqlAsync(TestDatabase.IsMariaDb
            ? "select t.table_name from information_schema.tables t where t.table_schema = database() and not exists (select 1 from information_schema.columns c where c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'tenant_id' and c.is_nullable = 'NO')"
            : "select m.name from sqlite_master m where m.type = 'table' and not exists (select 1 from pragma_table_info(m.name) c where c.name = 'tenant_id' and c.\"notnull\" = 1)");
        Assert.Empty(withoutTenant);
    }

    private static Task<List<string>> SchemaAsync(TestService service) => service.SqlAsync(TestDatabase.IsMariaDb
        ? """
          select concat_ws(' ', table_name, column_name, column_type, is_nullable, column_default, collation_name) from information_schema.columns where table_schema = database()
          union all select concat_ws(' ', table_name, index_name, seq_in_index, column_name, non_unique) from information_schema.statistics where table_schema = database() order by 1
          """
        : "select name || ': ' || sql from sqlite_master where sql is not null order by 1");
}
