using System.Collections.Frozen;

namespace Microservices.DocTypes;

/// <summary>What each fieldtype is called by Frappe and how its value is kept.</summary>
public static class FieldTypes
{
    private static readonly FrozenDictionary<string, FieldType> s_byName = Enum.GetValues<FieldType>()
        .ToFrozenDictionary(FrappeName, type => type, StringComparer.Ordinal);

    /// <summary>Finds a fieldtype by Frappe's name, such as <c>Small Text</c>.</summary>
    public static bool TryParse(string name, out FieldType type) => s_byName.TryGetValue(name, out type);

    /// <summary>Extension members of <see cref="FieldType"/>.</summary>
    extension(FieldType type)
    {
        /// <summary>How a value of this type is kept.</summary>
        public ValueKind Kind => type switch
        {
            FieldType.Data or FieldType.Link or FieldType.DynamicLink or FieldType.Select or FieldType.ReadOnly or FieldType.Color
                or FieldType.Icon or FieldType.Phone or FieldType.Autocomplete => ValueKind.Text,
            FieldType.SmallText or FieldType.Text or FieldType.Attach or FieldType.AttachImage or FieldType.Password
                or FieldType.LongText or FieldType.Code or FieldType.TextEditor or FieldType.HtmlEditor or FieldType.MarkdownEditor
                or FieldType.Signature or FieldType.Barcode or FieldType.Geolocation => ValueKind.LongText,
            FieldType.Int => ValueKind.Integer,
            FieldType.Check => ValueKind.Check,
            FieldType.Currency or FieldType.Float or FieldType.Percent or FieldType.Duration or FieldType.Rating => ValueKind.Decimal,
            FieldType.Date => ValueKind.Date,
            FieldType.Datetime => ValueKind.Datetime,
            FieldType.Time => ValueKind.Time,
            FieldType.Json => ValueKind.Json,
            _ => ValueKind.None,
        };

        /// <summary>Whether the field holds child rows.</summary>
        public bool IsTable => type is FieldType.Table or FieldType.TableMultiSelect;

        /// <summary>Whether the column is NOT NULL with a zero default; Duration alone may be null among the numbers.</summary>
        public bool IsNeverNull => type is FieldType.Int or FieldType.Check or FieldType.Currency or FieldType.Float or FieldType.Percent or FieldType.Rating;
    }

    /// <summary>Frappe's name of a fieldtype: <c>SmallText</c> is <c>Small Text</c>.</summary>
    public static string FrappeName(FieldType type) => type switch
    {
        FieldType.DynamicLink => "Dynamic Link",
        FieldType.ReadOnly => "Read Only",
        FieldType.SmallText => "Small Text",
        FieldType.AttachImage => "Attach Image",
        FieldType.LongText => "Long Text",
        FieldType.TextEditor => "Text Editor",
        FieldType.HtmlEditor => "HTML Editor",
        FieldType.MarkdownEditor => "Markdown Editor",
        FieldType.Json => "JSON",
        FieldType.TableMultiSelect => "Table MultiSelect",
        FieldType.SectionBreak => "Section Break",
        FieldType.ColumnBreak => "Column Break",
        FieldType.TabBreak => "Tab Break",
        FieldType.Html => "HTML",
        _ => type.ToString(),
    };
}
