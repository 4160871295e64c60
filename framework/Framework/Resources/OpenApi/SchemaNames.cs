using System.Globalization;
using System.Text;
using Microservices.DocTypes;

namespace Microservices.Resources.OpenApi;

/// <summary>
/// The names of the schemas and operations of DocTypes: <c>Sales Order</c> is <c>Sales_Order</c>, and what OpenAPI does not allow in a
/// name is written as its code.
/// </summary>
internal sealed class SchemaNames
{
    private readonly Dictionary<string, DocType> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<DocType, string> _names = [];

    /// <summary>The document as it is answered.</summary>
    public string Read(DocType docType) => Of(docType) + ".read";

    /// <summary>The body of a create.</summary>
    public string Create(DocType docType) => Of(docType) + ".create";

    /// <summary>The body of an update.</summary>
    public string Update(DocType docType) => Of(docType) + ".update";

    /// <summary>A copy to post as a new document.</summary>
    public string Copy(DocType docType) => Of(docType) + ".copy";

    /// <summary>A child row in a body.</summary>
    public string Row(DocType docType) => Of(docType) + ".row";

    /// <summary>The name alone, unique among DocTypes.</summary>
    public string Of(DocType docType)
    {
        if (_names.TryGetValue(docType, out var known))
        {
            return known;
        }

        var text = new StringBuilder(docType.Name.Length);
        foreach (var character in docType.Name)
        {
            _ = char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? text.Append(character)
                : character is ' ' ? text.Append('_')
                : text.Append(CultureInfo.InvariantCulture, $"u{(int)character:x4}");
        }

        var name = text.ToString();
        for (var number = 2; !_taken.TryAdd(name, docType); number++)
        {
            name = $"{text}{number}"; // "Sales Order" and "Sales_Order"
        }

        _names.Add(docType, name);
        return name;
    }
}
