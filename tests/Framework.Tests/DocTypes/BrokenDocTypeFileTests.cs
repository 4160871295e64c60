using System.Text;
using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class BrokenDocTypeFileTests
{
    [Theory]
    [InlineData("""{"fieldname":"a","fieldtype":"Datum"}""", "'Datum' is not a fieldtype")]
    [InlineData("""{"fieldname":"a","fieldtype":"small text"}""", "'small text' is not a fieldtype")]
    [InlineData("""{"fieldtype":"Data"}""", "no fieldname")]
    [InlineData("""{"fieldname":"first"}""", "declared twice")]
    [InlineData("""{"fieldname":"First"}""", "declared twice")]
    [InlineData("""{"fieldname":"name"}""", "may not be called 'name'")]
    [InlineData("""{"fieldname":"owner"}""", "may not be called 'owner'")]
    [InlineData("""{"fieldname":"creation"}""", "may not be called")]
    [InlineData("""{"fieldname":"modified"}""", "may not be called")]
    [InlineData("""{"fieldname":"modified_by"}""", "may not be called")]
    [InlineData("""{"fieldname":"docstatus"}""", "may not be called")]
    [InlineData("""{"fieldname":"idx"}""", "may not be called")]
    [InlineData("""{"fieldname":"parent"}""", "may not be called")]
    [InlineData("""{"fieldname":"tenant_id"}""", "may not be called 'tenant_id'")]
    [InlineData("""{"fieldname":"Tenant_ID"}""", "may not be called")]
    [InlineData("""{"fieldname":"doctype"}""", "may not be called")]
    [InlineData("""{"fieldname":"a","fieldtype":"Link"}""", "Link field 'a' has no options")]
    [InlineData("""{"fieldname":"a","fieldtype":"Link","options":"  "}""", "Link field 'a' has no options")]
    [InlineData("""{"fieldname":"a","fieldtype":"Table","options":null}""", "Table field 'a' has no options")]
    [InlineData("""{"fieldname":"a","fieldtype":"Table MultiSelect"}""", "Table MultiSelect field 'a' has no options")]
    [InlineData("""{"fieldname":"a","fieldtype":"Dynamic Link"}""", "Dynamic Link field 'a' has no options")]
    [InlineData("""{"fieldname":"a","fieldtype":"Small Text","unique":1}""", "cannot be unique")]
    [InlineData("""{"fieldname":"a","fieldtype":"JSON","search_index":1}""", "has no index")]
    [InlineData("""{"fieldname":"a","reqd":"yes"}""", "'reqd' is \"yes\", and should be a whole number")]
    [InlineData("""{"fieldname":"a","permlevel":-1}""", "'permlevel' is -1")]
    [InlineData("""{"fieldname":"a","length":99999999999}""", "'length' is 99999999999")]
    [InlineData("""{"fieldname":"a","label":["x"]}""", "should be text")]
    [InlineData("\"a\"", "not an object")]
    [InlineData("null", "not an object")]
    public void BrokenField_IsToldWithFileLineAndReason(string field, string reason)
    {
        var error = Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read($$"""
            {
             "doctype": "DocType",
             "name": "Shed",
             "fields": [
              {"fieldname":"first"},
              {{field}}
             ]
            }
            """, "shed.json"));
        Assert.Equal(("shed.json", 6), (error.Origin, error.Line));
        Assert.StartsWith("shed.json, line 6: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n\"doctype\": \"DocType\",\n\"name\" \"Shed\"}", 3)]
    [InlineData("{\n\"doctype\": \"DocType\",\n\"name\": \"Shed\",\n}", 4)]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("{\"a\": NaN}", 1)]
    [InlineData("{} x", 1)]
    public void TextThatIsNotJson_IsToldWithItsLine(string json, int line)
    {
        var error = Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read(json, "shed.json"));
        Assert.Equal(line, error.Line);
        Assert.Contains("not JSON", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"{""doctype"":""DocType"",""name"":""A\ud800""}")]
    [InlineData(@"{""doctype"":""DocType"",""name"":""A"",""\ud800"":[]}")]
    [InlineData(@"{""doctype"":""DocType"",""name"":""A"",""fields"":[{""fieldname"":""\udc00""}]}")]
    public void HalfACharacter_IsToldWithTheFile(string json) =>
        Assert.Equal("a.json", Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read(json, "a.json")).Origin);

    [Fact]
    public void DeepNesting_IsRefused() =>
        Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read($$"""{"doctype":"DocType","name":"A","x":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""", "a.json"));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"doctype":"Report","name":"A"}""")]
    [InlineData("""{"doctype":1}""")]
    public void OtherJson_IsNoDocType(string json) =>
        Assert.Contains("not a DocType", Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read(json, "a.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"module\":\"x\"", "no name")]
    [InlineData("\"name\":null", "no name")]
    [InlineData("\"name\":\" \"", "no name")]
    [InlineData("\"name\":\"1 Shed\"", "not a name")]
    [InlineData("\"name\":\"Shed`; drop\"", "not a name")]
    [InlineData("\"name\":\"a/b\"", "not a name")]
    [InlineData("\"name\":\"a\\u0000b\"", "not a name")]
    [InlineData("\"name\":{}", "should be text")]
    [InlineData("\"name\":\"A\",\"fields\":{}", "'fields' is {}, and should be a list")]
    [InlineData("\"name\":\"A\",\"permissions\":[{}]", "no role")]
    [InlineData("\"name\":\"A\",\"permissions\":[1]", "not an object")]
    [InlineData("\"name\":\"A\",\"field_order\":\"a\"", "should be a list")]
    public void BrokenDocType_IsToldWithReason(string keys, string reason) =>
        Assert.Contains(reason, Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read($$"""{"doctype":"DocType",{{keys}}}""", "a.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryPrefixOfAFile_IsRefusedWithItsPlace()
    {
        const string Whole = """{"doctype":"DocType","name":"Shed","fields":[{"fieldname":"a","reqd":1}],"permissions":[{"role":"All"}]}""";
        for (var length = 0; length < Whole.Length; length++)
        {
            Assert.Equal(1, Assert.Throws<DocTypeException>(() => JsonDocTypeReader.Read(Whole[..length], "shed.json")).Line);
        }
    }

    [Fact]
    public void AnyChangedCharacter_IsReadOrRefused()
    {
        var whole = Encoding.UTF8.GetBytes("""{"doctype":"DocType","name":"Shed","field_order":["a"],"fields":[{"fieldname":"a","reqd":1}],"permissions":[{"role":"All","read":1}]}""");
        var random = new Random(11);
        for (var i = 0; i < 5_000; i++)
        {
            var text = whole.ToArray();
            text[random.Next(text.Length)] = (byte)random.Next(1, 128);
            try
            {
                JsonDocTypeReader.Read(Encoding.UTF8.GetString(text), "shed.json");
            }
            catch (DocTypeException error)
            {
                Assert.Equal("shed.json", error.Origin);
            }
        }
    }
}
