namespace Microservices.Framework.Tests.Resources;

/// <summary>Lists, counts and DocTypes of the second API: its shapes, and its NULL.</summary>
public sealed class V2ListTests(V2Fixture cards) : IClassFixture<V2Fixture>
{
    private const string Cards = V2Fixture.Cards;

    [Fact]
    public async Task List_HasItsOwnShape()
    {
        Assert.Equal("""{"data":[{"name":"c"},{"name":"b"},{"name":"a"}],"has_next_page":false}""", (await cards.Acme.GetAsync(Cards)).Text);
        Assert.Equal("""{"data":[{"name":"a"}],"has_next_page":true}""", (await cards.Acme.GetAsync(Cards + "?limit=1&order_by=name asc")).Text);
        Assert.Equal("""{"data":[{"name":"b"}],"has_next_page":true}""", (await cards.Acme.GetAsync(Cards + "?limit=1&start=1&order_by=name asc")).Text);
        Assert.Equal("""{"data":[],"has_next_page":true}""", (await cards.Acme.GetAsync(Cards + "?limit=0")).Text);
        Assert.Equal("""{"data":[],"has_next_page":false}""", (await cards.Acme.GetAsync(Cards + "?limit=0&title=none")).Text);
        Assert.Equal("c b a", await cards.NamesAsync("order_by=name")); // without a direction it descends
        Assert.Equal("c b a", await cards.NamesAsync("limit_page_length=1&limit_start=2&order_by=name"));
        Assert.Equal("""{"data":[{"name":"a"}],"has_next_page":true,"count":3,"count_capped":false}""", (await cards.Acme.GetAsync(Cards + "?limit=1&order_by=name asc&include=count&as_dict=false")).Text);
        Assert.Equal("""{"data":[{"name":"c"}],"has_next_page":false}""", (await cards.Acme.GetAsync(Cards + "?fields=[\"name\",\"nope\",{\"SUM\":\"nope\"},\"nope.name\"]&title=c")).Text);
        Assert.Equal("""{"data":[{"name":"c"}],"has_next_page":false}""", (await cards.Acme.GetAsync(Cards + "?fields=[\"nope\"]&title=c")).Text);
        Assert.Equal("""{"data":[{"state":"theirs"}],"has_next_page":false}""", (await cards.Service.As("rival").GetAsync(Cards + "?fields=state")).Text);
        Assert.Equal("""{"data":[{"note":"x"},{"note":"y"}],"has_next_page":false}""", (await cards.Acme.GetAsync("/api/v2/document/Card Line?parent=Card&fields=note&order_by=idx asc")).Text);
    }

    [Theory]
    [InlineData("""{"state":"Open"}""", "a")]
    [InlineData("""{"state":["!=","Open"]}""", "b")]
    [InlineData("""[["state","Open"]]""", "a")]
    [InlineData("""[{"state":"Open"},["weight",">",0]]""", "a")]
    [InlineData("""[["Card","state","=","Open"]]""", "a")]
    [InlineData("""[["Card Line","note","=","y"]]""", "a")]
    [InlineData("""["a","c"]""", "a c")]
    [InlineData("\"b\"", "b")]
    [InlineData("b", "b")]
    [InlineData("""[["state","=","Open"],"or",["weight","=",2]]""", "a b")]
    [InlineData("""[["state","=","Open"],"OR",["weight","=",2],"and",["title","=","b"]]""", "b")]
    [InlineData("""[["title","=","b"],"and",[["state","=","Open"],"or",["weight","=",2]]]""", "b")]
    [InlineData("""[["title","=","c"],"or",[{"state":"Open","weight":1}]]""", "a c")]
    [InlineData("""{"state":""}""", "")]
    [InlineData("""{"state":null}""", "c")]
    [InlineData("""{"state":["!=",null]}""", "a b")]
    [InlineData("""{"state":["not like","O%"]}""", "b")]
    [InlineData("""{"state":["in",["Open",""]]}""", "a")]
    [InlineData("""{"state":["in",[]]}""", "")]
    [InlineData("""{"state":["in",null]}""", "")]
    [InlineData("""{"state":["not in",["Open"]]}""", "b")]
    [InlineData("""{"state":["not in",[""]]}""", "a b")]
    [InlineData("""{"state":["<","Z"]}""", "a b")]
    [InlineData("""{"state":["<=",""]}""", "")]
    [InlineData("""{"state":[">=",""]}""", "a b")]
    [InlineData("""{"day":["<","2030-01-01"]}""", "")]
    [InlineData("""{"state":["is","set"]}""", "a b")]
    [InlineData("""{"state":["is","not set"]}""", "c")]
    [InlineData("""{"weight":["is","not set"]}""", "c")]
    [InlineData("""{"state":["like","o%"]}""", "a")]
    public async Task Filter_FollowsSql(string filters, string expected) =>
        Assert.Equal(expected, await cards.NamesAsync($"order_by=name asc&filters={Uri.EscapeDataString(filters)}"));

