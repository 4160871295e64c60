using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Resources;

namespace Microservices.Hosting;

/// <summary>What code asks of DocTypes that turn out not to be there stops the start, not a request.</summary>
internal static class StartupChecks
{
    /// <exception cref="DocTypeException">A hook waits for a DocType that the service does not have.</exception>
    public static void Hooks(Hooks hooks, DocTypeRegistry docTypes, string service)
    {
        string[] findings =
        [
            .. from hook in hooks.Registered
               where hook.DocType != Documents.Hooks.AnyDocType && docTypes.Find(hook.DocType) is null
               select $"{service}: a hook waits for {hook.Moment} of {hook.DocType}, which this service does not have",
        ];
        Throw(findings);
    }

    /// <exception cref="DocTypeException">A resource that refuses unknown links has one.</exception>
    public static void Links(IReadOnlyDictionary<string, ResourceOptions> resources, DocTypeRegistry docTypes)
    {
        var findings = from resource in resources
                       where resource.Value.RefuseUnknownLinks
                       let docType = docTypes.Get(resource.Key)
                       from holder in docType.Tables.Select(table => table.Child).Prepend(docType)
                       from link in holder.Links
                       where docTypes.Find(link.Definition.Options) is null
                       select $"{holder.Definition.Source}: '{link.Name}' links to '{link.Definition.Options}', which this service does not have";
        Throw([.. findings.Distinct()]);
    }

    private static void Throw(string[] findings)
    {
        if (findings.Length > 0)
        {
            throw new DocTypeException(findings);
        }
    }
}
