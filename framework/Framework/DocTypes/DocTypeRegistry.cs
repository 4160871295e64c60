using System.Collections.Frozen;
using System.Collections.Immutable;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>The DocTypes of one service, compiled. Complete and unchanging once the service has started.</summary>
public sealed class DocTypeRegistry
{
    private readonly FrozenDictionary<string, DocType> _byName;
    private readonly FrozenDictionary<string, DocType>.AlternateLookup<ReadOnlySpan<char>> _byNameSpan;
    private readonly FrozenDictionary<string, DocType> _bySlug;
    private readonly FrozenDictionary<DocType, ImmutableArray<(DocType Source, DocField Field)>> _backLinks;
    private readonly FrozenDictionary<Type, DocType> _byClass;

    /// <summary>Compiles the DocTypes.</summary>
    /// <param name="definitions">Declarations whose names are distinct.</param>
    /// <param name="documentClass">Class of the documents of DocTypes that have none of their own.</param>
    internal DocTypeRegistry(IEnumerable<DocTypeDefinition> definitions, Type documentClass)
    {
        All = [.. definitions.Select(definition => new DocType(definition, documentClass)).OrderBy(docType => docType.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(docType => docType.Name, StringComparer.Ordinal);
        _byNameSpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _bySlug = All.ToFrozenDictionary(docType => docType.Slug, StringComparer.Ordinal);
        _byClass = All.Where(docType => docType.Definition.DocumentClass is not null).ToFrozenDictionary(docType => docType.DocumentClass);

        foreach (var table in All.SelectMany(docType => docType.Tables))
        {
            table.Child = _byName[table.Definition.Options];
        }

        foreach (var link in All.SelectMany(docType => docType.Links))
        {
            link.Target = _byName.GetValueOrDefault(link.Definition.Options);
        }

        _backLinks = All.ToFrozenDictionary(
            target => target,
            target => All
                .SelectMany(source => source.Links.Select(field => (Source: source, Field: field)))
                .Where(link => link.Field.Definition.Options == target.Name)
                .ToImmutableArray());
    }

    /// <summary>The Dynamic Link fields of this service, which may point to any DocType.</summary>
    internal ImmutableArray<(DocType Source, DocField Field, DocField DocTypeField)> DynamicLinks => field.IsDefault
        ? field = [.. All.Where(source => !source.Definition.IsVirtual).SelectMany(source => source.DynamicLinks.Select(link => (source, link.Field, link.DocTypeField)))]
        : field;

    /// <summary>All DocTypes, by name.</summary>
    public ImmutableArray<DocType> All { get; }

    /// <summary>The DocType of a name.</summary>
    /// <exception cref="DoesNotExistException">This service has no such DocType.</exception>
    public DocType Get(string name) => Find(name) ?? throw new DoesNotExistException($"DocType {name} not found");

    /// <summary>The DocType of a document class.</summary>
    /// <exception cref="InvalidOperationException">The class is not registered.</exception>
    public DocType Get(Type documentClass) => _byClass.GetValueOrDefault(documentClass)
        ?? throw new InvalidOperationException($"{documentClass.Name} is not registered: call RegisterResource<{documentClass.Name}>() before the service starts.");

    /// <summary>The DocType of a name, or null.</summary>
    public DocType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The DocType of a path segment: its exact name or its slug. Null when this service has none.</summary>
    public DocType? FindByPath(ReadOnlySpan<char> segment) =>
        _byNameSpan.TryGetValue(segment, out var docType) ? docType : _bySlug.GetValueOrDefault(segment.ToString());

    /// <summary>The Link fields that point to a DocType, in documents and in child rows of this service.</summary>
    public ImmutableArray<(DocType Source, DocField Field)> LinksTo(DocType target) => _backLinks[target];
}
