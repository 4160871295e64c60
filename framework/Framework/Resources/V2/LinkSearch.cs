using System.Text.Json;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Resources.Lists;
using Microservices.Resources.Methods.Client;
using Microservices.Security;
using Microsoft.Extensions.Options;

namespace Microservices.Resources.V2;

/// <summary>A document that a link may lead to.</summary>
/// <param name="Value">Its name.</param>
/// <param name="Label">What people call it: its title, or its name.</param>
/// <param name="Description">What its search fields say beside.</param>
internal sealed record LinkChoice(string Value, string Label, string Description);

/// <summary>
/// Finds documents for a link by a part of their name, title or search fields, among those that the caller may select. What a Check <c>enabled</c> or
/// <c>disabled</c> takes out of use is left out, as in Frappe.
/// </summary>
internal sealed class LinkSearch(ServedDocTypes served, IOptions<ResourceApiOptions> options)
{
    private const int DefaultLimit = 10;
    private const string Enabled = "enabled";
    private const string Disabled = "disabled";

    /// <summary><c>frappe.desk.search.search_link</c>.</summary>
    public Task<IReadOnlyList<LinkChoice>> SearchLinkAsync(TenantDb db, string doctype, string txt = "", JsonElement? filters = null, int pageLength = 0, int start = 0, CancellationToken cancellationToken = default)
    {
        var conditions = ClientLists.Says(filters) ? filters!.Value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : filters.Value.GetRawText() : "";
        return FindAsync(db, served.Get(doctype, ResourceVerbs.List).DocType, txt, conditions, ListRules.V1, start, pageLength, cancellationToken);
    }

    /// <summary>The documents, in the order of a list.</summary>
    /// <param name="db">The database, with the caller.</param>
    /// <param name="docType">What is searched.</param>
    /// <param name="text">A part of what they are called; <c>%</c> and <c>_</c> are those of <c>like</c>. Empty: all.</param>
    /// <param name="filters">Further conditions, as those of a list.</param>
    /// <param name="rules">Which API is asked.</param>
    /// <param name="start">Documents to leave out first.</param>
    /// <param name="limit">Documents at most; 0 is ten.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <exception cref="Errors.DataException">The filters are not of their shapes.</exception>
    /// <exception cref="Errors.PermissionException">The caller may select nothing, or not ask about a field.</exception>
    public async Task<IReadOnlyList<LinkChoice>> FindAsync(
        TenantDb db, DocType docType, string text, string filters, ListRules rules, int start, int limit, CancellationToken cancellationToken)
    {
        var parsed = new FilterParser(docType, "filters", rules).Read(filters);
        var access = Access.Of(db.User, docType);
        var title = Column(docType.Definition.TitleField);
        List<DocField> columns = [.. new[] { docType.NameField, title }.Concat(docType.Definition.SearchFields.Select(Column)).OfType<DocField>().Distinct()];
        var rows = await db.GetListAsync(
            docType.Name,
            new()
            {
                Fields = [.. columns.Select(column => column.Name)],
                Filters = [.. parsed.Filters, .. InUse(docType, parsed)],
                Where = parsed.Where,
                OrFilters = text.Length == 0 ? [] : [.. columns.Where(column => column.Kind is ValueKind.Text).Select(column => new Filter(column.Name, "like", $"%{text}%"))],
                Offset = Math.Max(start, 0),
                Limit = Math.Min(limit > 0 ? limit : DefaultLimit, options.Value.MaxPageSize),
                Rules = rules,
            },
            cancellationToken);
        return [.. rows.Select(row => Choice(row, title))];

        DocField? Column(string name) => docType.Column(name) is { } column && access.CanAsk(column) ? column : null;
    }

    // Whoever may not see the fields is shown no more for that.
    private static IEnumerable<Filter> InUse(DocType docType, FilterParser given)
    {
        var asked = given.Filters.Concat(given.Where?.Conditions ?? []).Select(filter => filter.Field).ToHashSet(StringComparer.Ordinal);
        return from field in (string[])[Enabled, Disabled]
               where !asked.Contains(field) && docType.Column(field) is { Definition.Type: FieldType.Check }
               select new Filter(field, field == Enabled) { IsOwn = true };
    }

    private static LinkChoice Choice(Row row, DocField? title)
    {
        var name = row[StandardFields.Name]!.ToString()!;
        var label = title is not null && row[title.Name] is { } called && called.ToString() is { Length: > 0 } text ? text : name;
        var others = row.Where(cell => cell.Key != StandardFields.Name && cell.Key != title?.Name).Select(cell => CsvWriter.Text(cell.Value)).Where(value => value.Length > 0);
        return new LinkChoice(name, label, string.Join(", ", others));
    }
}
