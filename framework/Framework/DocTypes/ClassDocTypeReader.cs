using System.Collections.Immutable;
using System.Reflection;

namespace Microservices.DocTypes;

/// <summary>Reads DocTypes from classes derived from <c>Document</c>.</summary>
/// <remarks>
/// Every public property with a public getter and setter is a field, those of base classes between the class and <c>Document</c>
/// first, unless it is marked <see cref="NotAFieldAttribute"/>. Its .NET type gives the fieldtype, an attribute may give another one.
/// </remarks>
public static class ClassDocTypeReader
{
    /// <summary>Reads one class.</summary>
    /// <exception cref="DocTypeException">The class is not a DocType that can be served; the message names the property.</exception>
    public static DocTypeDefinition Read(Type type)
    {
        RequireDocumentClass(type);
        var name = NameOf(type);
        if (DeclarationRules.ProblemOfName(name) is { } problem)
        {
            throw new DocTypeException(Origin(type), problem);
        }

        var declared = type.GetCustomAttribute<DocTypeAttribute>() ?? new DocTypeAttribute();
        return ImpliedFields.AddTo(new DocTypeDefinition
        {
            Name = name,
            Module = declared.Module,
            Fields = Fields(type),
            Permissions = [.. type.GetCustomAttributes<PermissionAttribute>(inherit: true).Select(Permission)],
            Autoname = declared.Naming.Trim(),
            IsTable = declared.IsTable,
            IsSingle = declared.IsSingle,
            IsSubmittable = declared.IsSubmittable,
            IsTree = declared.IsTree,
            TrackChanges = declared.TrackChanges,
            AllowRename = declared.AllowRename,
            AllowCustomPermissions = declared.AllowCustomPermissions,
            MaxAttachments = declared.MaxAttachments,
            TitleField = declared.TitleField,
            Deprecation = DeprecationOf(type, reason => new DocTypeException(Origin(type), reason)),
            SearchFields = [.. declared.SearchFields],
            Description = declared.Description,
            DocumentClass = type,
            Source = Origin(type),
        });
    }

    /// <summary>Reads a class and the classes of its child rows, which are child DocTypes by standing in a list.</summary>
    /// <returns>The DocType, then those of its rows.</returns>
    /// <exception cref="DocTypeException">One of the classes is not a DocType that can be served.</exception>
    public static IReadOnlyList<DocTypeDefinition> ReadWithChildren(Type type) =>
        [Read(type), .. ChildTypes(type).Select(child => Read(child) with { IsTable = true })];

    /// <summary>The classes of the rows of a class, each once.</summary>
    public static IReadOnlyList<Type> ChildTypes(Type type) =>
        [.. Properties(type).Select(property => PropertyTypes.RowClass(property.PropertyType)).OfType<Type>().Distinct()];

    /// <summary>The DocType of a class: the one its attribute gives, otherwise the words of its name.</summary>
    public static string NameOf(Type type) => type.GetCustomAttribute<DocTypeAttribute>()?.Name ?? Names.ToDocType(type.Name);

    private static void RequireDocumentClass(Type type)
    {
        if (!typeof(FieldBag).IsAssignableFrom(type))
        {
            throw new DocTypeException(Origin(type), "the class is not a DocType: derive it from Document");
        }

        if (type.IsAbstract || type.ContainsGenericParameters || type.GetConstructor(Type.EmptyTypes) is null)
        {
            throw new DocTypeException(Origin(type), "documents of the class cannot be made: it needs a public constructor without parameters, and is neither abstract nor generic");
        }
    }

    private static ImmutableArray<FieldDefinition> Fields(Type type)
    {
        var fields = ImmutableArray.CreateBuilder<FieldDefinition>();
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in Properties(type))
        {
            var field = Field(property);
            if (DeclarationRules.Problem(field) is { } problem)
            {
                throw Error(property, problem);
            }

            if (!seen.TryAdd(field.Name, property.Name))
            {
                throw Error(property, $"the field '{field.Name}' is that of the property {seen[field.Name]} already: give one of them a [Field(Name = \"...\")]");
            }

            fields.Add(field);
        }

        return fields.ToImmutable();
    }

    /// <summary>The properties that are fields, those of base classes first, in the order they are written.</summary>
    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var classes = new Stack<Type>([type]);
        while (classes.Peek().BaseType is { } parent && parent.Assembly != typeof(FieldBag).Assembly && parent != typeof(object))
        {
            classes.Push(parent);
        }

        // An overridden or hidden property counts once, as its most derived class declares it, where the first class declares it.
        return classes
            .SelectMany(declaring => declaring.GetProperties(Declared).OrderBy(property => property.MetadataToken))
            .GroupBy(property => property.Name, StringComparer.Ordinal)
            .Select(declarations => declarations.Last())
            .Where(property => property.GetIndexParameters().Length == 0
                && property.GetMethod is { IsPublic: true }
                && property.SetMethod is { IsPublic: true }
                && !property.IsDefined(typeof(NotAFieldAttribute), inherit: true));
    }

    // What Frappe's Int field says to be a bigint: more than 11.
    private const int BigintLength = 20;

    private static FieldDefinition Field(PropertyInfo property)
    {
        var (type, options) = PropertyTypes.FieldTypeOf(property);
        var declared = property.GetCustomAttribute<FieldAttribute>() ?? new FieldAttribute();
        return new FieldDefinition
        {
            Name = declared.Name ?? Names.ToSnake(property.Name),
            Type = type,
            Label = declared.Label,
            Options = options,
            Required = declared.Required,
            Unique = declared.Unique,
            SearchIndex = declared.Index,
            Default = string.IsNullOrEmpty(declared.Default) ? null : declared.Default,
            Length = declared.Length == 0 && type is FieldType.Int && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(long) ? BigintLength : declared.Length,
            PermLevel = declared.PermLevel,
            ReadOnly = declared.ReadOnly,
            Hidden = declared.Hidden,
            SetOnlyOnce = declared.SetOnlyOnce,
            AllowOnSubmit = declared.AllowOnSubmit,
            NonNegative = declared.NonNegative,
            Description = declared.Description,
            Deprecation = DeprecationOf(property, reason => Error(property, reason)),
            Property = property,
        };
    }

    private static Deprecation? DeprecationOf(MemberInfo member, Func<string, DocTypeException> error)
    {
        try
        {
            return member.GetCustomAttribute<DeprecatedAttribute>(inherit: false)?.Read();
        }
        catch (FormatException exception)
        {
            throw error(exception.Message);
        }
    }

    private static DocPermission Permission(PermissionAttribute permission) =>
        new() { Role = permission.Role, PermLevel = permission.PermLevel, IfOwner = permission.IfOwner, Rights = permission.Rights };

    private static string Origin(Type type) => type.FullName ?? type.Name;

    internal static DocTypeException Error(PropertyInfo property, string reason) =>
        new($"{Origin(property.DeclaringType!)}.{property.Name}", reason);
}
