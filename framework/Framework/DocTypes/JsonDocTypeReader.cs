using System.Collections.Immutable;

namespace Microservices.DocTypes;

/// <summary>Reads DocTypes from Frappe's DocType JSON files, as Frappe and its apps publish them.</summary>
/// <remarks>
/// <c>field_order</c> gives the order of the fields, where it is there. A child DocType that declares <c>parent</c>, <c>parentfield</c>
/// or <c>parenttype</c>, as some of ERPNext's do, declares what it has anyway: those fields are passed over. So is a second
/// <c>amended_from</c>, which two of ERPNext 14 have.
/// </remarks>
public static class JsonDocTypeReader
{
    /// <summary>Reads one DocType.</summary>
    /// <param name="json">The text of the file.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="DocTypeException">The text is not JSON, or not a DocType that can be served.</exception>
    public static DocTypeDefinition Read(string json, string source) =>
        Read(DocTypeFile.Parse(json, source)) ?? throw new DocTypeException(source, "this is not a DocType: the file needs \"doctype\": \"DocType\"", 1);

    /// <summary>
    /// Reads every DocType file of a folder and the folders in it, ordered by the DocTypes' names. JSON files that hold something else
    /// are passed over, hidden files and linked folders too.
    /// </summary>
    /// <exception cref="DocTypeException">The folder is not there, or one of its JSON files is broken.</exception>
    public static IReadOnlyList<DocTypeDefinition> ReadFolder(string path) =>
        [.. DocTypeFile.ReadFolder(path).Select(Read).OfType<DocTypeDefinition>().OrderBy(docType => docType.Name, StringComparer.Ordinal)];

    private static DocTypeDefinition? Read(DocTypeFile file)
    {
        try
        {
            return file.IsDocType ? ReadDocType(file) : null;
        }
        catch (InvalidOperationException error)
        {
            throw DocTypeFile.BrokenText(file.Source, error);
        }
    }

    private static DocTypeDefinition ReadDocType(DocTypeFile file)
    {
        var keys = file.Root;
        _ = keys.Text("doctype");
        var name = keys.Text("name").Trim();
        if (DeclarationRules.ProblemOfName(name) is { } problem)
        {
            throw keys.Error(problem);
        }

        var isTable = keys.Flag("istable");
        var definition = new DocTypeDefinition
        {
            Name = name,
            Module = keys.Text("module"),
            Fields = Fields(file, isTable),
            Permissions = [.. file.Objects("permissions").Select(Permission)],
            Autoname = keys.Text("autoname").Trim(),
            IsTable = isTable,
            IsSingle = keys.Flag("issingle"),
            IsSubmittable = keys.Flag("is_submittable"),
            IsTree = keys.Flag("is_tree"),
            IsVirtual = keys.Flag("is_virtual"),
            TrackChanges = keys.Flag("track_changes"),
            AllowRename = keys.Flag("allow_rename", whenAbsent: true),
            MaxAttachments = keys.Number("max_attachments") ?? 0,
            TitleField = keys.Text("title_field"),
            SearchFields = [.. keys.Text("search_fields").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Description = keys.Text("description"),
            Source = file.Source,
            Extra = keys.Rest(),
        };
        return ImpliedFields.AddTo(definition, keys.Text("nsm_parent_field"));
    }

    private static ImmutableArray<FieldDefinition> Fields(DocTypeFile file, bool isTable)
    {
        var fields = new List<FieldDefinition>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var keys in file.Objects("fields"))
        {
            var field = Field(keys, fields.Count + 1);
            if (isTable && field.Name is StandardFields.Parent or StandardFields.ParentField or StandardFields.ParentType)
            {
                continue;
            }

            if (DeclarationRules.Problem(field) is { } problem)
            {
                throw keys.Error(problem);
            }

            if (!seen.Add(field.Name))
            {
                if (field.Name == ImpliedFields.AmendedFrom)
                {
                    continue;
                }

                throw keys.Error($"the field '{field.Name}' is declared twice");
            }

            fields.Add(field);
        }

        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in file.Root.Array("field_order"))
        {
            order.TryAdd(item.ToString(), order.Count);
        }

        return [.. fields.OrderBy(field => order.GetValueOrDefault(field.Name, int.MaxValue))];
    }

    private static FieldDefinition Field(JsonObjectReader keys, int position)
    {
        var typeName = keys.Text("fieldtype");
        var type = FieldType.Data;
        if (typeName.Length > 0 && !FieldTypes.TryParse(typeName, out type))
        {
            throw keys.Error($"'{typeName}' is not a fieldtype");
        }

        var name = keys.Text("fieldname").Trim();
        if (name.Length == 0)
        {
            // Old files leave layout fields without a name; nothing can refer to them.
            name = type.Kind is ValueKind.None && !type.IsTable
                ? $"{FieldTypes.FrappeName(type).ToLowerInvariant().Replace(' ', '_')}_{position}"
                : throw keys.Error("the field has no fieldname");
        }

        var options = keys.Text("options");
        var defaultValue = keys.Text("default");
        return new FieldDefinition
        {
            Name = name,
            Type = type,
            Label = keys.Text("label"),
            Options = type is FieldType.Select ? options : options.Trim(),
            Required = keys.Flag("reqd"),
            Unique = keys.Flag("unique"),
            SearchIndex = keys.Flag("search_index"),
            Default = defaultValue.Length > 0 ? defaultValue : null,
            Length = keys.Number("length") ?? 0,
            Precision = keys.Number("precision"),
            PermLevel = keys.Number("permlevel") ?? 0,
            ReadOnly = keys.Flag("read_only"),
            Hidden = keys.Flag("hidden"),
            SetOnlyOnce = keys.Flag("set_only_once"),
            AllowOnSubmit = keys.Flag("allow_on_submit"),
            NoCopy = keys.Flag("no_copy"),
            NonNegative = keys.Flag("non_negative"),
            IsVirtual = keys.Flag("is_virtual"),
            FetchFrom = keys.Text("fetch_from"),
            FetchIfEmpty = keys.Flag("fetch_if_empty"),
            IgnoreUserPermissions = keys.Flag("ignore_user_permissions"),
            Description = keys.Text("description"),
            Extra = keys.Rest(),
        };
    }

    private static DocPermission Permission(JsonObjectReader keys)
    {
        var role = keys.Text("role").Trim();
        if (role.Length == 0)
        {
            throw keys.Error("the permission has no role");
        }

        var rights = Rights.None;
        foreach (var right in Enum.GetValues<Rights>())
        {
            if (right is not (Rights.None or Rights.All) && keys.Flag(right.ToString().ToLowerInvariant()))
            {
                rights |= right;
            }
        }

        return new DocPermission { Role = role, PermLevel = keys.Number("permlevel") ?? 0, IfOwner = keys.Flag("if_owner"), Rights = rights };
    }
}
