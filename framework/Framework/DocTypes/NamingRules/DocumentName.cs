using System.Text;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>What a document may be called.</summary>
public static class DocumentName
{
    /// <summary>Checks a name and takes the blanks around it away.</summary>
    /// <param name="docType">The DocType of the document.</param>
    /// <param name="name">The name.</param>
    /// <returns>The name to store.</returns>
    /// <exception cref="ValidationException">The name is empty.</exception>
    /// <exception cref="NameException">
    /// The name holds <c>&lt;</c>, <c>&gt;</c>, a control character or half a character, is that of the DocType, or starts with "New" and the DocType.
    /// </exception>
    /// <exception cref="CharacterLengthExceededException">The name is longer than 140 characters.</exception>
    public static string Check(string docType, string name)
    {
        name = name.Trim();
        if (name.Length == 0)
        {
            throw new ValidationException($"The name of a {docType} cannot be empty");
        }

        var length = 0;
        foreach (var character in name.EnumerateRunes())
        {
            length++;
            if (Rune.IsControl(character) || character == Rune.ReplacementChar)
            {
                throw new NameException($"The name of a {docType} cannot contain control characters or broken text");
            }

            if (character.Value is '<' or '>')
            {
                throw new NameException($"The name of a {docType} cannot contain < or >");
            }
        }

        if (length > StandardFields.NameLength)
        {
            throw new CharacterLengthExceededException($"The name of a {docType} cannot be longer than {StandardFields.NameLength} characters");
        }

        if (name == docType || name.StartsWith("New " + docType, StringComparison.Ordinal))
        {
            throw new NameException($"A {docType} cannot be called '{name}'");
        }

        return name;
    }
}
