using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microservices.Resources.Lists;

/// <summary>Answers lists, of both APIs, as JSON or as CSV.</summary>
internal sealed class ListEndpoint(IOptions<ResourceApiOptions> options, IHostEnvironment environment)
{
    /// <summary>Answers one list.</summary>
    public Task AnswerAsync(HttpContext context, TenantDb db, DocType docType, ListRules rules)
    {
        var settings = options.Value;
        // A DocType of rows has the permissions of its parent's, which the parameters tell.
        var canExport = Access.Of(db.User, ExportedBy(context, db, docType)).Has(Rights.Export);
        var request = ListRequest.Parse(docType, context.Request.Query, canExport ? Math.Max(settings.MaxExportRows, settings.MaxPageSize) : settings.MaxPageSize, rules);
        DeprecationNotice.OfList(context, docType, request.Query);
        return IsCsv(context, request)
            ? CsvExport.AnswerAsync(context, db, docType, request, settings.MaxExportRows)
            : AnswerJsonAsync(context, db, docType, NeedsMemory(request) ? request.Capped(settings.MaxPageSize) : request);
    }

    private async Task AnswerJsonAsync(HttpContext context, TenantDb db, DocType docType, ListRequest request)
    {
        using var response = new JsonResponse(context, StatusCodes.Status200OK);
        var writer = response.Writer;
        writer.WriteStartObject();
        writer.WritePropertyName(JsonResponse.Data);
        var outcome = await ListRows.WriteAsync(writer, db, docType, request, response.FlushIfLargeAsync, context.RequestAborted);
        var isV2 = request.Query.Rules is ListRules.V2;
        if (request.IsCapped || isV2)
        {
            writer.WriteBoolean("has_next_page", outcome.HasNextPage);
        }

        if (request.Query.Cursor is not null)
        {
            writer.WriteString("next_cursor", outcome.NextCursor);
        }

        if (request.WithTotal)
        {
            await WriteTotalAsync(writer, db, docType, request.Query, isV2, context.RequestAborted);
        }

        if (request.Debug && environment.IsDevelopment())
        {
            writer.WriteString("_debug_messages", JsonSerializer.Serialize<string[]>([outcome.Sql]));
        }

        writer.WriteEndObject();
        await response.CompleteAsync();
    }

    private async Task WriteTotalAsync(Utf8JsonWriter writer, TenantDb db, DocType docType, ListQuery query, bool isV2, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxTotal;
        var total = await ListCount.CountAsync(db, docType, query, most + 1, distinct: false, cancellationToken);
        writer.WriteNumber(isV2 ? "count" : "total", Math.Min(total, most));
        if (isV2 || total > most)
        {
            writer.WriteBoolean(isV2 ? "count_capped" : "total_capped", total > most);
        }
    }

    // Rows that wait for their child rows or linked documents wait in memory.
    private static bool NeedsMemory(ListRequest request) => request.Expand.Count > 0 || request.Query.Fields.Any(field => field.AsSpan().TrimStart() is ['{', ..]);

    private static bool IsCsv(HttpContext context, ListRequest request) =>
        request.Format == "csv" || (request.Format.Length == 0 && context.Request.Headers.Accept.ToString().TrimStart().StartsWith("text/csv", StringComparison.OrdinalIgnoreCase));

    private static DocType ExportedBy(HttpContext context, TenantDb db, DocType docType) =>
        docType.Definition.IsTable ? db.DocTypes.Find(context.Request.Query["parent"].ToString()) ?? docType : docType;
}
