using System.Text.Json;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary><c>frappe.client</c>: what a caller may do, and whether a link leads somewhere.</summary>
internal sealed class ClientChecks(ServedDocTypes served, ClientLists lists, DocumentPermissions permissions)
{
    private static readonly Rights[] s_rights = [.. Enum.GetValues<Rights>().Where(right => right is not (Rights.None or Rights.All))];

    /// <summary>Whether the caller has a right on a document; false, too, when it is not there.</summary>
    public async Task<object> HasPermissionAsync(TenantDb db, string doctype, string docname, string permType = "read", CancellationToken cancellationToken = default)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var right = Array.Find(s_rights, right => right.ToString().Equals(permType, StringComparison.OrdinalIgnoreCase)) is var found and not Rights.None
            ? found
            : throw new ValidationException($"{permType} is no permission");
        return new { has_permission = await DocumentAccess.MayAsync(db, docType.Name, docname, right, cancellationToken) };
    }

    /// <summary>Every right, as 1 or 0, and those that the caller has only as the owner.</summary>
    public async Task<object> GetDocPermissionsAsync(TenantDb db, string doctype, string docname, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        var (document, access) = await ReadableDocuments.LoadAsync(db, docType, docname, Rights.Read, cancellationToken);
        return new { permissions = await RightsOnAsync(db, permissions, document, access, cancellationToken) };
    }

    /// <summary>Every right on a document that was found, as 1 or 0, and those that the caller has only as the owner.</summary>
    public static async Task<Dictionary<string, object>> RightsOnAsync(TenantDb db, DocumentPermissions permissions, Document document, Access access, CancellationToken cancellationToken)
    {
        var answer = new Dictionary<string, object>();
        foreach (var right in s_rights)
        {
            answer[NameOf(right)] = (await permissions.DecideAsync(db, right, document, cancellationToken)).IsAllowed ? 1 : 0;
        }

        answer["if_owner"] = s_rights.Where(right => access.Has(right) && access.IsOwnerOnly(right)).ToDictionary(NameOf, _ => 1);
        return answer;
    }

    /// <summary>The amendment of a document, or nothing.</summary>
    public async Task<object?> IsDocumentAmendedAsync(TenantDb db, string doctype, string docname, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        if (docType.Column(ImpliedFields.AmendedFrom) is null)
        {
            return null;
        }

        var filters = JsonSerializer.SerializeToElement(new Dictionary<string, string> { [ImpliedFields.AmendedFrom] = docname });
        return await lists.FirstAsync(db, docType, filters, parent: null, cancellationToken);
    }

    /// <summary>Whether a link leads somewhere, with the stored name and further fields; <c>{"name": null}</c> when it does not.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> ValidateLinkAsync(TenantDb db, string doctype, string docname, JsonElement? fields, CancellationToken cancellationToken) =>
        await FetchAsync(db, doctype, docname, fields, filters: null, cancellationToken) ?? new Dictionary<string, object?> { [StandardFields.Name] = null };

    /// <summary>The same, as later versions ask: an empty object when it leads nowhere, or nowhere that the caller may go.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> ValidateLinkAndFetchAsync(
        TenantDb db, string doctype, string docname, JsonElement? fieldsToFetch, JsonElement? filters, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(db, doctype, docname, fieldsToFetch, filters, cancellationToken) ?? new Dictionary<string, object?>();
        }
        catch (PermissionException)
        {
            return new Dictionary<string, object?>();
        }
    }

    private async Task<IReadOnlyDictionary<string, object?>?> FetchAsync(TenantDb db, string doctype, string docname, JsonElement? fields, JsonElement? filters, CancellationToken cancellationToken)
    {
        var docType = served.Get(doctype, ResourceVerbs.Get).DocType;
        return docname.Length == 0 ? throw new ValidationException("docname is missing")
            : await lists.ByNameAsync(db, docType, docname, [StandardFields.Name, .. ClientLists.Names(fields, "fields").Where(field => field != StandardFields.Name)], filters, cancellationToken);
    }

    private static string NameOf(Rights right) => right.ToString().ToLowerInvariant();
}
