namespace Microservices.DocTypes;

/// <summary>What one declaration must hold by itself, whether a class or a file made it.</summary>
internal static class DeclarationRules
{
    /// <summary>MariaDB takes 64 characters for a table, three of them are <c>tab</c>.</summary>
    public const int DocTypeNameLength = 61;

    /// <summary>MariaDB's longest column name.</summary>
    public const int FieldNameLength = 64;

    /// <summary>What is wrong with the name of a DocType; null when nothing is.</summary>
    public static string? ProblemOfName(string name)
    {
        if (name.Length == 0)
        {
            return "the DocType has no name";
        }

        var isWellFormed = char.IsLetter(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is ' ' or '_' or '-') && name[^1] != ' ';
        return isWellFormed
            ? null
            : $"'{name}' is not a name for a DocType: it starts with a letter and holds letters, digits, spaces, '_' and '-' only";
    }

    /// <summary>What is wrong with a field; null when nothing is.</summary>
    public static string? Problem(FieldDefinition field)
    {
        if (StandardFields.Reserved.Contains(field.Name))
        {
            return $"a field may not be called '{field.Name}': every document has that by itself";
        }

        if ((field.Unique || field.SearchIndex) && field.Type.Kind is ValueKind.LongText or ValueKind.Json)
        {
            return $"the {FieldTypes.FrappeName(field.Type)} field '{field.Name}' holds text of any length, which has no index and cannot be unique: make it Data";
        }

        return field.Options.Length > 0 ? null : field.Type switch
        {
            FieldType.Link => $"the Link field '{field.Name}' has no options: they name the DocType it links to",
            FieldType.DynamicLink => $"the Dynamic Link field '{field.Name}' has no options: they name the field that holds the DocType",
            FieldType.Table or FieldType.TableMultiSelect =>
                $"the {FieldTypes.FrappeName(field.Type)} field '{field.Name}' has no options: they name the DocType of its rows",
            _ => null,
        };
    }
}
