using Microservices.Resources.Methods.Client;
using Microservices.Resources.V2;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>A method that the framework brings to every service.</summary>
/// <param name="Name">What clients call.</param>
/// <param name="Handler">The code.</param>
/// <param name="Options">Verbs and guests.</param>
internal sealed record SharedMethod(string Name, Delegate Handler, MethodOptions Options);

/// <summary>The methods that the framework brings to every service. A gateway picks the service by the DocType that a call names.</summary>
internal static class SharedMethods
{
    private static readonly string[] s_reading = new MethodOptions().Verbs.ToArray();
    private static readonly string[] s_writing = ["POST", "PUT"];

    /// <summary>Registers the code of all of them.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<DocumentMethodEndpoints>();
        services.AddSingleton<ServedDocTypes>();
        services.AddSingleton<ClientLists>();
        services.AddSingleton<ClientReads>();
        services.AddSingleton<ClientRows>();
        services.AddSingleton<ClientWrites>();
        services.AddSingleton<ClientChecks>();
        services.AddSingleton<ClientTags>();
        services.AddSingleton<ClientRestore>();
        services.AddSingleton<PermissionExplanation>();
        services.AddSingleton<ClientShares>();
    }

    /// <summary>All of them. <c>login</c>, <c>logout</c> and what else belongs to users is the central site's.</summary>
    /// <param name="services">The service.</param>
    /// <param name="facts">What the service says about itself.</param>
    public static IEnumerable<SharedMethod> All(IServiceProvider services, ServiceFacts facts) =>
    [
        Guest("ping", () => "pong"),
        Guest("frappe.client.get_time_zone", () => new { time_zone = "UTC" }),
        Guest("frappe.realtime.get_user_info", (CurrentUser? user) => new { user = user?.Name ?? "Guest", user_type = user is null ? "Website User" : "System User", installed_apps = new[] { facts.Name } }),
        new("frappe.auth.get_logged_user", (CurrentUser user) => user.Name, new()),
        new("frappe.utils.change_log.get_versions", (CurrentUser _) => new Dictionary<string, object> { [facts.Name] = new { title = facts.Name, description = "", version = facts.Version, branch = "" } }, new()),
        Method("run_doc_method", services.GetRequiredService<DocumentMethodEndpoints>().RunDocMethodAsync, "GET", "POST"),
        .. Reads(services.GetRequiredService<ClientReads>(), services.GetRequiredService<ClientLists>(), services.GetRequiredService<ClientChecks>(), services.GetRequiredService<LinkSearch>()),
        .. Writes(services.GetRequiredService<ClientWrites>()),
        new("permissions.explain", services.GetRequiredService<PermissionExplanation>().ExplainAsync, PermissionExplanation.Options),
        .. Shares(services.GetRequiredService<ClientShares>()),
        .. TagMethods(services.GetRequiredService<ClientTags>()),
        Method("frappe.core.doctype.deleted_document.deleted_document.restore", services.GetRequiredService<ClientRestore>().RestoreAsync, s_writing),
    ];

    private static SharedMethod[] Reads(ClientReads reads, ClientLists lists, ClientChecks checks, LinkSearch search) =>
    [
        Method("frappe.client.get_list", lists.GetList, s_reading),
        Method("frappe.client.get_count", lists.GetCountAsync, s_reading),
        Method("frappe.client.get", reads.GetAsync, s_reading),
        Method("frappe.client.get_value", reads.GetValueAsync, s_reading),
        Method("frappe.client.get_single_value", reads.GetSingleValueAsync, s_reading),
        Method("frappe.client.get_password", reads.GetPasswordAsync, s_reading),
        Method("frappe.client.has_permission", checks.HasPermissionAsync, s_reading),
        Method("frappe.client.get_doc_permissions", checks.GetDocPermissionsAsync, s_reading),
        Method("frappe.client.is_document_amended", checks.IsDocumentAmendedAsync, s_reading),
        Method("frappe.client.validate_link", checks.ValidateLinkAsync, s_reading),
        Method("frappe.client.validate_link_and_fetch", checks.ValidateLinkAndFetchAsync, "GET", "POST"),
        Method("frappe.desk.search.search_link", search.SearchLinkAsync, s_reading),
    ];

    private static SharedMethod[] Writes(ClientWrites writes) =>
    [
        Method("frappe.client.insert", writes.InsertAsync, s_writing),
        Method("frappe.client.insert_many", writes.InsertManyAsync, s_writing),
        Method("frappe.client.save", writes.SaveAsync, s_writing),
        Method("frappe.client.submit", writes.SubmitAsync, s_writing),
        Method("frappe.client.cancel", writes.CancelAsync, s_writing),
        Method("frappe.client.set_value", writes.SetValueAsync, s_writing),
        Method("frappe.client.rename_doc", writes.RenameDocAsync, s_writing),
        Method("frappe.client.bulk_update", writes.BulkUpdateAsync, s_writing),
        Method("frappe.client.delete", writes.DeleteAsync, "DELETE", "POST"),
    ];

    private static SharedMethod[] Shares(ClientShares shares) =>
    [
        Method("frappe.share.add", shares.AddAsync, s_writing),
        Method("frappe.share.set_permission", shares.SetPermissionAsync, s_writing),
        Method("frappe.share.get_users", shares.GetUsersAsync, s_reading),
    ];

    private static SharedMethod[] TagMethods(ClientTags tags) =>
    [
        Method("frappe.desk.doctype.tag.tag.add_tag", tags.AddAsync, s_writing),
        Method("frappe.desk.doctype.tag.tag.remove_tag", tags.RemoveAsync, s_writing),
    ];

    private static SharedMethod Guest(string name, Delegate handler) => new(name, handler, new() { AllowGuest = true });

    private static SharedMethod Method(string name, Delegate handler, params string[] verbs) => new(name, handler, new() { Verbs = verbs });
}

/// <summary>What a service says about itself.</summary>
internal sealed record ServiceFacts(string Name, string Version);
