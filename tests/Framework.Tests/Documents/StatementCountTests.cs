using Microservices.Data.Sessions;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Documents;

/// <summary>One statement is one round trip to the database: the counts do not depend on the machine.</summary>
public sealed class StatementCountTests : IAsyncLifetime
{
    /// <summary>SQLite is told that a transaction begins, which costs nothing there; MariaDB begins it with its first statement.</summary>
    private static readonly int s_begin = TestDatabase.IsMariaDb ? 0 : 1;

    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            Shop.Describe(service);
            service.RegisterResource<Gadget>();
        });
        _caller = _service.As("acme");
        // What a tenant's records say about a caller is read once in a while, not by each request.
        foreach (var tenant in (string[])["acme", "globex"])
        {
            await _service.As(tenant).GetAsync("/api/resource/Gadget");
        }
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task List_IsOneStatement()
    {
        await _caller.PostAsync("/api/resource/Gadget", new[] { new { gadget_name = "a" }, new { gadget_name = "b" } });

        Assert.Equal(1, await CountAsync(() => _caller.GetAsync("/api/resource/Gadget?fields=*&limit=0")));
        Assert.Equal(1, await CountAsync(() => _caller.GetAsync("""/api/resource/Gadget?fields=["size","count(name) as n"]&filters=[["size",">=",0]]&group_by=size&order_by=n""")));
    }

    [Fact]
    public async Task Get_IsOneStatement_WhetherItIsThereOrNot()
    {
        await _caller.PostAsync("/api/resource/Gadget", new { gadget_name = "a" });

        Assert.Equal(1, await CountAsync(() => _caller.GetAsync("/api/resource/Gadget/a")));
        Assert.Equal(1, await CountAsync(() => _caller.GetAsync("/api/resource/Gadget/missing"), 404));
        Assert.Equal(1, await CountAsync(() => _service.As("globex").GetAsync("/api/resource/Gadget/a"), 404));
    }

    [Fact]
    public async Task Create_InsertsAndCommits()
    {
        Assert.Equal(s_begin + 2, await CountAsync(() => _caller.PostAsync("/api/resource/Gadget", new { gadget_name = "a", size = 3 }), 201));
    }

    [Fact]
    public async Task Update_ReadsWritesAndCommits()
    {
        await _caller.PostAsync("/api/resource/Gadget", new { gadget_name = "a" });

        Assert.Equal(s_begin + 3, await CountAsync(() => _caller.PutAsync("/api/resource/Gadget/a", new { size = 4 })));
    }

    [Fact]
    public async Task Delete_IsFiveStatements()
    {
        await _caller.PostAsync("/api/resource/Gadget", new { gadget_name = "a" });

        // the document, its row, whether anything hung on it, the copy that is kept, commit
        Assert.Equal(s_begin + 5, await CountAsync(() => _caller.DeleteAsync("/api/resource/Gadget/a"), 202));
    }

    [Fact]
    public async Task OrderWithRowsAndLinks_TakesOneStatementForEachKindOfWork()
    {
        await _caller.PostAsync("/api/resource/Customer", new { customer_name = "Ada" });
        await _caller.PostAsync("/api/resource/Item", Enumerable.Range(0, 64).Select(i => new { item_code = $"I{i}" }));
        var order = new { customer = "Ada", items = Enumerable.Range(0, 64).Select(i => new { item_code = $"I{i}", qty = i }) };

        // counter, all links at once, the order, its rows at once, commit
        Assert.Equal(s_begin + 5, await CountAsync(() => _caller.PostAsync("/api/resource/Sales Order", order), 201));
        Assert.Equal(2, await CountAsync(() => _caller.GetAsync("/api/resource/Sales Order/SO-00001")));
    }

    [Fact]
    public async Task RefusedBeforeTheDatabase_IsNoStatement()
    {
        Assert.Equal(0, await CountAsync(() => _caller.GetAsync("/api/resource/Gadget?filters=[[\"nosuch\",\"=\",1]]"), 417));
        Assert.Equal(0, await CountAsync(() => _service.As("acme", roles: "Nobody").GetAsync("/api/resource/Gadget"), 403));
        Assert.Equal(0, await CountAsync(() => _service.As("acme", roles: "Nobody").DeleteAsync("/api/resource/Gadget/a"), 403));
    }

    [Fact]
    public async Task FirstRequestOfACaller_ReadsTheRulesForItInOneStatement()
    {
        Assert.Equal(2, await CountAsync(() => _service.As("acme", "new@example.com").GetAsync("/api/resource/Gadget")));
        Assert.Equal(1, await CountAsync(() => _service.As("acme", "new@example.com").GetAsync("/api/resource/Gadget")));
    }

    private async Task<long> CountAsync(Func<Task<Answer>> request, int status = 200)
    {
        var sessions = _service.Services.GetRequiredService<SessionPool>();
        var before = sessions.Statements;
        var answer = await request();
        Assert.True(answer.Status == status, answer.Text);
        return sessions.Statements - before;
    }

    [DocType(Naming = "field:gadget_name")]
    public sealed class Gadget : Document
    {
        [Field(Required = true)]
        public string GadgetName { get; set; } = "";

        public int Size { get; set; }
    }
}