    [Theory]
    [InlineData("filters=[[\"nope\",\"=\",1]]", 403)]
    [InlineData("filters=[[\"tenant_id\",\"=\",\"rival\"]]", 403)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\"]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"xor\",[\"state\",\"=\",\"b\"]]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\",\"and\"]", 417)]
    [InlineData("filters=[[\"state\",\"=\",\"a\"],\"or\",[[\"state\",\"=\",\"b\"],[\"state\",\"=\",\"c\"]]]", 417)]
    [InlineData("filters=[[[]]]", 417)]
    [InlineData("filters={", 417)]
    [InlineData("or_filters=[[\"state\",\"=\",\"a\"],\"or\",[\"state\",\"=\",\"b\"]]", 417)]
    [InlineData("or_filters=[[1]]", 417)]
    [InlineData("order_by=nope", 417)]
    [InlineData("nope=1", 417)]
    [InlineData("include=everything", 417)]
    [InlineData("limit=-1", 417)]
    public async Task WrongList_IsTold(string query, int status)
    {
        var answer = await cards.Acme.GetAsync($"{Cards}?{query}");
        Assert.True(answer.Status == status, answer.Text);
        V2Fixture.AssertError(answer, status == 403 ? "PermissionError" : "DataError", status);
    }

    [Fact]
    public async Task Meta_IsTheDocTypeAsFrappeWritesIt()
    {
        var answer = await cards.Service.As("acme", roles: "Nobody").GetAsync("/api/v2/doctype/card/meta?include=children");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(("DocType", "Card", "field:title"), (answer.Data.GetProperty("doctype").GetString(), answer.Data.GetProperty("name").GetString(), answer.Data.GetProperty("autoname").GetString()));
        var field = answer.Data.GetProperty("fields").EnumerateArray().First(field => field.GetProperty("fieldname").GetString() == "lines");
        Assert.Equal(("Table", "Card Line", "DocField"), (field.GetProperty("fieldtype").GetString(), field.GetProperty("options").GetString(), field.GetProperty("doctype").GetString()));
        Assert.Equal(1, answer.Data.GetProperty("fields")[0].GetProperty("reqd").GetInt32());
        var permission = answer.Data.GetProperty("permissions").EnumerateArray().First(permission => permission.GetProperty("role").GetString() == "Own Cards");
        Assert.Equal((1, 0, 1), (permission.GetProperty("read").GetInt32(), permission.GetProperty("write").GetInt32(), permission.GetProperty("if_owner").GetInt32()));
        Assert.Equal("Card Line", Assert.Single(answer.Json.GetProperty("children").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(1, (await cards.Acme.GetAsync("/api/v2/doctype/Card Line/meta")).Data.GetProperty("istable").GetInt32());
        V2Fixture.AssertError(await cards.Acme.GetAsync("/api/v2/doctype/Nothing/meta"), "DoesNotExistError", 404);
        V2Fixture.AssertError(await cards.Acme.GetAsync("/api/v2/doctype/Card/meta?include=all"), "DataError");
        V2Fixture.AssertError(await cards.Service.Nobody().GetAsync("/api/v2/doctype/Card/meta"), "AuthenticationError", 401);
    }

    [Theory]
    [InlineData("", "3")]
    [InlineData("filters={\"state\":[\"is\",\"set\"]}", "2")]
    [InlineData("filters={\"state\":[\"!=\",\"Open\"]}", "1")]
    [InlineData("state=Open", "1")]
    [InlineData("limit=2", "2")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}", "2")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}&distinct=1", "1")]
    [InlineData("filters={\"lines.note\":[\"is\",\"set\"]}&distinct=true&limit=5", "1")]
    [InlineData("filters=[[\"nope\",\"=\",1]]", "403")]
    [InlineData("fields=name", "417")]
    [InlineData("distinct=perhaps", "417")]
    [InlineData("limit=x", "417")]
    public async Task Count_IsThatOfTheList(string query, string expected)
    {
        var answer = await cards.Acme.GetAsync("/api/v2/doctype/Card/count?" + query);
        Assert.Equal(expected, answer.Status == 200 ? answer.Data.GetRawText() : $"{answer.Status}");
    }

    [Fact]
    public async Task Count_KeepsToThePermissions()
    {
        Assert.Equal("1", (await cards.Service.As("rival").GetAsync("/api/v2/doctype/Card/count")).Data.GetRawText());
        Assert.Equal("0", (await cards.Service.As("acme", "eve@example.com", "Own Cards").GetAsync("/api/v2/doctype/Card/count")).Data.GetRawText());
        Assert.Equal("2", (await cards.Acme.GetAsync("/api/v2/doctype/Card Line/count?parent=Card")).Data.GetRawText());
        Assert.Equal(403, (await cards.Acme.GetAsync("/api/v2/doctype/Card Line/count")).Status);
        Assert.Equal(403, (await cards.Service.As("acme", roles: "Nobody").GetAsync("/api/v2/doctype/Card/count")).Status);
        Assert.Equal(404, (await cards.Acme.GetAsync("/api/v2/doctype/Nothing/count")).Status);
    }
}
