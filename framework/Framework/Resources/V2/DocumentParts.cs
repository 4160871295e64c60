using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microservices.Resources.Methods;
using Microservices.Resources.Methods.Client;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources.V2;

/// <summary>What hangs on a document, answered beside it on request: <c>include=comments,tags</c>. One query for each part.</summary>
internal sealed class DocumentParts(DocumentPermissions permissions, IOptions<ResourceApiOptions> options)
{
    private const string Parameter = "include";
    internal const string Permissions = "permissions";
    private const string Attachments = "attachments";
    private const string Shares = "shares";
    internal const string PartOfTags = "tags";
    private const string Comments = "comments";
    internal const string LinkTitles = "link_titles";

    /// <summary>The parts there are.</summary>
    public static readonly string[] Known = [Permissions, Attachments, Shares, PartOfTags, Comments, LinkTitles];

    /// <summary>The parts that a request asks for.</summary>
    /// <exception cref="UnknownPartException">There is no such part.</exception>
    public static string[] Wanted(HttpContext context)
    {
        string[] wanted = [.. context.Request.Query[Parameter].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return Array.Find(wanted, part => !Known.Contains(part)) is { } unknown ? throw new UnknownPartException($"Unknown include part {unknown}. Known parts: {string.Join(", ", Known)}") : wanted;
    }

    /// <summary>Writes the parts of a document that the caller may read, each under its name.</summary>
    public async Task WriteAsync(Utf8JsonWriter writer, TenantDb db, Document document, Access access, string[] parts, CancellationToken cancellationToken)
    {
        // That he reads the document is known: no list of what hangs on it has to find that out again.
        var reader = db.As(AttachedRecords.ReaderOf(db.User));
        foreach (var part in parts)
        {
            writer.WritePropertyName(part);
            switch (part)
            {
                case Permissions:
                    MethodJson.Write(writer, await ClientChecks.RightsOnAsync(db, permissions, document, access, cancellationToken), db.User);
                    break;
                case Attachments:
                    await WriteRowsAsync(writer, reader, "File", """["name","file_name","file_url","is_private"]""", [new("attached_to_doctype", document.DocType!.Name), new("attached_to_name", document.Name)], cancellationToken);
                    break;
                case Comments:
                    await WriteRowsAsync(
                        writer, reader, "Comment", """["name","creation","content","owner","comment_type","comment_by","comment_email"]""",
                        [new("reference_doctype", document.DocType!.Name), new("reference_name", document.Name), new("comment_type", "Comment")], cancellationToken);
                    break;
                case Shares:
                    MethodJson.Write(writer, await SharesAsync(db, document, cancellationToken), db.User);
                    break;
                case PartOfTags:
                    MethodJson.Write(writer, await Tags.OfAsync(db, document.DocType!.Name, document.Name, cancellationToken), db.User);
                    break;
                default:
                    MethodJson.Write(writer, await TitlesAsync(db, document, access, cancellationToken), db.User);
                    break;
            }
        }
    }

    // A list of what hangs on the document, by the rules of every such list.
    private async Task WriteRowsAsync(Utf8JsonWriter writer, TenantDb db, string docTypeName, string fields, Filter[] filters, CancellationToken cancellationToken)
    {
        var docType = db.DocTypes.Get(docTypeName);
        var request = ListRequest.Parse(
            docType,
            [
                KeyValuePair.Create("fields", new StringValues(fields)),
                KeyValuePair.Create("order_by", new StringValues("creation asc, name asc")),
                KeyValuePair.Create("filters", new StringValues(JsonSerializer.Serialize(filters.ToDictionary(filter => filter.Field, filter => filter.Value)))),
                KeyValuePair.Create("limit", new StringValues("0")),
            ],
            options.Value.MaxPageSize,
            ListRules.V1);
        await ListRows.WriteAsync(writer, db, docType, request, afterRow: null, cancellationToken);
    }

    private static async Task<IEnumerable<object>> SharesAsync(TenantDb db, Document document, CancellationToken cancellationToken)
    {
        var rows = await ClientShares.OfAsync(db, document, cancellationToken);
        return rows.Select(row => (object)new
        {
            user = row["everyone"] is true ? "everyone" : row["user"],
            read = Flag(row, "read"),
            write = Flag(row, "write"),
            submit = Flag(row, "submit"),
            share = Flag(row, "share"),
        });

        static int Flag(Row row, string name) => row[name] is true ? 1 : 0;
    }

    /// <summary>The titles of the documents that are linked to, as <c>DocType::name</c>, of DocTypes that have a title and as far as the caller may read them.</summary>
    private static async Task<SortedDictionary<string, string>> TitlesAsync(TenantDb db, Document document, Access access, CancellationToken cancellationToken)
    {
        var names = new Dictionary<DocType, HashSet<string>>();
        Gather(document);
        foreach (var table in document.DocType!.Tables.Where(access.CanRead))
        {
            foreach (Document row in table.Rows(document))
            {
                Gather(row);
            }
        }

        var titles = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (target, linked) in names)
        {
            var title = target.Definition.TitleField;
            foreach (var chunk in linked.Chunk(ListQuery.MaxListValues))
            {
                var rows = await db.GetListAsync(target.Name, new() { Fields = [StandardFields.Name, title], Filters = [new(StandardFields.Name, "in", chunk)], Limit = chunk.Length }, cancellationToken);
                foreach (var row in rows.Where(row => row.Any(cell => cell.Key == title && cell.Value is not null)))
                {
                    titles[$"{target.Name}::{row[StandardFields.Name]}"] = row[title]!.ToString()!;
                }
            }
        }

        return titles;

        void Gather(Document holder)
        {
            foreach (var link in holder.DocType!.Links.Where(access.CanRead))
            {
                if (link.Target is { Definition: { IsVirtual: false, IsTable: false, IsSingle: false } } target && !AttachedRecords.Are(target)
                    && target.Column(target.Definition.TitleField) is { } title && Access.Of(db.User, target) is var sight && sight.CanAsk(title) && (sight.Has(Rights.Select) || sight.MayHave(Rights.Read))
                    && link.Get(holder) is string { Length: > 0 } name)
                {
                    (names.TryGetValue(target, out var known) ? known : names[target] = new(StringComparer.Ordinal)).Add(name);
                }
            }
        }
    }
}
