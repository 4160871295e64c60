using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Data;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Framework.Tests.Documents;
using Microservices.Framework.Tests.Support;
using Microservices.Resources.Methods;
using Microservices.Security;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Methods;

/// <summary>Methods that take and return one of everything, on top of the shop.</summary>
internal static class Workshop
{
    public enum Size
    {
        Small,
        Large,
    }

    public sealed record Line(string Item, int Qty, decimal Rate = 1m);

    public static void Describe(Microservice app)
    {
        Shop.Describe(app);
        app.RegisterResource<JobCard>();
        app.RegisterJson("""
            {"doctype":"DocType","name":"Gauge","autoname":"prompt","fields":[{"fieldname":"reading","fieldtype":"Int"}],
             "permissions":[{"role":"System Manager","read":1,"write":1,"create":1}]}
            """);
        app.AddControllersFrom(EmittedControllers.Of(("Gauge", typeof(GaugeCode), "Gauge")));
        app.Whitelist("workshop.echo", (string? text, int? number, long? big, bool? flag, decimal? amount, double? real, Size? size, DateOnly? day, DateTime? at, Guid? id) =>
            new { text, number, big, flag, amount, real, size, day, at, id });
        app.Whitelist("workshop.total", (List<Line> lines, int times = 1) => lines.Sum(line => line.Qty * line.Rate) * times);
        app.Whitelist("workshop.tags", (string[] tags, Dictionary<string, int>? counts = null) => string.Join('|', tags) + (counts is null ? "" : "/" + string.Join('|', counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}"))));
        app.Whitelist("workshop.any", (JsonElement value, JsonObject? map = null, JsonNode? node = null) => $"{value.ValueKind}:{value}:{map?.Count}:{node?.ToJsonString()}");
        app.Whitelist("workshop.required", (string firstName, int count) => $"{firstName}{count}");
        app.Whitelist("workshop.nothing", () => { });
        app.Whitelist("workshop.null", string? () => null);
        app.Whitelist("workshop.names", (HttpContext context, int dropped = 0, string? ignorePermissions = null, string? flags = null, string? cmd = null, string? sid = null) =>
            $"{ignorePermissions}{flags}{cmd}{sid}{dropped}");
        app.Whitelist("workshop.insert", async (TenantDb db, string code) => await db.InsertAsync(new Item { ItemCode = code }));
        app.Whitelist("workshop.insert_then", async (TenantDb db, MethodResponse response, string code, string then) =>
        {
            await db.InsertAsync(new Item { ItemCode = code });
            switch (then)
            {
                case "throw":
                    throw new ValidationException("No");
                case "conflict":
                    return Results.Conflict();
                case "status":
                    response.StatusCode = 409;
                    return (object)"conflict";
                default:
                    return Results.Text("kept");
            }
        });
        app.Whitelist("workshop.guest", (CurrentUser? user) => user?.Name ?? "Guest", options => options.AllowGuest = true);
        app.Whitelist("workshop.guest_db", (TenantDb db) => db.Tenant.Id, options => options.AllowGuest = true);
        app.Whitelist("workshop.post", () => "posted", options => options.Verbs = ["POST"]);
        app.Whitelist("workshop.managers", (CurrentUser user, Tenant tenant) => $"{user.Name}@{tenant}", options => options.Roles = ["Sales User", "Manager"]);
        app.Whitelist("workshop.extra", (MethodResponse response) =>
        {
            response.Set("home_page", "/desk");
            response.StatusCode = StatusCodes.Status202Accepted;
            return 1;
        });
        app.Whitelist("workshop.csv", () => MethodResponse.Csv("list", [["name", "note"], ["a,b", "=1+1"], [1.5m, "say \"hi\""]]));
        app.Whitelist("workshop.file", () => MethodResponse.Download("Grüße.txt", "hi"u8.ToArray(), "text/plain"));
        app.Whitelist("workshop.redirect", () => MethodResponse.Redirect("/desk"));
        app.Whitelist("workshop.upload", async (IFormFile file, string? note) =>
        {
            using var reader = new StreamReader(file.OpenReadStream());
            return $"{file.FileName}:{await reader.ReadToEndAsync()}:{note}";
        });
        app.Whitelist("workshop.tell", (Messages messages, bool fail = false) =>
        {
            messages.Add("Grüß \"Gott\"", indicator: "green", isAlert: true);
            return fail ? throw new ValidationException("Not today") : "told";
        });
        app.Whitelist("workshop.list", (TenantDb db) => db.GetListAsync("Customer", new() { Fields = ["name", "territory", "since", "credit_limit"] }));
        app.Whitelist("workshop.bug", string () => throw new InvalidOperationException("secret"));
        app.On("Customer", DocumentEvent.AfterInsert, (Messages messages) => messages.Add("Welcome"));
        app.SecureRoute("POST", "/api/method/workshop.route", (CurrentUser user) => new { user = user.Name });
    }
}
