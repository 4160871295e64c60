namespace Microservices.DocTypes;

/// <summary>Frappe's fieldtypes. The names are Frappe's own without spaces and slashes.</summary>
public enum FieldType
{
#pragma warning disable CS1591 // The names are Frappe's; what each stores is told by FieldTypes.
    Data, Link, DynamicLink, Select, ReadOnly, Color, Icon, Phone, Autocomplete,
    SmallText, Text, Attach, AttachImage, Password,
    LongText, Code, TextEditor, HtmlEditor, MarkdownEditor, Signature, Barcode, Geolocation,
    Int, Check, Currency, Float, Percent, Duration, Rating,
    Date, Datetime, Time, Json,
    Table, TableMultiSelect,
    SectionBreak, ColumnBreak, TabBreak, Html, Button, Image, Fold, Heading,
#pragma warning restore CS1591
}

/// <summary>How a value is kept, in the database and as a .NET value.</summary>
public enum ValueKind
{
    /// <summary>No value: a layout field or a child table.</summary>
    None,

    /// <summary>Bounded text; <see cref="string"/>.</summary>
    Text,

    /// <summary>Text of any length; <see cref="string"/>.</summary>
    LongText,

    /// <summary>JSON kept as its text; <see cref="string"/>.</summary>
    Json,

    /// <summary>Whole number; <see cref="long"/>.</summary>
    Integer,

    /// <summary>0 or 1; <see cref="bool"/>.</summary>
    Check,

    /// <summary>Exact decimal; <see cref="decimal"/>.</summary>
    Decimal,

    /// <summary><see cref="DateOnly"/>.</summary>
    Date,

    /// <summary>UTC with microseconds; <see cref="DateTime"/>.</summary>
    Datetime,

    /// <summary>Time of day with microseconds; <see cref="TimeSpan"/>.</summary>
    Time,
}
