using Microservices.DocTypes;
using Microservices.Documents;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class ClassDocTypeReaderTests
{
    public enum Mood { Calm, InLove }

    [DocType("Garden Plan", Naming = "GP-.YYYY.-.####", Module = "Garden", IsSubmittable = true, TrackChanges = true, TitleField = "title", Description = "A plan.")]
    [Permission("Gardener", Rights.Read | Rights.Create, IfOwner = true)]
    [Permission("Manager", Rights.All, PermLevel = 1)]
    public sealed class Plan : Document
    {
        [Field(Required = true, Unique = true, Label = "What", Length = 60, Description = "d", Default = "x")]
        public string Title { get; set; } = "";

        [Link("Gardener"), Field(Index = true, SetOnlyOnce = true)] public string? Keeper { get; set; }
        [Select("Draft", "Done")] public string? Status { get; set; }
        [Currency, Field(ReadOnly = true, Hidden = true, AllowOnSubmit = true, NonNegative = true, PermLevel = 2)] public decimal GrandTotal { get; set; }
        [Text] public string? Notes { get; set; }
        [FrappeType(FieldType.Data, "Email")] public string? Mail { get; set; }
        [Field(Name = "x_y")] public int XPosition { get; set; }
        [Table] public List<PlanBed> Beds { get; set; } = [];
        public IList<PlanBed> MoreBeds { get; set; } = [];
        [FrappeType(FieldType.TableMultiSelect)] public List<PlanTool> Tools { get; set; } = [];
        [NotAField] public object? Cache { get; set; }
        public string Computed => Title;
        public string Secret { get; private set; } = "";
        public static string Shared { get; set; } = "";
        internal string Inner { get; set; } = "";
    }

    public sealed class PlanBed : Document
    {
        public decimal Qty { get; set; }
    }

    [DocType("Tool of Plan")]
    public sealed class PlanTool : Document;

    [Fact]
    public void Attributes_GiveTheDocType()
    {
        var docType = ClassDocTypeReader.Read(typeof(Plan));
        Assert.Equal(("Garden Plan", "GP-.YYYY.-.####", "Garden", "title", "A plan."), (docType.Name, docType.Autoname, docType.Module, docType.TitleField, docType.Description));
        Assert.True(docType.IsSubmittable && docType.TrackChanges);
        Assert.False(docType.IsTable || docType.IsSingle);
        Assert.Equal(typeof(Plan), docType.DocumentClass);
        Assert.Contains(nameof(Plan), docType.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassWithoutAttribute_IsCalledByItsWords()
    {
        var docType = ClassDocTypeReader.Read(typeof(PlanBed));
        Assert.Equal(("Plan Bed", ""), (docType.Name, docType.Autoname));
    }

    [Fact]
    public void Fields_AreThePublicSettablePropertiesInOrder() => Assert.Equal(
        ["title", "keeper", "status", "grand_total", "notes", "mail", "x_y", "beds", "more_beds", "tools", "amended_from"],
        ClassDocTypeReader.Read(typeof(Plan)).Fields.Select(field => field.Name));

    [Fact]
    public void FieldAttribute_IsRead()
    {
        var fields = ClassDocTypeReader.Read(typeof(Plan)).Fields;
        Assert.Equal(
            new() { Name = "title", Label = "What", Required = true, Unique = true, Length = 60, Description = "d", Default = "x", Property = typeof(Plan).GetProperty("Title") },
            fields[0]);
        Assert.True(fields[1].SearchIndex && fields[1].SetOnlyOnce);
        Assert.True(fields[3].ReadOnly && fields[3].Hidden && fields[3].AllowOnSubmit && fields[3].NonNegative);
        Assert.Equal((2, "Grand Total"), (fields[3].PermLevel, fields[3].DisplayLabel));
    }

    [Fact]
    public void TypeAttributes_GiveFieldtypeAndOptions() => Assert.Equal(
        [
            (FieldType.Data, ""), (FieldType.Link, "Gardener"), (FieldType.Select, "Draft\nDone"), (FieldType.Currency, ""), (FieldType.Text, ""), (FieldType.Data, "Email"), (FieldType.Int, ""),
            (FieldType.Table, "Plan Bed"), (FieldType.Table, "Plan Bed"), (FieldType.TableMultiSelect, "Tool of Plan"), (FieldType.Link, "Garden Plan"),
        ],
        ClassDocTypeReader.Read(typeof(Plan)).Fields.Select(field => (field.Type, field.Options)));

    [Fact]
    public void Permissions_AreRead() => Assert.Equal(
        [
            new() { Role = "Gardener", Rights = Rights.Read | Rights.Create, IfOwner = true },
            new() { Role = "Manager", Rights = Rights.All, PermLevel = 1 },
        ],
        ClassDocTypeReader.Read(typeof(Plan)).Permissions.OrderBy(permission => permission.Role));

    [Fact]
    public void ChildTypes_AreTheClassesOfTheListsEachOnce() =>
        Assert.Equal([typeof(PlanBed), typeof(PlanTool)], ClassDocTypeReader.ChildTypes(typeof(Plan)));

    [Fact]
    public void ReadWithChildren_MakesTheRowsChildDocTypes() =>
        Assert.Equal([("Garden Plan", false), ("Plan Bed", true), ("Tool of Plan", true)], ClassDocTypeReader.ReadWithChildren(typeof(Plan)).Select(docType => (docType.Name, docType.IsTable)));

    public sealed class EveryType : Document
    {
        public string A { get; set; } = "";
        public int B { get; set; }
        public long C { get; set; }
        public bool D { get; set; }
        public decimal E { get; set; }
        public double F { get; set; }
        public float G { get; set; }
        public DateOnly H { get; set; }
        public DateTime I { get; set; }
        public TimeOnly J { get; set; }
        public TimeSpan K { get; set; }
        public Mood L { get; set; }
        public int? M { get; set; }
        public Mood? N { get; set; }
        public DateTime? O { get; init; }
        public bool? P { get; set; }
    }

    [Fact]
    public void DotNetTypes_GiveTheirFieldtypes() => Assert.Equal(
        [
            FieldType.Data, FieldType.Int, FieldType.Int, FieldType.Check, FieldType.Float, FieldType.Float, FieldType.Float, FieldType.Date, FieldType.Datetime,
            FieldType.Time, FieldType.Time, FieldType.Select, FieldType.Int, FieldType.Select, FieldType.Datetime, FieldType.Check,
        ],
        ClassDocTypeReader.Read(typeof(EveryType)).Fields.Select(field => field.Type));

    [Fact]
    public void EnumNames_AreTheOptions() =>
        Assert.All(ClassDocTypeReader.Read(typeof(EveryType)).Fields.Where(field => field.Type is FieldType.Select), field => Assert.Equal("Calm\nInLove", field.Options));

    public abstract class Named : Document
    {
        public string First { get; set; } = "";
        public virtual string Second { get; set; } = "";
    }

    public sealed class Derived : Named
    {
        public string Third { get; set; } = "";
        [Field(Label = "Mine")] public override string Second { get; set; } = "";
    }

    [Fact]
    public void BaseClassProperties_ComeFirstAndOverridesOnce()
    {
        var fields = ClassDocTypeReader.Read(typeof(Derived)).Fields;
        Assert.Equal(["first", "second", "third"], fields.Select(field => field.Name));
        Assert.Equal("Mine", fields[1].Label);
    }

    public sealed class HasObject : Document { public object? Thing { get; set; } }
    public sealed class HasArray : Document { public PlanBed[] Beds { get; set; } = []; }
    public sealed class HasTexts : Document { public List<string> Texts { get; set; } = []; }
    public sealed class HasGuid : Document { public Guid? Key { get; set; } }
    public sealed class HasTextLink : Document { [Link("Gardener")] public int Keeper { get; set; } }
    public sealed class HasNumberText : Document { [FrappeType(FieldType.Duration)] public TimeSpan Length { get; set; } }
    public sealed class HasLayout : Document { [FrappeType(FieldType.SectionBreak)] public string Break { get; set; } = ""; }
    public sealed class HasTableText : Document { [Table] public string Beds { get; set; } = ""; }
    public sealed class HasRowLink : Document { [Link("Plan Bed")] public List<PlanBed> Beds { get; set; } = []; }
    public sealed class HasTwoTypes : Document { [Currency, Text] public decimal Amount { get; set; } }
    public sealed class HasName : Document { public new string Name { get; set; } = ""; }
    public sealed class HasTenant : Document { public string TenantId { get; set; } = ""; }
    public sealed class HasRenamedOwner : Document { [Field(Name = "Owner")] public string Boss { get; set; } = ""; }
    public sealed class HasTwice : Document { public string AbC { get; set; } = ""; [Field(Name = "AB_c")] public string Other { get; set; } = ""; }
    public sealed class HasEmptyLink : Document { [Link("")] public string Keeper { get; set; } = ""; }
    public sealed class HasIndexedText : Document { [Text, Field(Index = true)] public string Notes { get; set; } = ""; }

    [Theory]
    [InlineData(typeof(HasObject), "Thing", "mark it [NotAField]")]
    [InlineData(typeof(HasArray), "Beds", "a List of a DocType class")]
    [InlineData(typeof(HasTexts), "Texts", "List<String> cannot be a field")]
    [InlineData(typeof(HasGuid), "Key", "Guid? cannot be a field")]
    [InlineData(typeof(HasTextLink), "Keeper", "make it a string")]
    [InlineData(typeof(HasNumberText), "Length", "make it a decimal")]
    [InlineData(typeof(HasLayout), "Break", "holds no single value")]
    [InlineData(typeof(HasTableText), "Beds", "a List of a DocType class")]
    [InlineData(typeof(HasRowLink), "Beds", "cannot be a Link")]
    [InlineData(typeof(HasTwoTypes), "Amount", "more than one attribute")]
    [InlineData(typeof(HasName), "Name", "may not be called 'name'")]
    [InlineData(typeof(HasTenant), "TenantId", "may not be called 'tenant_id'")]
    [InlineData(typeof(HasRenamedOwner), "Boss", "may not be called 'Owner'")]
    [InlineData(typeof(HasTwice), "Other", "that of the property AbC")]
    [InlineData(typeof(HasEmptyLink), "Keeper", "has no options")]
    [InlineData(typeof(HasIndexedText), "Notes", "has no index")]
    public void PropertyThatCannotBeAField_IsToldWithClassPropertyAndRemedy(Type type, string property, string remedy)
    {
        var error = Assert.Throws<DocTypeException>(() => ClassDocTypeReader.Read(type));
        Assert.Contains($"{type.Name}.{property}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    public sealed class NeedsArgument(string argument) : Document
    {
        public string Argument { get; set; } = argument;
    }

    [DocType("1 Bad")]
    public sealed class BadName : Document;

    [Theory]
    [InlineData(typeof(string), "derive it from Document")]
    [InlineData(typeof(Named), "neither abstract nor generic")]
    [InlineData(typeof(NeedsArgument), "without parameters")]
    [InlineData(typeof(BadName), "'1 Bad' is not a name")]
    public void ClassThatCannotBeADocType_IsToldWithRemedy(Type type, string remedy)
    {
        var error = Assert.Throws<DocTypeException>(() => ClassDocTypeReader.Read(type));
        Assert.Contains(type.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }
}
