using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Languages;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Resources.V2;

/// <summary>Changes or deletes several documents in one request. Each item is kept or undone for itself; the answer tells of each.</summary>
internal sealed class BulkOperations(DocumentStore store, IOptions<ResourceApiOptions> options)
{
    public const string Delete = "bulk_delete";
    public const string Update = "bulk_update";

    public async Task AnswerAsync(HttpContext context, Resource resource, string operation)
    {
        var isDelete = operation == Delete;
        ResourceEndpoints.RequireOwn(context, resource, isDelete ? ResourceVerbs.Delete : ResourceVerbs.Update, isCollection: true);
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        Access.Of(db.User, resource.DocType).Require(isDelete ? Rights.Delete : Rights.Write);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var key = isDelete ? "names" : "docs";
        if (body.RootElement.ValueKind is not JsonValueKind.Object || !body.RootElement.TryGetProperty(key, out var list) || list.ValueKind is not JsonValueKind.Array)
        {
            throw new DataException($"{operation} takes a list of {(Message)key}");
        }

        DeprecationNotice.OfResource(context, resource.DocType);
        DeprecationNotice.OfBody(context, resource.DocType, list);
        var items = list.EnumerateArray().ToList();
        if (items.Count > options.Value.MaxBulkItems)
        {
            RunLater(operation, items.Count);
        }

        var translator = Translator.Of(context);
        var done = new List<string>();
        var failed = new List<(string? Name, string Error)>();
        await db.TransactionAsync(
            async () =>
            {
                foreach (var item in items)
                {
                    var name = NameOf(item, isDelete);
                    try
                    {
                        await db.TransactionAsync(() => ApplyAsync(db, resource, item, name, isDelete, context.RequestAborted), context.RequestAborted);
                        done.Add(name!);
                    }
                    catch (FrameworkException exception) when (exception.StatusCode < StatusCodes.Status500InternalServerError)
                    {
                        failed.Add((name, translator.Say(exception.Text)));
                    }
                }
            },
            context.RequestAborted);
        await WriteAsync(context, isDelete ? "deleted" : "updated", items.Count, done, failed);
    }

    /// <summary>What happens to more items than one request takes: the place of a job that takes them over.</summary>
    /// <exception cref="DataException">Always: there is none.</exception>
    private void RunLater(string operation, int items) =>
        throw new DataException($"{operation} takes at most {options.Value.MaxBulkItems} items in one request, not {items}: send them in parts");

    private async Task ApplyAsync(TenantDb db, Resource resource, JsonElement item, string? name, bool isDelete, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new DataException($"An item names its document: {(Message)(isDelete ? "a text" : "an object with name")}");
        }

        if (isDelete)
        {
            await store.DeleteAsync(db, resource.DocType, name, ignorePermissions: false, cancellationToken);
            return;
        }

        var access = Access.Of(db.User, resource.DocType);
        await store.UpdateAsync(
            db,
            resource.DocType,
            name,
            document => DocumentBinder.Apply(document, item, access, resource.IsStrict),
            DocumentBinder.ModifiedOf(resource.DocType, item),
            ignorePermissions: false,
            cancellationToken);
    }

    private static string? NameOf(JsonElement item, bool isDelete) =>
        isDelete ? item.ValueKind is JsonValueKind.String or JsonValueKind.Number ? item.ToString() : null
        : item.ValueKind is JsonValueKind.Object && item.TryGetProperty(StandardFields.Name, out var name) && name.ValueKind is JsonValueKind.String or JsonValueKind.Number ? name.ToString()
        : null;

    private static async Task WriteAsync(HttpContext context, string doneKey, int total, List<string> done, List<(string? Name, string Error)> failed)
    {
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        var writer = response.Writer;
        writer.WriteStartObject();
        writer.WriteStartObject(JsonResponse.Data);
        writer.WriteStartArray(doneKey);
        foreach (var name in done)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("failed");
        foreach (var (name, error) in failed)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("error", error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("total", total);
        writer.WriteNumber("success_count", done.Count);
        writer.WriteNumber("failure_count", failed.Count);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await response.CompleteAsync();
    }
}
