using System.Text.Json;

namespace Microservices.Framework.Tests.Resources;

public sealed class ListTests(ListFixture list) : IClassFixture<ListFixture>
{
    [Theory]
    [InlineData("", """{"name":"Beta"}""")]
    [InlineData("fields=[]", """{"name":"Beta"}""")]
    [InlineData("fields=", """{"name":"Beta"}""")]
    [InlineData("fields=[\"name\",\"number\"]", """{"name":"Beta","number":-5}""")]
    [InlineData("fields=name,number, kind", """{"name":"Beta","number":-5,"kind":"Blue"}""")]
    [InlineData("fields=\"number\"", """{"number":-5}""")]
    [InlineData("fields=[\"`name`\",\"number as n\"]", """{"name":"Beta","n":-5}""")]
    [InlineData("fields=[\"number AS `n`\"]", """{"n":-5}""")]
    [InlineData("fields=[\"amount\",\"span\",\"flag\",\"day\",\"moment\",\"clock\"]", """{"amount":-0.1,"span":0.0,"flag":0,"day":"2026-02-01","moment":"2026-02-01 00:00:00","clock":"23:59:59.999999"}""")]
    [InlineData("fields=[\"`tabList Probe`.`name`\"]", """{"name":"Beta"}""")]
    [InlineData("fields=[\"`tabList Probe`.name as id\"]", """{"id":"Beta"}""")]
    public async Task Fields_AreTheOnesAskedFor(string query, string expected)
    {
        var answer = await list.ListAsync(query + "&filters={\"name\":\"Beta\"}");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal($"[{expected}]", answer.Data.GetRawText());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("[\"*\"]")]
    [InlineData("\"*\"")]
    public async Task Star_IsEveryField(string fields)
    {
        var row = (await list.ListAsync("name=nothing&fields=" + fields)).Data[0];
        Assert.Equal(
            ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "label", "city", "note", "day", "moment", "clock", "amount", "span", "number", "flag", "kind"],
            row.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("city").ValueKind);
        Assert.Equal("0.0", row.GetProperty("amount").GetRawText());
    }

    [Theory]
    [InlineData("fields=[\"nope\"]", "nope")]
    [InlineData("fields=nope", "nope")]
    [InlineData("fields=[\"tenant_id\"]", "tenant_id")]
    [InlineData("fields=[\"name\",\"*\"]", "*")]
    [InlineData("fields=[1]", "fields")]
    [InlineData("fields=[\"name\"", "fields")]
    [InlineData("fields={\"a\":1}", "a")]
    [InlineData("fields=[{\"SLEEP\":\"name\"}]", "SLEEP")]
    [InlineData("fields=[{\"COUNT\":\"name\",\"as\":\"a b\"}]", "a b")]
    [InlineData("fields=[{\"COUNT\":{\"SUM\":\"number\"}}]", "fields")]
    [InlineData("fields=[\"sleep(5)\"]", "sleep(5)")]
    [InlineData("fields=[\"(select 1)\"]", "(select 1)")]
    [InlineData("fields=[\"name from tabX; --\"]", "name from tabX; --")]
    [InlineData("fields=[\"`tabUser`.`name`\"]", "tabUser")]
    [InlineData("fields=[\"sum(city)\"]", "city")]
    [InlineData("fields=[\"sum(*)\"]", "*")]
    [InlineData("fields=[\"name as x`y\"]", "x`y")]
    [InlineData("order_by=nope", "nope")]
    [InlineData("order_by=name sideways", "name sideways")]
    [InlineData("order_by=name;drop", "name;drop")]
    [InlineData("order_by=rand()", "rand()")]
    [InlineData("order_by=tenant_id", "tenant_id")]
    [InlineData("order_by=`tabUser`.`name`", "tabUser")]
    [InlineData("order_by=name,,number", "order")]
    [InlineData("group_by=nope", "nope")]
    [InlineData("group_by=number desc", "number desc")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit_page_length=1.5", "limit_page_length")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit_start=-1", "limit_start")]
    [InlineData("start=x", "start")]
    [InlineData("offset=x", "offset")]
    [InlineData("as_dict=maybe", "as_dict")]
    [InlineData("nope=1", "nope")]
    [InlineData("tenant_id=other", "tenant_id")]
    [InlineData("Fields=name", "Fields")]
    public async Task WrongParameter_Is417ThatNamesIt(string query, string named)
    {
        var answer = await list.ListAsync(query.Replace("`", "%60", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal));
        Assert.True(answer.Status == 417, answer.Text);
        Assert.Equal("DataError", answer.ErrorType);
        Assert.Contains(named, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=2", "alpha Beta")]
    [InlineData("limit_page_length=2", "alpha Beta")]
    [InlineData("limit_page_length=1&limit=3", "alpha")]
    [InlineData("limit=3&limit_page_length=1", "alpha")]
    [InlineData("limit=2&limit_start=1", "Beta gamma")]
    [InlineData("limit=2&start=1", "Beta gamma")]
    [InlineData("limit=2&offset=3", "nothing")]
    [InlineData("limit_start=4", "")]
    [InlineData("limit_start=2147483647", "")]
    [InlineData("limit=", "alpha Beta gamma nothing")]
    [InlineData("debug=1&_=123", "alpha Beta gamma nothing")]
    public async Task Page_IsTheOneAskedFor(string query, string expected) => Assert.Equal(expected, await list.NamesAsync(query));

    [Theory]
    [InlineData("limit=0", 4, false)]
    [InlineData("limit=0&limit_start=1", 3, false)]
    [InlineData("limit_page_length=100", 4, false)]
    [InlineData("limit=4", 4, null)]
    [InlineData("limit=1", 1, null)]
    public async Task AnswerTellsWhetherThereIsMore_WhenMoreThanAPageWasAsked(string query, int rows, bool? hasNextPage)
    {
        var answer = await list.Service.As("acme", roles: "Reader").GetAsync("/api/resource/List Probe?" + query);
        Assert.Equal(rows, answer.Data.GetArrayLength());
        Assert.Equal(hasNextPage, answer.Json.TryGetProperty("has_next_page", out var more) ? more.GetBoolean() : null);
    }

    [Fact]
    public async Task MoreThanAPage_IsCapped()
    {
        var caller = list.Service.As("crowd");
        Assert.Equal(201, (await caller.PostAsync("/api/resource/List Probe", Enumerable.Range(0, ListFixture.MaxPageSize + 1).Select(number => new { label = $"n{number}" }))).Status);
        Assert.Equal(ListFixture.MaxPageSize + 1, (await caller.GetAsync("/api/resource/List Probe?limit=5")).Data.GetArrayLength());
        Assert.Equal(ListFixture.MaxPageSize + 1, (await caller.GetAsync("/api/resource/List Probe?limit=0")).Data.GetArrayLength());
        caller = list.Service.As("crowd", roles: "Reader");
        foreach (var limit in (string[])["0", "5", "1000"])
        {
            var answer = await caller.GetAsync($"/api/resource/List Probe?limit={limit}");
            Assert.Equal(ListFixture.MaxPageSize, answer.Data.GetArrayLength());
            Assert.True(answer.Json.GetProperty("has_next_page").GetBoolean());
        }

        var rest = await caller.GetAsync($"/api/resource/List Probe?limit=0&limit_start={ListFixture.MaxPageSize}");
        Assert.Equal(1, rest.Data.GetArrayLength());
        Assert.False(rest.Json.GetProperty("has_next_page").GetBoolean());
        Assert.Equal(ListFixture.MaxPageSize, (await caller.GetAsync("/api/resource/List Probe")).Data.GetArrayLength());
    }

    [Theory]
    [InlineData("order_by=number", "Beta nothing alpha gamma")]
    [InlineData("order_by=number desc", "gamma alpha nothing Beta")]
    [InlineData("order_by=number DESC, name ASC", "gamma alpha nothing Beta")]
    [InlineData("order_by=flag,name desc", "nothing Beta gamma alpha")]
    [InlineData("order_by=amount", "Beta nothing alpha gamma")]
    [InlineData("order_by=amount desc", "gamma alpha nothing Beta")]
    [InlineData("order_by=day", "nothing alpha Beta gamma")]
    [InlineData("order_by=moment desc", "gamma Beta alpha nothing")]
    [InlineData("order_by=clock", "nothing gamma alpha Beta")]
    [InlineData("order_by=span", "nothing Beta alpha gamma")]
    [InlineData("order_by=city,label desc", "nothing gamma Beta alpha")]
    [InlineData("order_by=%60name%60", "alpha Beta gamma nothing")]
    [InlineData("order_by=%60tabList Probe%60.%60name%60 desc", "nothing gamma Beta alpha")]
    [InlineData("fields=name,number as n&order_by=n desc", "gamma alpha nothing Beta")]
    public async Task Order_IsTheOneAskedFor(string query, string expected)
    {
        var answer = await list.ListAsync(query);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(expected, string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("order_by=")]
    public async Task WithoutAnOrder_TheNewestComesFirst(string query)
    {
        var caller = list.Service.As(query.Length > 0 ? "newest1" : "newest2");
        foreach (var label in (string[])["b", "a", "c"])
        {
            await caller.PostAsync("/api/resource/List Probe", new { label });
        }

        await caller.PutAsync("/api/resource/List Probe/b", new { number = 1 });
        var answer = await caller.GetAsync("/api/resource/List Probe?" + query);
        Assert.Equal(["b", "c", "a"], answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("fields=[\"count(name) as n\"]", """[{"n":4}]""")]
    [InlineData("fields=[\"COUNT(*) as n\"]", """[{"n":4}]""")]
    [InlineData("fields=count(*)", """[{"count(*)":4}]""")]
    [InlineData("fields=[\"count(`city`) as n\"]", """[{"n":3}]""")]
    [InlineData("fields=[{\"COUNT\":\"name\",\"as\":\"n\"}]", """[{"n":4}]""")]
    [InlineData("fields=[{\"COUNT\":\"*\",\"as\":\"n\"},{\"MAX\":\"number\"}]", """[{"n":4,"max(number)":20}]""")]
    [InlineData("fields=[\"sum(amount) as total\"]", """[{"total":123456789022.523456789}]""")]
    [InlineData("fields=[\"sum(number) as s\",\"min(number) as a\",\"max(number) as b\",\"sum(flag) as f\"]", """[{"s":16,"a":-5,"b":20,"f":2}]""")]
    [InlineData("fields=[\"avg(number) as a\"]", """[{"a":4.0}]""")]
    [InlineData("fields=[\"min(day) as a\",\"max(day) as b\",\"max(moment) as c\",\"min(clock) as d\"]", """[{"a":"2026-01-31","b":"2026-02-28","c":"2026-02-28 23:59:59.999999","d":"0:00:00"}]""")]
    [InlineData("fields=[\"min(amount) as a\",\"max(amount) as b\"]", """[{"a":-0.1,"b":123456789012.123456789}]""")]
    [InlineData("fields=[\"min(label) as a\",\"max(label) as b\"]", """[{"a":"alpha","b":"nothing"}]""")]
    [InlineData("fields=[\"kind\",\"count(name) as n\"]&group_by=kind&order_by=n desc,kind", """[{"kind":"Red","n":2},{"kind":null,"n":1},{"kind":"Blue","n":1}]""")]
    [InlineData("fields=[\"kind as k\",\"sum(number) as s\"]&group_by=k&order_by=s", """[{"k":"Blue","s":-5},{"k":null,"s":0},{"k":"Red","s":21}]""")]
    [InlineData("fields=[\"kind\",\"flag\",\"count(name) as n\"]&group_by=kind, flag&order_by=kind desc&filters={\"kind\":[\"is\",\"set\"]}", """[{"kind":"Red","flag":1,"n":2},{"kind":"Blue","flag":0,"n":1}]""")]
    [InlineData("fields=[\"sum(number) as s\",\"count(name) as n\"]&filters={\"name\":\"no such\"}", """[{"s":null,"n":0}]""")]
    public async Task Aggregate_IsComputed(string query, string expected)
    {
        var answer = await list.ListAsync(query);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(expected, answer.Data.GetRawText());
    }

    [Theory]
    [InlineData("as_dict=false")]
    [InlineData("as_dict=0")]
    [InlineData("as_dict=False")]
    public async Task WithoutKeys_RowsAreArrays(string query)
    {
        var answer = await list.ListAsync(query + "&fields=name,number,city&order_by=name&limit=4");
        Assert.Equal("""[["alpha",1,"Zürich"],["Beta",-5,"zurich"],["gamma",20,"Århus"],["nothing",0,null]]""", answer.Data.GetRawText());
    }

    [Fact]
    public async Task EveryPathOfTheResource_AnswersTheSame()
    {
        var expected = (await list.ListAsync("order_by=name")).Text;
        foreach (var path in (string[])["/api/resource/List%20Probe", "/api/resource/list-probe", "/api/v1/resource/List Probe", "/api/v1/resource/list-probe/", "/api/resource/List Probe/"])
        {
            Assert.Equal(expected, (await list.Acme.GetAsync(path + "?order_by=name")).Text);
        }
    }

    [Fact]
    public async Task ParameterSentTwice_CountsOnce() => Assert.Equal("alpha", await list.NamesAsync("limit=1&limit=3&city=Z%C3%BCrich&city=x"));

    [Fact]
    public async Task Head_AnswersWithoutABody()
    {
        var answer = await list.Acme.SendAsync(HttpMethod.Head, "/api/resource/List Probe", null);
        Assert.Equal(200, answer.Status);
        Assert.Equal("", answer.Text);
        Assert.Equal(417, (await list.Acme.SendAsync(HttpMethod.Head, "/api/resource/List Probe?nope=1", null)).Status);
    }
}
