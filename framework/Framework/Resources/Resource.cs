using System.Collections.Frozen;
using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;

namespace Microservices.Resources;

/// <summary>A DocType that is served, with its options.</summary>
internal sealed record Resource(DocType DocType, ResourceVerbs Verbs, bool IsStrict, FrozenDictionary<ResourceVerbs, RequestDelegate> CustomHandlers);

/// <summary>The resources of a service.</summary>
internal sealed class ResourceRegistry(DocTypeRegistry docTypes, IReadOnlyDictionary<string, Resource> resources)
{
    private readonly FrozenDictionary<DocType, Resource> _resources = resources.Values.ToFrozenDictionary(resource => resource.DocType);

    public IEnumerable<Resource> All => _resources.Values.OrderBy(resource => resource.DocType.Name, StringComparer.Ordinal);

    /// <summary>The resource of a path segment.</summary>
    /// <exception cref="DoesNotExistException">This service serves no such DocType.</exception>
    /// <exception cref="PermissionException">The DocType holds rows of other documents and is reached through them.</exception>
    public Resource Get(string segment)
    {
        if (docTypes.FindByPath(segment) is not { } docType)
        {
            throw new DoesNotExistException($"DocType {segment} not found");
        }

        return _resources.GetValueOrDefault(docType) ?? throw (docType.Definition.IsTable
            ? new PermissionException($"{docType.Name} holds rows of other documents: read it through them")
            : new DoesNotExistException($"DocType {segment} not found"));
    }

    /// <summary>The child DocType of a path segment; null when it is none.</summary>
    public DocType? FindRows(string segment) => docTypes.FindByPath(segment) is { Definition.IsTable: true } docType ? docType : null;
}
