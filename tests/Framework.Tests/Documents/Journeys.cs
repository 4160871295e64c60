using System.Collections.Concurrent;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;

namespace Microservices.Framework.Tests.Documents;

/// <summary>What happened, in order.</summary>
public sealed class EventLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    public void Add(string line) => _lines.Enqueue(line);

    public string[] Take()
    {
        var lines = _lines.ToArray();
        _lines.Clear();
        return lines;
    }
}

/// <summary>A DocType whose class notes every event.</summary>
[DocType(Naming = "J-.###", IsSubmittable = true)]
public sealed class Journey : Document
{
    [Field(Required = true)]
    public string Goal { get; set; } = "";

    [Field(AllowOnSubmit = true)]
    public string? Diary { get; set; }

    [Select("Planned", "Done")]
    public string? State { get; set; }

    [Field(NonNegative = true)]
    public int Miles { get; set; }

    [Link("Journey"), Field(AllowOnSubmit = true)]
    public string? Next { get; set; }

    [Table]
    public List<Stop> Stops { get; set; } = [];

    [Field(AllowOnSubmit = true), Table]
    public List<Stop> Detours { get; set; } = [];

    protected override ValueTask BeforeInsert(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeNaming(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeValidate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask Validate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeSave(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeUpdateAfterSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeCancel(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeDelete(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnTrash(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterInsert(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnUpdateAfterSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnCancel(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnChange(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterDelete(DocumentContext context) => NoteAsync(context);

    private static async ValueTask NoteAsync(DocumentContext context, [System.Runtime.CompilerServices.CallerMemberName] string moment = "")
    {
        await Task.Yield();
        ((EventLog)context.Services.GetService(typeof(EventLog))!).Add("class " + moment);
    }
}

[DocType]
public sealed class Stop : Document
{
    [Field(Required = true)]
    public string Place { get; set; } = "";

    public int Nights { get; set; }
}

/// <summary>A controller that notes every event; its services come by its constructor.</summary>
public abstract class NotingController(EventLog log, TenantDb db) : DocumentController
{
    protected override ValueTask BeforeInsert(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeNaming(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeValidate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask Validate(DocumentContext context)
    {
        context.Document["total"] = context.Document.Rows("parts").Sum(part => (decimal)part["price"]!);
        return NoteAsync(context);
    }

    protected override ValueTask BeforeSave(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeUpdateAfterSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeCancel(DocumentContext context) => NoteAsync(context);

    protected override ValueTask BeforeDelete(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnTrash(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterInsert(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterUpdate(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnUpdateAfterSubmit(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnCancel(DocumentContext context) => NoteAsync(context);

    protected override ValueTask OnChange(DocumentContext context) => NoteAsync(context);

    protected override ValueTask AfterDelete(DocumentContext context) => NoteAsync(context);

    private async ValueTask NoteAsync(DocumentContext context, [System.Runtime.CompilerServices.CallerMemberName] string moment = "")
    {
        await Task.Yield();
        Assert.Equal(context.Db.Tenant, db.Tenant);
        log.Add("class " + moment);
    }
}

/// <summary>A controller without a constructor of its own.</summary>
public abstract class SilentController : DocumentController;
