using System.Collections.Frozen;
using Microservices.DocTypes;

namespace Microservices.Resources.Methods;

/// <summary>The methods of a service, by name: its own, the static ones of its document classes, and those that every service has.</summary>
internal sealed class MethodRegistry
{
    private readonly FrozenDictionary<string, Method> _byName;

    /// <summary>Gathers the methods. One of the service's own stands in for a shared one of the same name.</summary>
    public MethodRegistry(IEnumerable<Method> own, IEnumerable<Method> shared)
    {
        var methods = own.ToDictionary(method => method.Name, StringComparer.Ordinal);
        foreach (var method in shared)
        {
            methods.TryAdd(method.Name, method);
        }

        _byName = methods.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All of them, by name.</summary>
    public IEnumerable<Method> All => _byName.Values.OrderBy(method => method.Name, StringComparer.Ordinal);

    /// <summary>The methods that every service has.</summary>
    public IEnumerable<Method> Shared => All.Where(method => method.IsShared);

    /// <summary>The names of the service's own methods that are called plainly.</summary>
    public IEnumerable<string> Announced => from method in All where !method.IsShared && !method.Name.Contains('/', StringComparison.Ordinal) select method.Name;

    /// <summary>The method of a name, or null.</summary>
    public Method? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The static method of a document class, or null.</summary>
    public Method? Find(DocType docType, string function) => Find(NameOf(docType, function));

    /// <summary>The key of a static method; the slash keeps it apart from names that are called plainly.</summary>
    public static string NameOf(DocType docType, string function) => $"{docType.Name}/{function}";
}
