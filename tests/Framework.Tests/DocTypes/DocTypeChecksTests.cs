using System.Collections.Immutable;
using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class DocTypeChecksTests
{
    [Fact]
    public void SoundSet_Passes() => DocTypeChecks.Check(
        [DocType("Order", Rows("items", "Order Item"), Link("customer", "Customer of Another Service")), DocType("Order Item", Data("qty")) with { IsTable = true }]);

    [Fact]
    public void EmptySet_Passes() => DocTypeChecks.Check([]);

    [Fact]
    public void TwoOfOneName_AreToldWithBothSources() =>
        Expect(["the DocType 'Order' is declared more than once: in a.json and b.json"], DocType("Order") with { Source = "a.json" }, DocType("Order") with { Source = "b.json" });

    [Theory]
    [InlineData("Sales-Order")]
    [InlineData("sales order")]
    public void TwoOfOnePath_AreTold(string other) => Expect(["have the same path 'sales-order'"], DocType("Sales Order"), DocType(other));

    [Fact]
    public void RowsThatAreNotHere_AreTold() => Expect(["'Order Item', which is not here"], DocType("Order", Rows("items", "Order Item")));

    [Fact]
    public void RowsOfADocTypeThatIsNoTable_AreTold() => Expect(["'Item', which is not a child DocType"], DocType("Order", Rows("items", "Item")), DocType("Item"));

    [Fact]
    public void RowsWithRows_AreTold() => Expect(["the rows of 'Order Item' cannot have rows"], DocType("Order Item", Rows("parts", "Order Item")) with { IsTable = true });

    [Fact]
    public void SingleAndTable_IsTold() => Expect(["is a single and a table"], DocType("Odd") with { IsSingle = true, IsTable = true });

    [Fact]
    public void LongestNames_Pass() => DocTypeChecks.Check([DocType(new string('D', 61), Data(new string('f', 64)))]);

    [Fact]
    public void LongerNames_AreTold() => Expect(["has 62 characters, and the longest is 61", "has 65 characters, and the longest is 64"], DocType(new string('D', 62), Data(new string('f', 65))));

    [Theory]
    [InlineData("2nd")]
    [InlineData("a-b")]
    [InlineData("a b")]
    [InlineData("a`b")]
    [InlineData("a\n")]
    [InlineData("größe")]
    public void OddFieldNames_AreTold(string name) => Expect(["is not a name for a field"], DocType("Order", Data(name)));

    [Fact]
    public void OddNamesOfLayoutFields_Pass() => DocTypeChecks.Check([DocType("Order", Data("2nd part") with { Type = FieldType.SectionBreak })]);

    [Fact]
    public void BadNamingRule_IsToldWithItsSource() => Expect(["src: Order cannot be named by 'field:nothing'"], DocType("Order") with { Autoname = "field:nothing", Source = "src" });

    [Fact]
    public void AllFindings_AreToldAtOnce() => Expect(
        ["declared more than once", "not a name for a field", "which is not here", "cannot be named by"],
        DocType("Order", Data("a-b"), Rows("items", "Nothing")),
        DocType("Order"),
        DocType("Item") with { Autoname = "SO##" });

    [Fact]
    public void TablesOfOtherApps_AreLeftOutOfFilesAndReported()
    {
        var reports = new List<string>();
        var kept = UnknownTables.LeaveOut(
            [DocType("Call", Rows("links", "Dynamic Link"), Rows("notes", "Note"), Rows("items", "Item"), Data("number")), DocType("Note"), DocType("Item") with { IsTable = true }],
            reports.Add);
        Assert.Equal(["items", "number"], kept[0].Fields.Select(field => field.Name));
        Assert.Equal(["call.json: 'links' is not served, because 'Dynamic Link' is not a child DocType of this service", "call.json: 'notes' is not served, because 'Note' is not a child DocType of this service"], reports);
        DocTypeChecks.Check(kept);
    }

    [Fact]
    public void TablesOfClasses_AreNotLeftOut()
    {
        var docType = DocType("Call", Rows("links", "Dynamic Link")) with { DocumentClass = typeof(object) };
        Assert.Equal([docType], UnknownTables.LeaveOut([docType], report => Assert.Fail(report)));
    }

    private static void Expect(string[] findings, params DocTypeDefinition[] docTypes)
    {
        var error = Assert.Throws<DocTypeException>(() => DocTypeChecks.Check(docTypes));
        Assert.Equal(findings.Length, error.Findings.Count);
        Assert.All(findings.Zip(error.Findings), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.All(error.Findings, finding => Assert.Contains(finding, error.Message, StringComparison.Ordinal));
    }

    private static DocTypeDefinition DocType(string name, params ImmutableArray<FieldDefinition> fields) =>
        new() { Name = name, Fields = fields, Source = $"{name.ToLowerInvariant()}.json" };

    private static FieldDefinition Data(string name) => new() { Name = name };

    private static FieldDefinition Link(string name, string docType) => new() { Name = name, Type = FieldType.Link, Options = docType };

    private static FieldDefinition Rows(string name, string docType) => new() { Name = name, Type = FieldType.Table, Options = docType };
}
