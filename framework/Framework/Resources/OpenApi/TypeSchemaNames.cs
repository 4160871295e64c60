namespace Microservices.Resources.OpenApi;

/// <summary>Schema names of the .NET types that routes take and return. They hold no dot, so that no DocType has the same.</summary>
internal sealed class TypeSchemaNames
{
    private readonly Dictionary<string, Type> _taken = new(StringComparer.Ordinal);

    /// <summary>The type's own name; a number makes it differ from that of a type of another namespace.</summary>
    public string Of(Type type)
    {
        lock (_taken)
        {
            var name = Plain(type);
            var unique = name;
            for (var number = 2; !_taken.TryAdd(unique, type) && _taken[unique] != type; number++)
            {
                unique = $"{name}{number}";
            }

            return unique;
        }
    }

    private static string Plain(Type type)
    {
        if (type.IsArray)
        {
            return Plain(type.GetElementType()!) + "Array";
        }

        var arguments = type.IsGenericType ? "Of" + string.Join("And", type.GetGenericArguments().Select(Plain)) : "";
        return string.Concat(type.Name.TakeWhile(character => character is not '`').Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_')) + arguments;
    }
}
