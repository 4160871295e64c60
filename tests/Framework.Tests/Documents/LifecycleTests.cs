#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Data;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Every event, once, in the documented order, for every way in: the class or controller, then hooks for all DocTypes, then hooks for this one.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private const string MachineJson = """
        {
          "doctype": "DocType", "name": "Big Machine", "autoname": "M-.###", "is_submittable": 1,
          "fields": [
            {"fieldname": "title", "fieldtype": "Data", "reqd": 1},
            {"fieldname": "diary", "fieldtype": "Data", "allow_on_submit": 1},
            {"fieldname": "total", "fieldtype": "Currency", "read_only": 1},
            {"fieldname": "parts", "fieldtype": "Table", "options": "Machine Part"}
          ],
          "permissions": [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1, "submit": 1, "cancel": 1}]
        }
        """;

    private const string PartJson = """
        {"doctype": "DocType", "name": "Machine Part", "istable": 1, "fields": [{"fieldname": "price", "fieldtype": "Currency"}]}
        """;

    private readonly EventLog _log = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "doctypes-" + Guid.NewGuid().ToString("N"));
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "big_machine.json"), MachineJson);
        await File.WriteAllTextAsync(Path.Combine(_folder, "machine_part.json"), PartJson);
        _service = await TestService.StartAsync(Describe);
        _caller = _service.As("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Journey", "goal", "J-001")]
    [InlineData("Big Machine", "title", "M-001")]
    public async Task EveryOperation_RaisesItsEventsOnceAndInOrder(string docType, string field, string name)
    {
        var path = $"/api/resource/{docType}";
        Dictionary<string, object> Body(string value) => new() { [field] = value };

        await CheckAsync(_caller.PostAsync(path, Body("a")), LifecycleOrder.Insert);
        await CheckAsync(_caller.PutAsync($"{path}/{name}", Body("b")), LifecycleOrder.Update);
        await CheckAsync(_caller.PutAsync($"{path}/{name}", new { }), LifecycleOrder.Update);
        await CheckAsync(_caller.PutAsync($"{path}/{name}", new { docstatus = 1 }), LifecycleOrder.Submit);
        await CheckAsync(_caller.PutAsync($"{path}/{name}", new { diary = "later" }), LifecycleOrder.UpdateAfterSubmit);
        await CheckAsync(_caller.PutAsync($"{path}/{name}", new { docstatus = 2 }), LifecycleOrder.Cancel);
        await CheckAsync(_caller.DeleteAsync($"{path}/{name}"), LifecycleOrder.Delete);
        await CheckAsync(_caller.PostAsync(path, new Dictionary<string, object> { [field] = "c", ["docstatus"] = 1 }), LifecycleOrder.InsertSubmitted);
        await CheckAsync(_caller.PostAsync(path, new[] { Body("d"), Body("e") }), LifecycleOrder.Insert, LifecycleOrder.Insert);
        await CheckAsync(_caller.GetAsync($"{path}/{name}"));
        await CheckAsync(_caller.GetAsync(path));
    }

    [Theory]
    [InlineData("Journey", "goal", "J-001")]
    [InlineData("Big Machine", "title", "M-001")]
    public async Task CodesOwnWrites_RaiseTheSameEvents(string docType, string field, string name)
    {
        await CheckAsync(_caller.PostAsync($"/code/{docType}/{field}/insert/{name}", new { }), LifecycleOrder.Insert);
        await CheckAsync(_caller.PostAsync($"/code/{docType}/{field}/set-value/{name}", new { }), LifecycleOrder.Update);
        await CheckAsync(_caller.PostAsync($"/code/{docType}/{field}/submit/{name}", new { }), LifecycleOrder.Submit);
        await CheckAsync(_caller.PostAsync($"/code/{docType}/{field}/cancel/{name}", new { }), LifecycleOrder.Cancel);
        await CheckAsync(_caller.PostAsync($"/code/{docType}/{field}/delete/{name}", new { }), LifecycleOrder.Delete);
    }

    [Fact]
    public async Task Controller_ComputesFromItsDocument()
    {
        var created = await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Big Machine", new { title = "t", total = 99, parts = new[] { new { price = 1.25 }, new { price = 2.5 } } }));
        Assert.Equal(3.75m, created.Data.GetProperty("total").GetDecimal());

        var updated = await _caller.PutAsync("/api/resource/big-machine/M-001", new { parts = new[] { new { price = 0.1 } } });
        Assert.Equal(0.1m, updated.Data.GetProperty("total").GetDecimal());
    }

    private void Describe(Microservice service)
    {
        service.RegisterResource<Journey>();
        service.RegisterResources(_folder);
        service.AddControllersFrom(EmittedControllers.Of(("BigMachine", typeof(NotingController), null)));
        service.Services.AddSingleton(_log);
        foreach (var moment in Enum.GetValues<DocumentEvent>())
        {
            // Registered in another order than they run.
            service.On("Journey", moment, async (DocumentContext context, EventLog log) =>
            {
                await Task.Yield();
                log.Add("own " + moment);
            });
            service.On("Big Machine", moment, (Document document, EventLog log) => log.Add("own " + moment));
            service.On(Hooks.AnyDocType, moment, (EventLog log) => log.Add("any " + moment));
            service.On("Journey", moment, (Journey journey, EventLog log) => log.Add("own2 " + moment));
            service.On("Big Machine", moment, (EventLog log, CancellationToken ct) =>
            {
                log.Add("own2 " + moment);
                return ValueTask.CompletedTask;
            });
            service.On(Hooks.AnyDocType, moment, async Task<int> (EventLog log) =>
            {
                await Task.Yield();
                log.Add("any2 " + moment);
                return 1;
            });
        }

        service.SecureRoute("POST", "/code/{docType}/{field}/{action}/{name}", async (string docType, string field, string action, string name, TenantDb db, CancellationToken ct) =>
        {
            switch (action)
            {
                case "insert":
                    var document = db.NewDoc(docType);
                    document[field] = "by code";
                    await db.InsertAsync(document, cancellationToken: ct);
                    break;
                case "set-value":
                    await db.SetValueAsync(docType, name, field, "changed", cancellationToken: ct);
                    break;
                case "submit" or "cancel":
                    await db.UpdateAsync(docType, name, document => document.DocStatus++, cancellationToken: ct);
                    break;
                default:
                    await db.DeleteAsync(docType, name, cancellationToken: ct);
                    break;
            }
        });
    }

    private async Task CheckAsync(Task<Answer> request, params DocumentEvent[][] expected)
    {
        var answer = await request;
        Assert.True(answer.Status < 300, answer.Text);
        Assert.Equal(expected.SelectMany(moments => moments).SelectMany(moment => new[] { "class", "any", "any2", "own", "own2" }.Select(who => $"{who} {moment}")), _log.Take());
    }
}
