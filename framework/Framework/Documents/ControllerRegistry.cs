using System.Collections.Frozen;
using System.Reflection;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>The controllers of DocTypes that come from JSON files, found by type when the service starts.</summary>
public sealed class ControllerRegistry
{
    private readonly FrozenDictionary<string, Type> _byDocType;

    /// <summary>Finds the controllers of some assemblies.</summary>
    /// <exception cref="DocTypeException">A controller serves no DocType of the service, two serve one, or a controller cannot be made.</exception>
    public ControllerRegistry(IEnumerable<Assembly> assemblies, DocTypeRegistry docTypes)
    {
        var found = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(DocumentController)) && !type.IsAbstract))
        {
            var name = type.GetCustomAttribute<ControllerOfAttribute>()?.DocType ?? ByClassName(type, docTypes);
            if (name is null || docTypes.Find(name) is not { } docType)
            {
                throw new DocTypeException(type.FullName!, $"The controller serves no DocType of this service: name the class after it or add [ControllerOf(\"...\")].");
            }

            if (docType.DocumentClass != typeof(Document))
            {
                throw new DocTypeException(type.FullName!, $"{name} has a class of its own, {docType.DocumentClass.Name}: put the code there.");
            }

            if (!found.TryAdd(name, type))
            {
                throw new DocTypeException(type.FullName!, $"{name} has two controllers, {found[name].FullName} and this one.");
            }

            if (type.GetConstructors().Length != 1)
            {
                throw new DocTypeException(type.FullName!, "A controller has exactly one public constructor.");
            }
        }

        _byDocType = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The controllers, for start-up checks.</summary>
    internal IEnumerable<Type> Types => _byDocType.Values;

    /// <summary>The controller of a DocType, or null.</summary>
    public Type? Find(DocType docType) => _byDocType.GetValueOrDefault(docType.Name);

    private static string? ByClassName(Type type, DocTypeRegistry docTypes)
    {
        var name = type.Name.EndsWith("Controller", StringComparison.Ordinal) ? type.Name[..^"Controller".Length] : type.Name;
        // "POS Invoice" is POSInvoice or PosInvoice in C#: compare without spaces and case when the words do not match.
        return docTypes.Find(Names.ToDocType(name))?.Name
            ?? docTypes.All.FirstOrDefault(docType => docType.Name.Replace(" ", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase))?.Name;
    }
}
