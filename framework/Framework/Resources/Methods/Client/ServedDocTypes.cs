using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Resources.Methods.Client;

/// <summary>The DocTypes that methods may act on: those that the service serves, by what they answer to.</summary>
internal sealed class ServedDocTypes(ResourceRegistry resources)
{
    /// <summary>A DocType that answers one of these verbs itself.</summary>
    /// <exception cref="DoesNotExistException">The service serves no such DocType.</exception>
    /// <exception cref="PermissionException">It holds rows of other documents.</exception>
    /// <exception cref="MethodNotAllowedException">It does not take the verb, or a handler of the service's own does in place of the framework.</exception>
    public Resource Get(string docType, ResourceVerbs verb)
    {
        var resource = resources.Get(docType);
        return (resource.Verbs & verb) != 0 && !resource.CustomHandlers.ContainsKey(verb) && resource.DocType.Definition is not { IsVirtual: true, VirtualClass: null }
            ? resource
            : throw new MethodNotAllowedException($"{resource.DocType.Name} does not take this");
    }

    /// <summary>A DocType whose documents are rows of others; null for any other.</summary>
    public DocType? FindRows(string docType) => resources.FindRows(docType);
}
