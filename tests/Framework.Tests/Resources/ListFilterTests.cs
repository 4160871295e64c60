using System.Text.Json;

namespace Microservices.Framework.Tests.Resources;

public sealed class ListFilterTests(ListFixture list) : IClassFixture<ListFixture>
{
    [Theory]
    [InlineData("""{"city":"Zürich"}""", "alpha Beta")]
    [InlineData("""{"city":["=","Århus"],"flag":1}""", "gamma")]
    [InlineData("""{"city":["like","z%"],"number":[">",0]}""", "alpha")]
    [InlineData("""[["city","=","Zürich"]]""", "alpha Beta")]
    [InlineData("""[["List Probe","city","=","Zürich"],["number","<",0]]""", "Beta")]
    [InlineData("""[["List Probe","city","=","Zürich",false]]""", "alpha Beta")]
    [InlineData("""{}""", "alpha Beta gamma nothing")]
    [InlineData("""[]""", "alpha Beta gamma nothing")]
    [InlineData("null", "alpha Beta gamma nothing")]
    [InlineData("", "alpha Beta gamma nothing")]
    public async Task Shape_IsRead(string filters, string expected) => Assert.Equal(expected, await list.WhereAsync(filters));

    [Theory]
    [InlineData("{")]
    [InlineData("city = 1")]
    [InlineData("""[["city","Zürich"]]""")]
    [InlineData("""["alpha","Beta"]""")]
    [InlineData("\"alpha\"")]
    [InlineData("12")]
    [InlineData("""[{"city":"x"}]""")]
    [InlineData("""[["city","=","x"],"or",["city","=","y"]]""")]
    [InlineData("""[["city","=",{"a":1}]]""")]
    [InlineData("""[["city","in",[["a"]]]]""")]
    [InlineData("""[["Customer","city","=","x"]]""")]
    [InlineData("""[[1,"=","x"]]""")]
    [InlineData("""[["city",1,"x"]]""")]
    [InlineData("""{"city":[1,2]}""")]
    [InlineData("""{"city":["=","a","b"]}""")]
    [InlineData("""{"city":"a","city":"b"}""")]
    [InlineData("""[["number","=",1e400]]""")]
    public async Task OtherShape_Is417ThatNamesTheParameter(string filters)
    {
        foreach (var parameter in (string[])["filters", "or_filters"])
        {
            var answer = await list.ListAsync($"{parameter}={Uri.EscapeDataString(filters)}");
            Assert.Equal(417, answer.Status);
            Assert.Equal("DataError", answer.ErrorType);
            Assert.Contains(parameter, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("label", "=", "\"ALPHA\"", "alpha")]
    [InlineData("label", "!=", "\"alpha\"", "Beta gamma nothing")]
    [InlineData("label", "<>", "\"alpha\"", "Beta gamma nothing")]
    [InlineData("number", ">", "1", "gamma")]
    [InlineData("number", ">=", "1", "alpha gamma")]
    [InlineData("number", "=>", "\"1\"", "alpha gamma")]
    [InlineData("number", "<", "1", "Beta nothing")]
    [InlineData("number", "<=", "1", "alpha Beta nothing")]
    [InlineData("number", "=<", "0", "Beta nothing")]
    [InlineData("flag", "=", "true", "alpha gamma")]
    [InlineData("flag", "=", "\"0\"", "Beta nothing")]
    [InlineData("amount", "=", "10.5", "alpha")]
    [InlineData("amount", "=", "\"10.50\"", "alpha")]
    [InlineData("amount", "=", "123456789012.123456789", "gamma")]
    [InlineData("amount", ">", "9", "alpha gamma")]
    [InlineData("amount", "<", "0", "Beta")]
    [InlineData("amount", "in", "[10.5,\"-0.1\"]", "alpha Beta")]
    [InlineData("amount", "between", "[-1,11]", "alpha Beta nothing")]
    [InlineData("amount", "!=", "0", "alpha Beta gamma")]
    [InlineData("day", "=", "\"2026-01-31\"", "alpha")]
    [InlineData("day", ">", "\"2026-01-31\"", "Beta gamma")]
    [InlineData("day", ">=", "\"2026-02-28\"", "gamma")]
    [InlineData("day", "between", "[\"2026-01-31\",\"2026-02-01\"]", "alpha Beta")]
    [InlineData("day", "Between", "[\"2026-02-01\",\"2026-01-31\"]", "")]
    [InlineData("day", "in", "\"2026-01-31, 2026-02-28\"", "alpha gamma")]
    [InlineData("day", "not in", "[\"2026-01-31\"]", "Beta gamma nothing")]
    [InlineData("moment", "=", "\"2026-01-31 10:00:00.500000\"", "alpha")]
    [InlineData("moment", "=", "\"2026-01-31T10:00:00.5Z\"", "alpha")]
    [InlineData("moment", ">", "\"2026-02-01\"", "gamma")]
    [InlineData("moment", ">=", "\"2026-02-01\"", "Beta gamma")]
    [InlineData("moment", "between", "[\"2026-01-31\",\"2026-01-31\"]", "alpha")]
    [InlineData("moment", "between", "[\"2026-02-01\",\"2026-02-28\"]", "Beta gamma")]
    [InlineData("moment", "between", "[\"2026-02-01 00:00:00\",\"2026-02-28 00:00:00\"]", "Beta")]
    [InlineData("clock", "=", "\"9:05\"", "alpha")]
    [InlineData("clock", ">", "\"09:05:00\"", "Beta")]
    [InlineData("clock", "<", "\"9:05\"", "gamma nothing")]
    [InlineData("span", ">", "1", "alpha gamma")]
    [InlineData("span", "=", "1.50", "alpha")]
    [InlineData("label", "like", "\"%A%\"", "alpha Beta gamma")]
    [InlineData("label", "like", "\"alp\"", "")]
    [InlineData("label", "LIKE", "\"alph_\"", "alpha")]
    [InlineData("label", "not like", "\"%a\"", "nothing")]
    [InlineData("city", "like", "\"ZURI%\"", "alpha Beta")]
    [InlineData("city", "like", "\"%ürich\"", "alpha Beta")]
    [InlineData("city", "like", "\"a_hus\"", "gamma")]
    [InlineData("city", "=", "\"arhus\"", "gamma")]
    [InlineData("note", "like", "\"50\\\\%%\"", "Beta")]
    [InlineData("note", "like", "\"5\\\\%%\"", "")]
    [InlineData("note", "like", "\"%off\\\\_now\"", "Beta")]
    [InlineData("note", "like", "\"back\\\\\\\\%\"", "gamma")]
    [InlineData("note", "=", "\"first NOTE\"", "alpha")]
    [InlineData("number", "like", "\"2%\"", "gamma")]
    [InlineData("day", "like", "\"2026-02-%\"", "Beta gamma")]
    [InlineData("city", "in", "\"Zürich, Århus\"", "alpha Beta gamma")]
    [InlineData("label", "in", "[\"ALPHA\",\"gamma\"]", "alpha gamma")]
    [InlineData("label", "not in", "[\"ALPHA\",\"gamma\"]", "Beta nothing")]
    [InlineData("number", "in", "\"1,20\"", "alpha gamma")]
    [InlineData("kind", "is", "\"set\"", "alpha Beta gamma")]
    [InlineData("kind", "is", "\"Not Set\"", "nothing")]
    [InlineData("number", "is", "\"set\"", "alpha Beta gamma")]
    [InlineData("number", "is", "\"not set\"", "nothing")]
    [InlineData("amount", "is", "\"not set\"", "nothing")]
    [InlineData("label", "is", "\"set\"", "alpha Beta gamma nothing")]
    [InlineData("creation", "timespan", "\"today\"", "alpha Beta gamma nothing")]
    [InlineData("creation", "timespan", "\"Last 7 Days\"", "alpha Beta gamma nothing")]
    [InlineData("creation", "timespan", "\"last year\"", "")]
    [InlineData("creation", ">", "\"2020-01-01\"", "alpha Beta gamma nothing")]
    [InlineData("docstatus", "=", "0", "alpha Beta gamma nothing")]
    [InlineData("owner", "=", "\"ann@example.com\"", "alpha Beta gamma nothing")]
    public async Task Operator_Compares(string field, string comparison, string value, string expected)
    {
        var filter = JsonSerializer.Serialize(new[] { field, comparison });
        Assert.Equal(expected, await list.WhereAsync($"[{filter[..^1]},{value}]]"));
    }

    [Theory]
    // What a row with NULL answers, row by row of Frappe's v1 rules.
    [InlineData("city", "=", "\"x\"", false)]
    [InlineData("city", "like", "\"x%\"", false)]
    [InlineData("day", ">", "\"2000-01-01\"", false)]
    [InlineData("day", ">=", "\"2000-01-01\"", false)]
    [InlineData("day", "between", "[\"0001-01-01\",\"2100-01-01\"]", false)]
    [InlineData("city", "=", "\"\"", true)]
    [InlineData("city", "=", "null", true)]
    [InlineData("day", "=", "\"\"", true)]
    [InlineData("city", "!=", "\"x\"", true)]
    [InlineData("day", "!=", "\"2026-01-31\"", true)]
    [InlineData("city", "!=", "null", false)]
    [InlineData("city", "!=", "\"\"", false)]
    [InlineData("city", "not like", "\"x%\"", true)]
    [InlineData("note", "not like", "\"x%\"", true)]
    [InlineData("city", "in", "[\"a\"]", false)]
    [InlineData("city", "in", "[\"a\",\"\"]", true)]
    [InlineData("city", "in", "[]", true)]
    [InlineData("city", "in", "null", true)]
    [InlineData("city", "in", "\"\"", true)]
    [InlineData("city", "not in", "[\"a\"]", true)]
    [InlineData("city", "not in", "[\"\"]", false)]
    [InlineData("city", "not in", "[]", false)]
    [InlineData("city", "<", "\"x\"", true)]
    [InlineData("city", "<=", "\"x\"", true)]
    [InlineData("city", "<", "\"\"", false)]
    [InlineData("city", "<=", "\"\"", true)]
    [InlineData("city", ">", "\"\"", false)]
    [InlineData("city", ">=", "\"\"", true)]
    [InlineData("day", "<", "\"2026-01-01\"", true)]
    [InlineData("day", "<=", "\"2026-01-01\"", true)]
    [InlineData("day", "<", "\"\"", false)]
    [InlineData("day", ">=", "\"\"", true)]
    [InlineData("moment", "<", "\"2026-01-01\"", true)]
    [InlineData("clock", "<", "\"01:00:00\"", true)]
    [InlineData("city", "is", "\"set\"", false)]
    [InlineData("city", "is", "\"not set\"", true)]
    [InlineData("day", "is", "\"set\"", false)]
    [InlineData("day", "is", "\"not set\"", true)]
    [InlineData("span", "=", "0", true)]
    [InlineData("span", "<", "1", true)]
    [InlineData("span", ">", "-1", true)]
    [InlineData("span", ">", "0", false)]
    [InlineData("span", "!=", "0", false)]
    [InlineData("span", "!=", "1", true)]
    [InlineData("span", "in", "[0]", true)]
    [InlineData("span", "not in", "[0]", false)]
    [InlineData("span", "is", "\"not set\"", true)]
    [InlineData("number", "=", "null", true)]
    [InlineData("number", "=", "0", true)]
    [InlineData("number", "!=", "null", false)]
    [InlineData("number", "in", "[]", true)]
    [InlineData("number", "not in", "[1]", true)]
    public async Task Null_CountsAsTheEmptyValueOfItsType(string field, string comparison, string value, bool expected)
    {
        var filter = JsonSerializer.Serialize(new[] { field, comparison });
        var names = await list.WhereAsync($"[{filter[..^1]},{value}]]");
        Assert.DoesNotContain("417", names, StringComparison.Ordinal);
        Assert.Equal(expected, names.EndsWith("nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OrFilters_AreOneGroupBesideTheFilters()
    {
        Assert.Equal("alpha Beta gamma", await list.NamesAsync("""or_filters=[["number","=",1],["number","<",0],["city","=","Århus"]]"""));
        Assert.Equal("alpha gamma", await list.NamesAsync("""filters={"flag":1}&or_filters={"number":1,"kind":"Red"}"""));
        Assert.Equal("Beta nothing", await list.NamesAsync("""filters={"flag":0}&or_filters=[["city","!=","x"],["city","=","x"]]"""));
        Assert.Equal("", await list.NamesAsync("""filters={"flag":0}&or_filters={"number":1}"""));
    }

    [Fact]
    public async Task FieldAsQueryKey_IsAFilterOfEquality()
    {
        Assert.Equal("alpha Beta", await list.NamesAsync("city=z%C3%BCrich"));
        Assert.Equal("alpha", await list.NamesAsync("city=Zürich&number=1"));
        Assert.Equal("alpha", await list.NamesAsync("name=alpha"));
        Assert.Equal("nothing", await list.NamesAsync("city="));
        Assert.Equal("alpha gamma", await list.NamesAsync("""flag=1&filters={"kind":"Red"}"""));
    }

    [Theory]
    [InlineData("""[["nothing_like_it","=",1]]""", "nothing_like_it")]
    [InlineData("""[["tenant_id","=","other"]]""", "tenant_id")]
    [InlineData("""[["name; drop table x","=","other"]]""", "name; drop table x")]
    [InlineData("""[["NAME","=","alpha"]]""", "NAME")]
    [InlineData("""[["city","~","x"]]""", "~")]
    [InlineData("""[["city","= 1 or 1","x"]]""", "= 1 or 1")]
    [InlineData("""[["city","is","empty"]]""", "empty")]
    [InlineData("""[["day","between","2026-01-01"]]""", "day")]
    [InlineData("""[["day","between",["2026-01-01"]]]""", "day")]
    [InlineData("""[["day","between",["2026-01-01",null]]]""", "day")]
    [InlineData("""[["day","timespan","last 8 days"]]""", "last 8 days")]
    [InlineData("""[["day","=","yesterday"]]""", "day")]
    [InlineData("""[["day","=","2026-02-30"]]""", "day")]
    [InlineData("""[["moment","=","10:00"]]""", "moment")]
    [InlineData("""[["clock","=","25:00"]]""", "clock")]
    [InlineData("""[["number","=","one"]]""", "number")]
    [InlineData("""[["number","=",99999999999]]""", "number")]
    [InlineData("""[["amount","=","NaN"]]""", "amount")]
    [InlineData("""[["amount","between",["a","b"]]]""", "amount")]
    [InlineData("""[["flag","=","perhaps"]]""", "flag")]
    [InlineData("""[["number","in",[1,"x"]]]""", "number")]
    [InlineData("""[["city","=",["a","b"]]]""", "city")]
    [InlineData("""[["city","like",["a","b"]]]""", "city")]
    [InlineData("""[["city",">",["a"]]]""", "city")]
    public async Task WrongFilter_Is417ThatNamesIt(string filters, string named)
    {
        var answer = await list.ListAsync("filters=" + Uri.EscapeDataString(filters));
        Assert.True(answer.Status == 417, answer.Text);
        Assert.Contains(named, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooManyConditions_Are417()
    {
        var many = JsonSerializer.Serialize(Enumerable.Range(0, 101).Select(number => new object[] { "number", "!=", number }));
        Assert.StartsWith("417", await list.WhereAsync(many), StringComparison.Ordinal);
        var values = JsonSerializer.Serialize(new object[] { new object[] { "number", "in", Enumerable.Range(0, 1001) } });
        Assert.StartsWith("417", await list.WhereAsync(values), StringComparison.Ordinal);
        var allowed = JsonSerializer.Serialize(new object[] { new object[] { "number", "in", Enumerable.Range(0, 1000) } });
        Assert.Equal("alpha gamma nothing", await list.WhereAsync(allowed));
    }

    [Theory]
    [InlineData("'; drop table `tabList Probe`; --")]
    [InlineData("\" or \"\"=\"")]
    [InlineData("\\' or 1=1 -- ")]
    [InlineData("\u0000")]
    [InlineData("💩")]
    [InlineData("@p0")]
    public async Task HostileValue_IsAValue(string value)
    {
        Assert.Equal("", await list.WhereAsync(new Dictionary<string, object> { ["city"] = value }));
        Assert.Equal("", await list.WhereAsync(new Dictionary<string, object> { ["city"] = new[] { "like", value } }));
        Assert.Equal("alpha Beta gamma nothing", await list.WhereAsync(new Dictionary<string, object> { ["city"] = new[] { "!=", value } }));
    }

    [Fact]
    public async Task OtherTenantsRows_AreNeverThere()
    {
        Assert.Equal("theirs", (await list.Service.As("other").GetAsync("/api/resource/List Probe")).Data[0].GetProperty("name").GetString());
        Assert.Equal("", await list.WhereAsync("""{"name":"theirs"}"""));
        Assert.Equal("alpha", await list.NamesAsync("""or_filters=[["name","=","theirs"],["number","=",1]]"""));
    }

    [Fact]
    public async Task FieldAboveTheCallersLevel_CannotBeAskedAbout()
    {
        var reader = list.Service.As("acme", "bob@example.com", "Reader");
        Assert.Equal(403, (await reader.GetAsync("""/api/resource/List Probe?filters={"level":1}""")).Status);
        Assert.Equal(403, (await reader.GetAsync("""/api/resource/List Probe?or_filters={"level":1}""")).Status);
        Assert.Equal(403, (await reader.GetAsync("/api/resource/List Probe?level=1")).Status);
        Assert.Equal(403, (await reader.GetAsync("/api/resource/List Probe?order_by=level")).Status);
        Assert.Equal(403, (await reader.GetAsync("/api/resource/List Probe?group_by=level&fields=count(name) as n")).Status);
        var fields = await reader.GetAsync("""/api/resource/List Probe?fields=["name","level","max(level) as top"]&limit=1""");
        Assert.Equal(["name"], fields.Data[0].EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("level", (await reader.GetAsync("/api/resource/List Probe?fields=*")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallerOfOwnDocuments_SeesNoOthers()
    {
        Assert.Equal(0, (await list.Service.As("acme", "bob@example.com", "Owner Only").GetAsync("/api/resource/List Probe")).Data.GetArrayLength());
        Assert.Equal(4, (await list.Service.As("acme", "ann@example.com", "Owner Only").GetAsync("""/api/resource/List Probe?or_filters=[["owner","!=","x"]]""")).Data.GetArrayLength());
        Assert.Equal(403, (await list.Service.As("acme", "bob@example.com", "Nobody").GetAsync("/api/resource/List Probe")).Status);
    }
}
