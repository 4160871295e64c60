using System.Text;

namespace Microservices.DocTypes;

/// <summary>The spellings of one name: class, file, slug, label.</summary>
public static class Names
{
    /// <summary><c>Sales Order</c> as it stands in a path: <c>sales-order</c>.</summary>
    public static string ToSlug(string docType) => docType.ToLowerInvariant().Replace(' ', '-');

    /// <summary><c>grand_total</c> as a person reads it: <c>Grand Total</c>.</summary>
    public static string ToTitle(string snake)
    {
        var text = new StringBuilder(snake.Length);
        foreach (var word in snake.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(text.Length > 0 ? " " : "").Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }

        return text.ToString();
    }

    /// <summary><c>GrandTotal</c> as a field: <c>grand_total</c>. A run of capitals is one word: <c>POSInvoice</c> is <c>pos_invoice</c>.</summary>
    public static string ToSnake(string pascal) => SplitPascal(pascal, '_').ToLowerInvariant();

    /// <summary><c>SalesOrder</c> as a DocType: <c>Sales Order</c>.</summary>
    public static string ToDocType(string pascal) => SplitPascal(pascal, ' ');

    private static string SplitPascal(string pascal, char separator)
    {
        var text = new StringBuilder(pascal.Length + 8);
        for (var i = 0; i < pascal.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(pascal[i])
                && (!char.IsUpper(pascal[i - 1]) || (i + 1 < pascal.Length && char.IsLower(pascal[i + 1])));
            if (startsWord)
            {
                text.Append(separator);
            }

            text.Append(pascal[i]);
        }

        return text.ToString();
    }
}
