#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.Documents;

/// <summary>What hooks and controllers are given, what they may change, and what stops the start.</summary>
public sealed class HookTests
{
    private const string Path = "/api/resource/Journey";

    [Fact]
    public async Task BeforeUpdate_SeesOldAndNew()
    {
        var log = new EventLog();
        await using var service = await StartAsync(service =>
        {
            service.On("Journey", DocumentEvent.BeforeUpdate, (DocumentContext context, Journey journey) =>
                log.Add($"{context.Before!["goal"]}>{journey.Goal} {context.HasChanged("goal")} {context.HasChanged("state")} {context.HasChanged("miles")} {context.Before.Rows("stops").Count}>{journey.Stops.Count} {context.User.Name}"));
            service.On("Journey", DocumentEvent.BeforeInsert, (DocumentContext context) => log.Add($"{context.Before is null} {context.HasChanged("goal")} {context.HasChanged("state")}"));
            service.On("Journey", DocumentEvent.AfterDelete, (DocumentContext context) => log.Add($"{context.Before!.Name} {context.Document.Name}"));
        });
        var caller = service.As("acme");
        await Isolation.Bank.Created(caller.PostAsync(Path, new { goal = "Rome", stops = new[] { new { place = "Bern" } } }));
        await caller.PutAsync($"{Path}/J-001", new { goal = "Oslo", miles = 0, stops = new[] { new { place = "Kiel" }, new { place = "Ystad" } } });
        await caller.DeleteAsync($"{Path}/J-001");

        Assert.Equal(["True True True", "Rome>Oslo True False False 1>2 ann@example.com", "J-001 J-001"], log.Take());
    }

    [Fact]
    public async Task ChangingBefore_HasNoEffect()
    {
        await using var service = await StartAsync(service =>
            service.On("Journey", DocumentEvent.Validate, (DocumentContext context) =>
            {
                if (context.Before is { } before)
                {
                    (before.Name, before["goal"], before["state"]) = ("J-002", "Oslo", "Done");
                    before["modified"] = new DateTime(2001, 1, 1);
                    context.Document["miles"] = 5;
                }
            }));
        var caller = service.As("acme");
        await caller.PostAsync(Path, new[] { new { goal = "Rome" }, new { goal = "Victim" } });

        Assert.Equal(200, (await caller.PutAsync($"{Path}/J-001", new { goal = "Oslo" })).Status);
        var stored = (await caller.GetAsync($"{Path}/J-001")).Data;
        Assert.Equal("Oslo", stored.GetProperty("goal").GetString());
        Assert.Equal("Planned", stored.GetProperty("state").GetString());
        Assert.Equal(5, stored.GetProperty("miles").GetInt32());
        Assert.Equal("Victim", (await caller.GetAsync($"{Path}/J-002")).Data.GetProperty("goal").GetString());
    }

    [Fact]
    public async Task HookThatRenamesItsDocument_ChangesAndDeletesNoOther()
    {
        await using var service = await StartAsync(service =>
        {
            service.On("Journey", DocumentEvent.BeforeSave, (DocumentContext context) => context.Document.Name = context.Before is null ? context.Document.Name : "J-002");
            service.On("Journey", DocumentEvent.BeforeDelete, (Document document) => document.Name = "J-002");
        });
        var caller = service.As("acme");
        await caller.PostAsync(Path, new[] { new { goal = "Mine", stops = new[] { new { place = "mine" } } }, new { goal = "Victim", stops = new[] { new { place = "victim" } } } });

        Assert.Equal(200, (await caller.PutAsync($"{Path}/J-001", new { goal = "Changed", stops = new[] { new { place = "a" }, new { place = "b" } } })).Status);
        Assert.Equal("Changed", (await caller.GetAsync($"{Path}/J-001")).Data.GetProperty("goal").GetString());
        Assert.Equal(202, (await caller.DeleteAsync($"{Path}/J-001")).Status);
        Assert.Equal(404, (await caller.GetAsync($"{Path}/J-001")).Status);
        Assert.Equal("victim", Assert.Single((await caller.GetAsync($"{Path}/J-002")).Data.GetProperty("stops").EnumerateArray()).GetProperty("place").GetString());
        Assert.Equal(1, await service.Database.ScalarAsync<int>("select count(*) from `tabStop`"));
    }

    [Fact]
    public async Task HookThatSubmitsInTheMiddleOfAnUpdate_IsADefect()
    {
        await using var service = await StartAsync(service => service.On("Journey", DocumentEvent.Validate, (DocumentContext context, Journey journey) =>
            journey.DocStatus = context.Before is null ? journey.DocStatus : DocStatus.Submitted));
        var caller = service.As("acme");
        await caller.PostAsync(Path, new { goal = "Rome" });

        Assert.Equal(500, (await caller.PutAsync($"{Path}/J-001", new { goal = "Oslo" })).Status);
        Assert.Equal(0, (await caller.GetAsync($"{Path}/J-001")).Data.GetProperty("docstatus").GetInt32());
    }

