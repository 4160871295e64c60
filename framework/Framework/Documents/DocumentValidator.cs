using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>The rules of fields that every write is held to, after the hooks have had their say.</summary>
internal static partial class DocumentValidator
{
    private const int MaxPasswordBytes = 32_768;
    private const int MaxTextBytes = 65_535; // a TEXT column of MariaDB

    /// <param name="document">The document as it will be stored.</param>
    /// <param name="before">The document as it is stored; null for a new one.</param>
    /// <param name="changesOnly">Whether what is stored already is not looked at.</param>
    public static void Check(Document document, Document? before, bool changesOnly = false)
    {
        if (!changesOnly)
        {
            CheckMandatory(document);
        }

        CheckValues(document, before, changesOnly, row: 0);
        foreach (var table in document.DocType!.Tables)
        {
            if (table.Definition.SetOnlyOnce && before is not null && table.Rows(before).Count > 0 && RowsDiffer(table, document, before))
            {
                throw new CannotChangeConstantException($"Value cannot be changed for {table.Definition.Caption}");
            }

            var stored = before is not null ? table.Rows(before).Cast<Document>().ToDictionary(row => row.Name, StringComparer.Ordinal) : [];
            foreach (Document row in table.Rows(document))
            {
                CheckValues(row, stored.GetValueOrDefault(row.Name), changesOnly, row.Idx);
            }
        }
    }

    /// <summary>Whether a table holds other rows than before, or other values in them.</summary>
    public static bool RowsDiffer(ChildTable table, Document document, Document before)
    {
        var (now, then) = (table.Rows(document), table.Rows(before));
        return now.Count != then.Count || now.Cast<Document>().Zip(then.Cast<Document>()).Any(pair =>
            table.Child.Columns.Any(column => (!column.IsStandard || column == table.Child.NameField) && !Equals(column.Get(pair.First), column.Get(pair.Second))));
    }

    private static void CheckMandatory(Document document)
    {
        var missing = Missing(document);
        foreach (var table in document.DocType!.Tables)
        {
            if (table.Definition.Required && table.Rows(document).Count == 0)
            {
                missing.Add(table.Name);
            }

            foreach (Document row in table.Rows(document))
            {
                missing.AddRange(Missing(row).Select(field => string.Create(CultureInfo.InvariantCulture, $"{table.Name} row {row.Idx} {field}")));
            }
        }

        if (missing.Count > 0)
        {
            throw new MandatoryException($"[{document.DocType.Name}, {document.Name}]: {string.Join(", ", missing)}");
        }
    }

    private static List<string> Missing(Document document) =>
    [
        .. document.DocType!.Columns
            .Where(column => column.Definition.Required && column.Kind is not (ValueKind.Check or ValueKind.Integer or ValueKind.Decimal) && IsEmpty(column.Get(document)))
            .Select(column => column.Name),
    ];

    private static bool IsEmpty(object? value) => value is null || (value is string text && string.IsNullOrWhiteSpace(Markup().Replace(text, "")));

    private static void CheckValues(Document document, Document? before, bool changesOnly, int row)
    {
        foreach (var column in document.DocType!.Columns)
        {
            if (column.IsStandard)
            {
                continue;
            }

            var definition = column.Definition;
            var value = column.Get(document);
            if (definition.SetOnlyOnce && before is not null && column.Get(before) is { } old && !old.Equals(FieldValue.Empty(column)) && !old.Equals(value))
            {
                throw new CannotChangeConstantException($"{RowPrefix.Of(row)}Value cannot be changed for {definition.Caption}");
            }

            if (value is null || (changesOnly && before is not null && value.Equals(column.Get(before))))
            {
                continue;
            }

            if (value is string text)
            {
                if (text.Contains('<') && SafeHtml.Concerns(column))
                {
                    text = SafeHtml.Clean(text);
                    column.Set(document, text);
                }

                CheckText(column, text, row);
            }
            else if (definition.NonNegative && value is long and < 0 or decimal and < 0)
            {
                throw new NonNegativeException($"{RowPrefix.Of(row)}{definition.Caption} may not be below zero");
            }
        }
    }

    private static void CheckText(DocField column, string text, int row)
    {
        var definition = column.Definition;
        var limit = column.Kind is not ValueKind.Text ? int.MaxValue : definition.Length > 0 ? Math.Max(definition.Length, 64) : StandardFields.NameLength;
        if (text.Length > limit)
        {
            throw new CharacterLengthExceededException($"{RowPrefix.Of(row)}{definition.Caption} holds at most {limit} characters; this value has {text.Length}");
        }

        if (column.Kind is ValueKind.LongText && definition.Type is FieldType.SmallText or FieldType.Text or FieldType.Attach or FieldType.AttachImage or FieldType.Password
            && Encoding.UTF8.GetByteCount(text) > MaxTextBytes)
        {
            throw new CharacterLengthExceededException($"{RowPrefix.Of(row)}{definition.Caption} holds at most {MaxTextBytes} bytes");
        }

        // The ciphertext of a password must fit its column.
        if (definition.Type is FieldType.Password && Encoding.UTF8.GetByteCount(text) > MaxPasswordBytes)
        {
            throw new CharacterLengthExceededException($"{RowPrefix.Of(row)}{definition.Caption} holds at most {MaxPasswordBytes} bytes");
        }

        if (text.Contains('\0'))
        {
            throw new DataException($"{RowPrefix.Of(row)}{definition.Caption} holds a NUL character");
        }

        if (column.Kind is ValueKind.Json && !IsJson(text))
        {
            throw new DataException($"{RowPrefix.Of(row)}{definition.Caption} is not JSON");
        }

        FieldFormats.Check(column, text, row);
        if (definition.Type is FieldType.Select && definition.Options.Length > 0 && column.Name != "naming_series"
            && !definition.Options.Split('\n').Any(option => option.Trim() == text.Trim()))
        {
            throw new ValidationException($"{RowPrefix.Of(row)}{definition.Caption} cannot be \"{text}\". It should be one of \"{Message.Join("\", \"", definition.Options.Split('\n').Select(option => (Message)option))}\"");
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();
}
