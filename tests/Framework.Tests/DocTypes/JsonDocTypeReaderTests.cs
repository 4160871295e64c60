using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class JsonDocTypeReaderTests
{
    private const string Greenhouse = """
        {
         "actions": [],
         "autoname": "field:greenhouse_name",
         "allow_rename": 0,
         "creation": "2019-02-11 10:00:00.000000",
         "description": "Where plants grow.",
         "doctype": "DocType",
         "engine": "InnoDB",
         "field_order": [
          "greenhouse_name",
          "climate_tab",
          "climate",
          "keeper",
          "beds"
         ],
         "fields": [
          { "fieldname": "beds", "fieldtype": "Table", "label": "Beds", "options": "Greenhouse Bed", "allow_on_submit": 1 },
          { "fieldname": "climate", "fieldtype": "Select", "options": "\nDry\nHumid", "default": "Dry", "set_only_once": 1 },
          { "fieldname": "climate_tab", "fieldtype": "Tab Break", "label": "Climate" },
          { "fieldname": "greenhouse_name", "fieldtype": "Data", "reqd": 1, "unique": 1, "length": 80, "bold": 1, "in_list_view": 1 },
          { "fieldname": "keeper", "fieldtype": "Link", "options": "Gardener", "fetch_from": "x.y", "fetch_if_empty": 1, "ignore_user_permissions": 1 }
         ],
         "issingle": 0,
         "links": [{ "link_doctype": "Plant", "link_fieldname": "greenhouse" }],
         "modified": "2024-05-01 08:00:00.000000",
         "module": "Garden",
         "name": "Greenhouse",
         "naming_rule": "By fieldname",
         "owner": "Administrator",
         "permissions": [
          { "role": "Gardener", "read": 1, "write": 1, "create": 1, "if_owner": 1 },
          { "role": "Gardener", "permlevel": 1, "read": 1 },
          { "role": "Garden Manager", "read": 1, "select": 1, "submit": 1, "cancel": 1, "amend": 1, "set_user_permissions": 1 }
         ],
         "sort_field": "modified",
         "states": [],
         "title_field": "greenhouse_name",
         "track_changes": 1
        }
        """;

    [Fact]
    public void PublishedFile_GivesItsFacts()
    {
        var docType = JsonDocTypeReader.Read(Greenhouse, "greenhouse.json");
        Assert.Equal("Greenhouse", docType.Name);
        Assert.Equal("Garden", docType.Module);
        Assert.Equal("field:greenhouse_name", docType.Autoname);
        Assert.Equal("greenhouse_name", docType.TitleField);
        Assert.Equal("Where plants grow.", docType.Description);
        Assert.Equal("greenhouse.json", docType.Source);
        Assert.True(docType.TrackChanges);
        Assert.False(docType.AllowRename);
        Assert.False(docType.IsTable || docType.IsSingle || docType.IsSubmittable || docType.IsTree || docType.IsVirtual);
        Assert.Null(docType.DocumentClass);
    }

    [Fact]
    public void FieldOrder_IsTheOrderOfTheFields() =>
        Assert.Equal(["greenhouse_name", "climate_tab", "climate", "keeper", "beds"], Names(JsonDocTypeReader.Read(Greenhouse, "g")));

    [Fact]
    public void FieldKeys_AreRead()
    {
        var docType = JsonDocTypeReader.Read(Greenhouse, "g");
        var name = docType.Fields[0];
        Assert.True(name.Required && name.Unique);
        Assert.Equal(80, name.Length);
        Assert.Equal("Greenhouse Name", name.DisplayLabel);
        var climate = docType.Fields[2];
        Assert.Equal((FieldType.Select, "\nDry\nHumid", "Dry", true), (climate.Type, climate.Options, climate.Default, climate.SetOnlyOnce));
        var keeper = docType.Fields[3];
        Assert.Equal((FieldType.Link, "Gardener", "x.y", true, true), (keeper.Type, keeper.Options, keeper.FetchFrom, keeper.FetchIfEmpty, keeper.IgnoreUserPermissions));
        Assert.Equal((FieldType.Table, "Greenhouse Bed", true), (docType.Fields[4].Type, docType.Fields[4].Options, docType.Fields[4].AllowOnSubmit));
    }

    [Fact]
    public void Permissions_KeepRoleLevelOwnerAndRights() => Assert.Equal(
        [
            new() { Role = "Gardener", Rights = Rights.Read | Rights.Write | Rights.Create, IfOwner = true },
            new() { Role = "Gardener", Rights = Rights.Read, PermLevel = 1 },
            new() { Role = "Garden Manager", Rights = Rights.Read | Rights.Select | Rights.Submit | Rights.Cancel | Rights.Amend },
        ],
        JsonDocTypeReader.Read(Greenhouse, "g").Permissions);

    [Fact]
    public void UnknownKeys_AreKept()
    {
        var docType = JsonDocTypeReader.Read(Greenhouse, "g");
        Assert.Equal("Plant", docType.Extra["links"][0].GetProperty("link_doctype").GetString());
        Assert.Equal("By fieldname", docType.Extra["naming_rule"].GetString());
        Assert.DoesNotContain("autoname", docType.Extra.Keys);
        Assert.Equal(["bold", "in_list_view"], docType.Fields[0].Extra.Keys.Order());
    }

    [Fact]
    public void OldFileWithoutFieldOrder_KeepsTheOrderOfItsFields() =>
        Assert.Equal(["b", "a"], Names(Read("""[{"fieldname":"b"},{"fieldname":"a"}]""")));

    [Fact]
    public void FieldThatFieldOrderForgets_ComesLast() =>
        Assert.Equal(["c", "a", "b"], Names(Read("""[{"fieldname":"a"},{"fieldname":"b"},{"fieldname":"c"}]""", """ "field_order": ["gone", "c", "c"] """)));

    [Theory]
    [InlineData("1", true)]
    [InlineData("\"1\"", true)]
    [InlineData("true", true)]
    [InlineData("1.0", true)]
    [InlineData("0", false)]
    [InlineData("\"0\"", false)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("\"\"", false)]
    public void Flag_IsReadInEveryFormThatFilesHave(string form, bool expected)
    {
        var docType = Read($$"""[{"fieldname":"a","reqd":{{form}}}]""", $"\"istable\": {form}");
        Assert.Equal(expected, docType.Fields[0].Required);
        Assert.Equal(expected, docType.IsTable);
    }

    [Theory]
    [InlineData("\"3\"", 3)]
    [InlineData("3", 3)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public void Precision_IsANumberOrText(string form, int? expected) =>
        Assert.Equal(expected, Read($$"""[{"fieldname":"a","fieldtype":"Float","precision":{{form}}}]""").Fields[0].Precision);

    [Theory]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("0", "0")]
    [InlineData("\"Today\"", "Today")]
    [InlineData("true", "1")]
    public void Default_IsTextOrNone(string form, string? expected) =>
        Assert.Equal(expected, Read($$"""[{"fieldname":"a","default":{{form}}}]""").Fields[0].Default);

    [Fact]
    public void NullValues_AreAbsentOnes()
    {
        var docType = Read("""[{"fieldname":"a","fieldtype":null,"options":null,"label":null,"length":null}]""", """ "autoname": null, "module": null, "field_order": null, "permissions": null, "allow_rename": null """);
        Assert.Equal(("", "", true), (docType.Autoname, docType.Module, docType.AllowRename));
        Assert.Equal(FieldType.Data, docType.Fields[0].Type);
    }

    [Fact]
    public void FileWithoutFields_HasNone() => Assert.Empty(JsonDocTypeReader.Read("""{"doctype":"DocType","name":"Empty"}""", "e").Fields);

    [Fact]
    public void EveryFieldtype_IsKnown()
    {
        var fields = Enum.GetValues<FieldType>().Select(type => $$"""{"fieldname":"f_{{type}}","fieldtype":"{{FieldTypes.FrappeName(type)}}","options":"x"}""");
        Assert.Equal(Enum.GetValues<FieldType>(), Read($"[{string.Join(",", fields)}]").Fields.Select(field => field.Type));
    }

    [Fact]
    public void LayoutFieldsWithoutNames_GetOnes() =>
        Assert.Equal(["section_break_1", "a", "column_break_3"], Names(Read("""[{"fieldtype":"Section Break"},{"fieldname":"a"},{"fieldname":null,"fieldtype":"Column Break"}]""")));

    [Fact]
    public void LayoutFieldsWithOptionsAndOddNames_AreTaken() =>
        Assert.Equal(["2_more", "b"], Names(Read("""[{"fieldname":"2_more","fieldtype":"Section Break","options":"fa fa-x","reqd":1},{"fieldname":"b","fieldtype":"HTML","options":"<p>x</p>"}]""")));

    [Fact]
    public void ChildDocTypeThatDeclaresItsParent_HasItOnce() =>
        Assert.Equal(["rate"], Names(Read("""[{"fieldname":"parenttype","hidden":1},{"fieldname":"rate"},{"fieldname":"parent"},{"fieldname":"parentfield"}]""", """ "istable": 1 """)));

    [Fact]
    public void SubmittableDocType_HasAmendedFrom()
    {
        var field = Assert.Single(Read("[]", """ "is_submittable": 1 """).Fields);
        Assert.Equal(("amended_from", FieldType.Link, "Shed", true, true), (field.Name, field.Type, field.Options, field.ReadOnly, field.NoCopy));
    }

    [Fact]
    public void SubmittableDocTypeThatDeclaresAmendedFromTwice_HasItOnce()
    {
        const string Declared = """{"fieldname":"amended_from","fieldtype":"Link","options":"Shed","label":"Was"}""";
        Assert.Equal("Was", Assert.Single(Read($"[{Declared},{Declared}]", """ "is_submittable": 1 """).Fields).Label);
    }

    [Fact]
    public void Tree_HasItsFields()
    {
        var docType = Read("""[{"fieldname":"is_group","fieldtype":"Check","label":"Folder"}]""", """ "is_tree": 1, "name": "Cold Frame-Part" """);
        Assert.Equal(["is_group", "lft", "rgt", "old_parent", "parent_cold_frame_part"], Names(docType));
        Assert.Equal("Folder", docType.Fields[0].Label);
        Assert.Equal("Cold Frame-Part", docType.Fields[4].Options);
    }

    [Fact]
    public void TreeWithItsOwnParentField_UsesIt() =>
        Assert.Equal(["reports_to", "lft", "rgt", "is_group", "old_parent"], Names(Read("""[{"fieldname":"reports_to","fieldtype":"Link","options":"Shed"}]""", """ "is_tree": 1, "nsm_parent_field": "reports_to" """)));

    [Fact]
    public void KeyThatStandsTwice_CountsOnce() =>
        Assert.Equal(["b"], Names(JsonDocTypeReader.Read("""{"doctype":"DocType","name":"Shed","fields":[{"fieldname":"a"}],"fields":[{"fieldname":"b"}]}""", "s")));

    [Fact]
    public void ByteOrderMark_IsNoText() => Assert.Equal("Greenhouse", JsonDocTypeReader.Read("\uFEFF" + Greenhouse, "g").Name);

    private static DocTypeDefinition Read(string fields, string more = "\"module\": \"Garden\"") =>
        JsonDocTypeReader.Read($$"""{"doctype": "DocType", "name": "Shed", "fields": {{fields}}, {{more}} }""", "shed.json");

    private static IEnumerable<string> Names(DocTypeDefinition docType) => docType.Fields.Select(field => field.Name);
}
