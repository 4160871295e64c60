using System.Collections.Frozen;
using Gateway.Discovery;

namespace Gateway.Routing.Shared;

/// <summary>A method that several services have.</summary>
/// <param name="ByDocType">Whether the DocType that a call names tells which one is meant; otherwise the first answers.</param>
/// <param name="Services">Who has it, in configured order.</param>
internal sealed record SharedMethod(bool ByDocType, List<Service> Services);

/// <summary>What several services have under one name: each has its own documents of a shared DocType, and each answers a shared method for its DocTypes.</summary>
internal sealed class SharedNames(
    FrozenDictionary<string, Service[]> docTypes, FrozenDictionary<string, SharedMethod> methods, FrozenDictionary<string, Service> rows)
{
    /// <param name="docType">The DocType's name, or its slug.</param>
    /// <returns>Who has it, in configured order; none when it is not shared.</returns>
    public IReadOnlyList<Service> FindDocType(string docType) => docTypes.GetValueOrDefault(docType, []);

    public SharedMethod? FindMethod(string method) => methods.GetValueOrDefault(method);

    /// <summary>The service whose documents have rows of this DocType.</summary>
    public Service? FindRows(string docType) => rows.GetValueOrDefault(docType);
}
