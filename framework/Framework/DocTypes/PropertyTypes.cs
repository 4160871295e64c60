using System.Reflection;

namespace Microservices.DocTypes;

/// <summary>Which fieldtype a property has: the one its .NET type suggests, or the one an attribute gives, if its values fit.</summary>
internal static class PropertyTypes
{
    private const string Remedy = "use string, int, long, bool, decimal, double, float, DateOnly, DateTime, TimeOnly, TimeSpan, an enum or a List of a "
        + "DocType class, or mark it [NotAField]";

    /// <summary>The fieldtype and its options.</summary>
    /// <exception cref="DocTypeException">No fieldtype holds the property's values.</exception>
    public static (FieldType Type, string Options) FieldTypeOf(PropertyInfo property)
    {
        var attributes = property.GetCustomAttributes<FieldTypeAttribute>(inherit: true).ToArray();
        if (attributes.Length > 1)
        {
            throw ClassDocTypeReader.Error(property, "more than one attribute gives the field its type");
        }

        if (RowClass(property.PropertyType) is { } rowClass)
        {
            var isTable = attributes is [] or [{ Type.IsTable: true }];
            return isTable
                ? (attributes is [] ? FieldType.Table : attributes[0].Type, ClassDocTypeReader.NameOf(rowClass))
                : throw ClassDocTypeReader.Error(property, $"a list of child rows cannot be a {FieldTypes.FrappeName(attributes[0].Type)} field");
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (Suggested(type) is not { } suggested)
        {
            throw ClassDocTypeReader.Error(property, $"a property of type {Display(property.PropertyType)} cannot be a field: {Remedy}");
        }

        if (attributes is [])
        {
            return (suggested, type.IsEnum ? string.Join('\n', Enum.GetNames(type)) : "");
        }

        var given = attributes[0];
        return Fits(type, suggested.Kind, given.Type.Kind)
            ? (given.Type, given.Type is FieldType.Select && given.Options.Length == 0 && type.IsEnum ? string.Join('\n', Enum.GetNames(type)) : given.Options)
            : throw ClassDocTypeReader.Error(
                property, $"a {FieldTypes.FrappeName(given.Type)} field cannot be kept in a property of type {Display(property.PropertyType)}: {Expected(given.Type.Kind)}");
    }

    /// <summary>The class of the rows of a list property; null when the type is not a list of documents.</summary>
    public static Type? RowClass(Type type)
    {
        if (!type.IsConstructedGenericType)
        {
            return null;
        }

        var definition = type.GetGenericTypeDefinition();
        var item = type.GetGenericArguments()[0];
        return (definition == typeof(List<>) || definition == typeof(IList<>)) && typeof(FieldBag).IsAssignableFrom(item) ? item : null;
    }

    private static FieldType? Suggested(Type type) => type switch
    {
        { IsEnum: true } => FieldType.Select,
        _ when type == typeof(string) => FieldType.Data,
        _ when type == typeof(int) || type == typeof(long) => FieldType.Int,
        _ when type == typeof(bool) => FieldType.Check,
        _ when type == typeof(decimal) || type == typeof(double) || type == typeof(float) => FieldType.Float,
        _ when type == typeof(DateOnly) => FieldType.Date,
        _ when type == typeof(DateTime) => FieldType.Datetime,
        _ when type == typeof(TimeOnly) || type == typeof(TimeSpan) => FieldType.Time,
        _ => null,
    };

    private static bool Fits(Type type, ValueKind suggested, ValueKind given) => suggested switch
    {
        ValueKind.Text when type.IsEnum => given is ValueKind.Text,
        ValueKind.Text => given is ValueKind.Text or ValueKind.LongText or ValueKind.Json,
        _ => given == suggested,
    };

    private static string Expected(ValueKind kind) => kind switch
    {
        ValueKind.Text or ValueKind.LongText or ValueKind.Json => "make it a string",
        ValueKind.Integer => "make it an int or a long",
        ValueKind.Check => "make it a bool",
        ValueKind.Decimal => "make it a decimal",
        ValueKind.Date => "make it a DateOnly",
        ValueKind.Datetime => "make it a DateTime",
        ValueKind.Time => "make it a TimeOnly or a TimeSpan",
        _ => "it holds no single value; child rows are a List of a DocType class",
    };

    private static string Display(Type type) => Nullable.GetUnderlyingType(type) is { } value
        ? value.Name + "?"
        : type.IsConstructedGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Display))}>" : type.Name;
}