    [Fact]
    public async Task HooksParameters_AreOfTheOperation()
    {
        var log = new EventLog();
        await using var service = await StartAsync(service =>
        {
            service.On("Journey", DocumentEvent.AfterInsert, (CurrentUser user, Tenant tenant, TenantDb db, Document document, Journey journey, DocumentContext context, ILogger<HookTests> logger, CancellationToken ct) =>
                log.Add($"{user.Name} {tenant} {db.Tenant} {ReferenceEquals(document, journey)} {ReferenceEquals(context.Db, db)} {logger is not null} {ct.CanBeCanceled}"));
            service.SecureRoute("POST", "/elsewhere", async (TenantDb db, CancellationToken ct) => await db.InTenant(new Tenant("other"), "test").InsertAsync(new Journey { Goal = "g" }, cancellationToken: ct));
        });

        await Isolation.Bank.Created(service.As("acme").PostAsync(Path, new { goal = "Rome" }));
        Assert.Equal(200, (await service.As("acme").PostAsync("/elsewhere", new { })).Status);

        Assert.Equal(["ann@example.com acme acme True True True True", "Administrator other other True True True True"], log.Take());
    }

    [Fact]
    public void HandlerThatReturnsAnUnawaitableTask_IsRefused()
    {
        var service = Microservice.Create("test");

        Assert.Throws<ArgumentException>(() => service.On("Journey", DocumentEvent.Validate, () => ValueTask.FromResult(5)));
    }

    [Fact]
    public async Task HookOfAnUnknownDocType_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<DocTypeException>(() => StartAsync(service => service.On("Jurney", DocumentEvent.Validate, () => { })));

        Assert.Contains("Jurney", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HookAfterTheStart_IsRefused()
    {
        Microservice? described = null;
        await using var service = await StartAsync(service => described = service);

        Assert.Throws<InvalidOperationException>(() => described!.On("Journey", DocumentEvent.Validate, () => { }));
    }

    public static TheoryData<string, string?, string?, string> BadControllers => new()
    {
        { "Nothing", null, null, "serves no DocType" },
        { "NothingController", null, null, "serves no DocType" },
        { "Any", "No Such Thing", null, "serves no DocType" },
        { "Journey", null, null, "has a class of its own" },
        { "Any", "Journey", null, "has a class of its own" },
        { "Plain", null, "PlainController", "has two controllers" },
    };

    [Theory]
    [MemberData(nameof(BadControllers))]
    public async Task ControllerThatFitsNoDocType_StopsTheStart(string name, string? docType, string? second, string message)
    {
        var controllers = EmittedControllers.Of([(name, typeof(SilentController), docType), .. second is null ? [] : new[] { (second, typeof(SilentController), (string?)null) }]);

        var exception = await Assert.ThrowsAsync<DocTypeException>(() => StartAsync(service => service.AddControllersFrom(controllers), withPlain: true));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsNotRegistered_StopsTheStart()
    {
        var ofController = await Assert.ThrowsAsync<DocTypeException>(() => StartAsync(
            service => service.AddControllersFrom(EmittedControllers.Of(("PlainController", typeof(NotingController), null))), withPlain: true, withLog: false));
        Assert.Contains("PlainController", ofController.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(EventLog), ofController.Message, StringComparison.Ordinal);

        var ofHook = await Assert.ThrowsAsync<DocTypeException>(() => StartAsync(
            service => service.On("Plain", DocumentEvent.OnTrash, (Document document, EventLog log) => log.Add(document.Name)), withPlain: true, withLog: false));
        Assert.Contains(nameof(EventLog), ofHook.Message, StringComparison.Ordinal);
        Assert.Contains("OnTrash of Plain", ofHook.Message, StringComparison.Ordinal);
    }

    private static async Task<TestService> StartAsync(Action<Microservice> describe, bool withPlain = false, bool withLog = true)
    {
        var file = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"plain-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{"doctype":"DocType","name":"Plain","fields":[{"fieldname":"title","fieldtype":"Data"}],"permissions":[{"role":"System Manager","read":1,"create":1}]}""");
        try
        {
            return await TestService.StartAsync(service =>
            {
                service.RegisterResource<Journey>();
                if (withPlain)
                {
                    service.RegisterResources(file);
                }

                if (withLog)
                {
                    service.Services.AddSingleton(new EventLog());
                }

                describe(service);
            });
        }
        finally
        {
            File.Delete(file);
        }
    }
}
