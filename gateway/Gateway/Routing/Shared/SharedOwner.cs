using Gateway.Discovery;
using Gateway.Errors;

namespace Gateway.Routing.Shared;

/// <summary>Finds the service that a call for what several services have is meant for, by the DocType that the call names. Only known services are ever found.</summary>
internal static class SharedOwner
{
    private static readonly string[] s_docTypes =
        ["doctype", "dt", "doc.doctype", "docs.doctype", "doclist.doctype", "document.doctype", "data.doctype", "reference_doctype", "share_doctype"];

    private static readonly string[] s_parents = ["doc.parenttype", "docs.parenttype", "parenttype", "parent"];

    private static readonly string[] s_names =
        ["name", "docname", "dn", "old_name", "doc.name", "docs.name", "docs.docname", "doclist.name", "document.name", "filters.name", "filters"];

    // What documents of shared DocTypes call the DocType of the document that they hang on.
    private static readonly string[] s_references = ["ref_doctype", "reference_doctype", "attached_to_doctype", "share_doctype", "document_type", "deleted_doctype", "allow"];

    private static readonly string[] s_holders = ["", "filters.", "doc.", "docs.", "doclist.", "document.", "data."];

    /// <summary>The owner of a call of a shared method, or what to answer in its place.</summary>
    public static (Service? Service, GatewayError? Error) OfMethod(RoutingTable table, string method, SharedMethod shared, RequestFacts facts)
    {
        var docType = facts.First(s_docTypes);
        return !shared.ByDocType || shared.Services.Count == 1 ? (shared.Services[0], null)
            : OfFile(table, facts) is { } keeper ? (keeper, null)
            : docType.Length == 0 ? (null, GatewayError.DocTypeMissing(method))
            : OfDocType(table, docType, facts.First(s_names), facts);
    }

    /// <summary>The owner of a call that names a DocType, or what to answer in its place.</summary>
    /// <param name="table">Who has what.</param>
    /// <param name="docType">The DocType, or its slug.</param>
    /// <param name="name">The document; empty when the call names none.</param>
    /// <param name="facts">What else the call says.</param>
    public static (Service? Service, GatewayError? Error) OfDocType(RoutingTable table, string docType, string name, RequestFacts facts)
    {
        if (table.FindDocType(docType) is { } owner)
        {
            return (owner, null);
        }

        var holders = table.Shared.FindDocType(docType);
        if (holders.Count == 0)
        {
            var rows = table.FindDocType(facts.First(s_parents)) ?? table.Shared.FindRows(docType);
            return rows is null ? (null, GatewayError.DocTypeUnknown(docType)) : (rows, null);
        }

        var found = OfReference(table, facts) ?? OfName(table, name);
        return holders.Count == 1 ? (holders[0], null)
            : found is not null && holders.Contains(found) ? (found, null)
            : (null, GatewayError.OwnerMissing(docType));
    }

    /// <summary>Whether a multipart body has told enough to find the owner.</summary>
    public static bool IsEnough(RoutingTable table, RequestFacts facts) =>
        facts.First(s_docTypes) is { Length: > 0 } docType && table.FindDocType(docType) is not null;

    /// <summary>The service that keeps a file, by its address.</summary>
    public static Service? OfFile(RoutingTable table, ReadOnlySpan<string> path) => path switch
    {
        ["files", var name, _, ..] => table.FindName(name),
        ["private", "files", var name, _, ..] => table.FindName(name),
        _ => null,
    };

    private static Service? OfFile(RoutingTable table, RequestFacts facts) =>
        facts.First("file_url") is ['/', ..] address ? OfFile(table, address[1..].Split('/', 5)) : null;

    private static Service? OfReference(RoutingTable table, RequestFacts facts)
    {
        foreach (var holder in s_holders)
        {
            foreach (var reference in s_references)
            {
                if (facts.First(holder + reference) is { Length: > 0 } docType && (table.FindDocType(docType) ?? table.Shared.FindRows(docType)) is { } owner)
                {
                    return owner;
                }
            }
        }

        return null;
    }

    /// <summary>The service that the name of a document starts with, before a hyphen and a hash. Names of services hold hyphens, too; the longest counts.</summary>
    private static Service? OfName(RoutingTable table, string name)
    {
        for (var end = name.LastIndexOf('-'); end > 0; end = name.LastIndexOf('-', end - 1))
        {
            if (table.FindName(name[..end]) is { } service)
            {
                return service;
            }
        }

        return null;
    }
}
