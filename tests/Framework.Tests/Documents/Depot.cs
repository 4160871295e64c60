using System.Text;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A service whose hooks write a line in every event and fail where a test says so.</summary>
public sealed class Depot : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    /// <summary>What hooks do beside their line, by event.</summary>
    internal Dictionary<DocumentEvent, Func<DocumentContext, Task>> Do { get; } = [];

    /// <summary>The lines of after-commit work.</summary>
    internal List<string> Committed { get; } = [];

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync(Describe, settings => settings["Database:MaxSessions"] = "2");

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal void Describe(Microservice service)
    {
        service.RegisterResource<Parcel>(options => options.CustomHandlers[Microservices.Resources.ResourceVerbs.Delete] = DeleteParcel);
        service.RegisterResource<Crate>();
        service.RegisterResource<Trace>();
        foreach (var moment in Enum.GetValues<DocumentEvent>())
        {
            foreach (var docType in (string[])["Parcel", "Crate"])
            {
                service.On(docType, moment, (DocumentContext context) => HookAsync(moment, context));
            }
        }

        foreach (var (name, answer) in Answers)
        {
            service.SecureRoute("POST", "/write/" + name, async (HttpContext http, TenantDb db, CancellationToken ct) =>
            {
                await db.InsertAsync(new Trace { Line = name }, cancellationToken: ct);
                await db.InsertAsync(new Trace { Line = name }, cancellationToken: ct);
                return answer(http);
            });
        }

        service.SecureRoute("POST", "/union/{status:int}", async Task<Results<Ok<string>, NotFound, Conflict<string>>> (int status, TenantDb db, CancellationToken ct) =>
        {
            await db.InsertAsync(new Trace { Line = "union" }, cancellationToken: ct);
            return status switch { 200 => TypedResults.Ok("kept"), 404 => TypedResults.NotFound(), _ => TypedResults.Conflict("no") };
        });
        service.SecureRoute("POST", "/api/method/write_and_fail", async (TenantDb db, CancellationToken ct) =>
        {
            await db.InsertAsync(new Trace { Line = "method" }, cancellationToken: ct);
            return Results.Json(new { message = "no" }, statusCode: 409);
        });
        service.SecureRoute("POST", "/go-on", GoOnAsync);
        service.SecureRoute("POST", "/go-on-after-broken-statement", GoOnAfterBrokenStatementAsync);
        service.SecureRoute("POST", "/transaction/{fails:bool}", async (bool fails, TenantDb db, CancellationToken ct) =>
        {
            await db.InsertAsync(new Trace { Line = "before" }, cancellationToken: ct);
            try
            {
                await db.TransactionAsync(
                    async () =>
                    {
                        await db.InsertAsync(new Parcel { Receiver = "inside" }, cancellationToken: ct);
                        await db.InsertAsync(new Trace { Line = "inside" }, cancellationToken: ct);
                        _ = fails ? throw new InvalidOperationException("on purpose") : 0;
                    },
                    ct);
            }
            catch (InvalidOperationException)
            {
                // the handler goes on without what was inside
            }

            await db.InsertAsync(new Trace { Line = "after" }, cancellationToken: ct);
            return "done";
        });
    }

    /// <summary>Everything that is stored of a tenant, as text.</summary>
    internal async Task<string> SnapshotAsync(string tenant)
    {
        var text = new StringBuilder();
        await using var connection = await Service.Database.OpenAsync();
        foreach (var table in (string[])["tabParcel", "tabParcel Item", "tabCrate", "tabTrace", "tabSeries"])
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select * from `{table}` where `tenant_id`='{tenant}' order by `name`";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                text.Append(table).Append(": ").AppendJoin('|', Enumerable.Range(0, rows.FieldCount).Select(rows.GetValue)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Answers of handlers that have written, by name.</summary>
    internal static Dictionary<string, Func<HttpContext, object?>> Answers { get; } = new(StringComparer.Ordinal)
    {
        ["ok"] = _ => Results.Ok("fine"),
        ["created"] = _ => Results.Created("/x", "fine"),
        ["text"] = _ => "fine",
        ["nothing"] = _ => null,
        ["redirect"] = _ => Results.Redirect("/x"),
        ["bad-request"] = _ => Results.BadRequest(),
        ["not-found"] = _ => Results.NotFound("no"),
        ["conflict"] = _ => TypedResults.Conflict(),
        ["unprocessable"] = _ => TypedResults.UnprocessableEntity("no"),
        ["unauthorized"] = _ => Results.Unauthorized(),
        ["forbid"] = _ => Results.Forbid(),
        ["challenge"] = _ => Results.Challenge(),
        ["status"] = _ => Results.StatusCode(503),
        ["problem"] = _ => Results.Problem("no"),
        ["validation-problem"] = _ => Results.ValidationProblem(new Dictionary<string, string[]>()),
        ["text-500"] = _ => Results.Text("no", statusCode: 500),
        ["json-422"] = _ => Results.Json(new { no = 1 }, statusCode: 422),
        ["content-404"] = _ => Results.Content("no", statusCode: 404),
        ["sets-status"] = http =>
        {
            http.Response.StatusCode = 409;
            return null;
        },
        ["throws"] = _ => throw new InvalidOperationException("on purpose"),
        ["refuses"] = _ => throw new Microservices.Errors.ValidationException("on purpose"),
    };

    private async Task HookAsync(DocumentEvent moment, DocumentContext context)
    {
        await context.Db.InsertAsync(new Trace { Line = $"{moment} {context.Document.Name}" }, ignorePermissions: true, context.CancellationToken);
        context.AfterCommit(_ =>
        {
            Committed.Add($"{moment} {context.Document.Name}");
            return Task.CompletedTask;
        });
        if (Do.TryGetValue(moment, out var act))
        {
            await act(context);
        }
    }

    private static async Task<IResult> DeleteParcel(string name, TenantDb db, CancellationToken ct)
    {
        await db.DeleteAsync("Parcel", name, cancellationToken: ct);
        return name.EndsWith("13", StringComparison.Ordinal) ? Results.Conflict("unlucky") : Results.Ok();
    }

    private static async Task<string> GoOnAsync(TenantDb db, CancellationToken ct)
    {
        await db.InsertAsync(new Trace { Line = "before" }, cancellationToken: ct);
        foreach (var crate in (Crate[])[new() { Label = "kept" }, new() { Label = "kept" }, new() { Label = "" }, new() { Label = "lost", Parcel = "nosuch" }])
        {
            try
            {
                await db.InsertAsync(crate, cancellationToken: ct);
            }
            catch (Microservices.Errors.FrameworkException)
            {
                // one of them is a duplicate, one has no label, one a wrong link
            }
        }

        await db.InsertAsync(new Trace { Line = "after" }, cancellationToken: ct);
        return "done";
    }

    private static async Task<string> GoOnAfterBrokenStatementAsync(TenantDb db, CancellationToken ct)
    {
        await db.InsertAsync(new Trace { Line = "before" }, cancellationToken: ct);
        try
        {
            await db.QueryAsync<string>($"select nosuch from {db.Table("Trace")}", ct);
        }
        catch (DatabaseException)
        {
            // a deadlock would look the same: what was written may be gone
        }

        await db.InsertAsync(new Trace { Line = "after" }, cancellationToken: ct);
        return "done";
    }
}

[DocType(Naming = "P-.#####", IsSubmittable = true)]
public sealed class Parcel : Document
{
    [Field(Required = true)]
    public string Receiver { get; set; } = "";

    [Field(AllowOnSubmit = true)]
    public string? Progress { get; set; }

    [Select("Open", "Closed", "Cancelled")]
    public string? State { get; set; }

    [Text]
    public string? Note { get; set; }

    [Table]
    public List<ParcelItem> Items { get; set; } = [];
}

[DocType("Parcel Item")]
public sealed class ParcelItem : Document
{
    [Field(Required = true)]
    public string What { get; set; } = "";

    [Link("Parcel")]
    public string? Other { get; set; }
}

[DocType(Naming = "field:label")]
public sealed class Crate : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    [Link("Parcel")]
    public string? Parcel { get; set; }
}

[DocType(Naming = "TR-.######")]
public sealed class Trace : Document
{
    public string? Line { get; set; }
}
