using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Resources;
using Microsoft.Extensions.DependencyInjection;

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

    /// <exception cref="DocTypeException">A permission hook names a DocType that the service does not have.</exception>
    public static void Permissions(IEnumerable<string> named, DocTypeRegistry docTypes, string service) => Throw(
        [.. from name in named.Distinct() where name != Documents.Hooks.AnyDocType && docTypes.Find(name) is null select $"{service}: a permission hook names {name}, which this service does not have"]);

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

    /// <exception cref="DocTypeException">A controller or a hook takes a service that is not registered.</exception>
    public static void Services(IServiceProviderIsService services, ControllerRegistry controllers, Hooks hooks)
    {
        var ofControllers = from type in controllers.Types
                            from parameter in type.GetConstructors().Single().GetParameters()
                            where !parameter.HasDefaultValue && !services.IsService(parameter.ParameterType)
                            select $"{type.FullName}: its constructor takes {parameter.ParameterType.Name}, which is not registered";
        var ofHooks = from hook in hooks.Needs
                      where !services.IsService(hook.Service)
                      select $"A hook at {hook.Moment} of {hook.DocType} takes {hook.Service.Name}, which is not registered";
        Throw([.. ofControllers.Concat(ofHooks)]);
    }

    private static void Throw(string[] findings)
    {
        if (findings.Length > 0)
        {
            throw new DocTypeException(findings);
        }
    }
}
