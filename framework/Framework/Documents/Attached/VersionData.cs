using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Security;

namespace Microservices.Documents;

/// <summary>
/// The difference between two states of a document, in the form of Frappe's versions. Passwords are asterisks, and what stands above permission
/// level 0 is kept apart.
/// </summary>
internal sealed class VersionData
{
    private static readonly JsonSerializerOptions s_asText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] s_sections = ["changed", "added", "removed", "row_changed"];

    private readonly JsonObject _open = Empty();
    private readonly JsonObject _restricted = Empty();

    private VersionData(Document before, Document after)
    {
        foreach (var change in Changes(before, after))
        {
            Add("changed", change.Field.PermLevel, change.Entry);
        }

        foreach (var table in after.DocType!.Tables)
        {
            AddRows(table, before, after);
        }
    }

    /// <summary>The record of a change; null when nothing changed that is kept.</summary>
    public static DocumentVersion? Of(Document before, Document after)
    {
        var data = new VersionData(before, after);
        var (isOpen, isRestricted) = (HasEntries(data._open), HasEntries(data._restricted));
        return !isOpen && !isRestricted ? null : new DocumentVersion
        {
            RefDoctype = after.DocType!.Name,
            Docname = after.Name,
            Data = data._open.ToJsonString(s_asText),
            Restricted = isRestricted ? data._restricted.ToJsonString(s_asText) : null,
        };
    }

    /// <summary>Leaves in a version that was read what the caller may see of the document's fields today.</summary>
    public static void ShowTo(TenantDb db, DocumentVersion version)
    {
        var docType = db.DocTypes.Find(version.RefDoctype);
        var shown = Empty();
        foreach (var text in (string?[])[version.Data, docType is null ? null : version.Restricted])
        {
            var stored = string.IsNullOrEmpty(text) ? [] : JsonNode.Parse(text)!.AsObject();
            foreach (var section in s_sections)
            {
                foreach (var entry in stored[section]?.AsArray() ?? [])
                {
                    if (docType is null || IsShown(Access.Of(db.User, docType), docType, section, entry!.AsArray()))
                    {
                        shown[section]!.AsArray().Add(entry!.DeepClone());
                    }
                }
            }
        }

        version.Data = shown.ToJsonString(s_asText);
        version.Restricted = null;
    }

    private static bool IsShown(Access access, DocType docType, string section, JsonArray entry)
    {
        var field = (string)entry[0]!;
        if (section == "changed")
        {
            return docType.Column(field) is { } column && access.CanRead(column);
        }

        return docType.Table(field) is { } table && access.CanRead(table)
            && (section != "row_changed" || entry[3]!.AsArray().All(change => table.Child.Column((string)change![0]!) is { } cell && access.CanRead(cell)));
    }

    private void AddRows(ChildTable table, Document before, Document after)
    {
        var level = table.Definition.PermLevel;
        var stored = table.Rows(before).Cast<Document>().ToDictionary(row => row.Name, StringComparer.Ordinal);
        foreach (Document row in table.Rows(after))
        {
            if (!stored.Remove(row.Name, out var old))
            {
                Add("added", level, [table.Name, RowOf(row)]);
                continue;
            }

            foreach (var changes in Changes(old, row).GroupBy(change => change.Field.PermLevel))
            {
                Add("row_changed", Math.Max(level, changes.Key), [table.Name, row.Idx - 1, row.Name, new JsonArray([.. changes.Select(change => change.Entry)])]);
            }
        }

        foreach (var row in stored.Values)
        {
            Add("removed", level, [table.Name, RowOf(row)]);
        }
    }

    private static IEnumerable<(DocField Field, JsonArray Entry)> Changes(Document before, Document after) =>
        from column in after.DocType!.Columns
        where !column.IsStandard || (column.Name == StandardFields.DocStatus && !after.DocType.Definition.IsTable)
        let old = FieldValue.From(column.Get(before), column)
        let current = FieldValue.From(column.Get(after), column)
        where !Equals(old, current)
        select (column, new JsonArray(column.Name, Shown(column, old), Shown(column, current)));

    // Of a row that came or went, what everybody sees who sees the row.
    private static JsonObject RowOf(Document row)
    {
        var shown = new JsonObject { [StandardFields.Name] = row.Name, [StandardFields.Idx] = row.Idx };
        foreach (var column in row.DocType!.Columns.Where(column => !column.IsStandard && column.PermLevel == 0))
        {
            if (FieldValue.From(column.Get(row), column) is { } value)
            {
                shown[column.Name] = Shown(column, value);
            }
        }

        return shown;
    }

    private void Add(string section, int level, JsonArray entry) => (level == 0 ? _open : _restricted)[section]!.AsArray().Add(entry);

    /// <summary>A value as it stands in the JSON of a record.</summary>
    public static JsonNode? Shown(DocField column, object? value) => value switch
    {
        null => null,
        _ when column.Definition.Type is FieldType.Password => StandardFields.Asterisks,
        long number => number,
        bool flag => flag ? 1 : 0,
        decimal number => number,
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Enum status => Convert.ToInt64(status, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static JsonObject Empty() => new(s_sections.Select(section => KeyValuePair.Create<string, JsonNode?>(section, new JsonArray())));

    private static bool HasEntries(JsonObject data) => s_sections.Any(section => data[section]!.AsArray().Count > 0);
}
