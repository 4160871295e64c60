using Microservices.Data.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Columns of links and child tables, nested rows and expanded links: what they answer and to whom.</summary>
public sealed class ListJoinTests(JoinFixture list) : IClassFixture<JoinFixture>
{
    [Theory]
    [InlineData("""fields=["name","driver.licence"]&order_by=name""", """[{"name":"t1","licence":"acme B"},{"name":"t2","licence":"acme C"},{"name":"t3","licence":null}]""")]
    [InlineData("""fields=["name","driver.licence as paper"]&filters={"driver.licence":"acme C"}""", """[{"name":"t2","paper":"acme C"}]""")]
    [InlineData("""fields=name,driver.home&order_by=driver.licence desc""", """[{"name":"t2","home":"Asia"},{"name":"t1","home":"Berlin"},{"name":"t3","home":null}]""")]
    [InlineData("""fields=["name","stops.place"]&order_by=name,stops.idx""", """[{"name":"t1","place":"a"},{"name":"t1","place":"b"},{"name":"t2","place":"a"},{"name":"t3","place":null}]""")]
    [InlineData("""fields=["name","`tabTrip Stop`.`place` as p"]&order_by=name,p&filters=[["Trip Stop","minutes",">",5]]""", """[{"name":"t1","p":"b"},{"name":"t2","p":"a"}]""")]
    [InlineData("""fields=["name","`tabTrip Stop`.place"]&filters={"spares.place":"z"}&order_by=2""", """[{"name":"t2","place":"a"},{"name":"t2","place":"z"}]""")]
    [InlineData("""fields=["stops.place","count(name) as n","sum(stops.minutes) as m"]&group_by=stops.place&order_by=stops.place""", """[{"place":null,"n":1,"m":null},{"place":"a","n":2,"m":14},{"place":"b","n":1,"m":7}]""")]
    [InlineData("""fields=["driver.home as h","count(*) as n"]&group_by=h&order_by=h""", """[{"h":null,"n":1},{"h":"Asia","n":1},{"h":"Berlin","n":1}]""")]
    [InlineData("""fields=["driver.pin","name"]&driver=Ada""", """[{"pin":"********","name":"t1"}]""")]
    public async Task FarColumn_IsJoined(string query, string expected) =>
        Assert.Equal(expected, await list.RowsAsync(query.Replace("`", "%60", StringComparison.Ordinal)));

    [Theory]
    [InlineData("""[["Trip Stop","place","=","b"]]""", "t1")]
    [InlineData("""[["Trip Stop","place","=","b",false]]""", "t1")]
    [InlineData("""[["stops.minutes","between",[8,10]]]""", "t2")]
    [InlineData("""{"stops.place":["in",["b","z"]]}""", "t1")]
    [InlineData("""{"stops.place":["is","not set"]}""", "t3")]
    [InlineData("""{"driver.home":"Asia"}""", "t2")]
    [InlineData("""{"driver.licence":["like","acme%"],"stops.place":"b"}""", "t1")]
    [InlineData("""{"driver.licence":["!=","acme B"]}""", "t2 t3")]
    [InlineData("""{"driver.licence":["like","rival%"]}""", "")]
    public async Task FarColumn_Filters(string filters, string expected) => Assert.Equal(expected, await list.WhereAsync(filters));

    [Theory]
    [InlineData("depot.name", "Depot Of Another Service")]
    [InlineData("driver.nope", "driver.nope")]
    [InlineData("driver.tenant_id", "driver.tenant_id")]
    [InlineData("stops.nope", "stops.nope")]
    [InlineData("stops.tenant_id", "stops.tenant_id")]
    [InlineData("driver.home.name", "driver.home.name")]
    [InlineData("label.name", "label.name")]
    public async Task FarColumnThatIsNotThere_Is417ThatNamesIt(string field, string named)
    {
        foreach (var query in (string[])[$"fields={field}", $$"""filters={"{{field}}":1}""", $"order_by={field}", $"group_by={field}", $$"""fields=[{"MAX":"{{field}}"}]"""])
        {
            var answer = await list.ListAsync(query);
            Assert.True(answer.Status == 417, $"{query}: {answer.Text}");
            Assert.Contains(named, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Planner", "driver.licence")]
    [InlineData("Chooser", "driver.licence")]
    [InlineData("Self", "driver.salary")]
    [InlineData("Planner", "spares.place")]
    [InlineData("Planner", "stops.remark")]
    [InlineData("Chooser", "stops.place")]
    [InlineData("Payroll", "driver.pin")]
    public async Task FarColumnThatTheCallerMayNotSee_IsLeftOutAndCannotBeAsked(string role, string field)
    {
        var caller = list.Service.As("acme", "eve@example.com", role);
        var shown = await caller.GetAsync($"""/api/resource/Trip?fields=["name","{field} as x"]""");
        Assert.True(shown.Status == 200, shown.Text);
        Assert.DoesNotContain(role == "Payroll" ? "1234" : "\"x\"", shown.Text, StringComparison.Ordinal);
        foreach (var query in (string[])[$$"""filters={"{{field}}":["!=","x1"]}""", $"order_by={field}", $"group_by={field}&fields=count(name) as n", $$"""or_filters=[["{{field}}","=","1"]]"""])
        {
            var answer = await caller.GetAsync("/api/resource/Trip?" + query);
            Assert.True(answer.Status == 403, $"{query}: {answer.Text}");
        }

        Assert.DoesNotContain("\"m\"", (await caller.GetAsync($$"""/api/resource/Trip?fields=["name",{"MAX":"{{field}}","as":"m"}]""")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinkedDocumentThatTheCallerMayNotRead_IsAsIfItWereNotThere()
    {
        var self = list.Service.As("acme", "eve@example.com", "Self");
        Assert.Equal("""[{"name":"t1","licence":null}]""", await list.RowsAsync("""fields=["name","driver.licence"]&name=t1""", self));
        Assert.Equal("", await list.WhereAsync("""{"driver.licence":["like","acme%"]}""", caller: self));
        Assert.Equal("""[{"driver":"Ada"}]""", await list.RowsAsync("""fields=["driver"]&expand=["driver"]&name=t1""", self));
        Assert.Contains("acme B", await list.RowsAsync("""fields=["name","driver.licence"]&name=t1""", list.Service.As("acme", "ann@example.com", "Self")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherTenantsDocuments_AreNeverJoined()
    {
        var rows = await list.RowsAsync("""fields=["*"]&limit=0&expand=["driver","region"]""") + await list.RowsAsync("""fields=["name","driver.licence",{"stops":["*"]}]""");
        Assert.DoesNotContain("rival", rows, StringComparison.Ordinal);
        Assert.Contains("rival B", await list.RowsAsync("""fields=["driver.licence"]""", list.Service.As("rival")), StringComparison.Ordinal);
        Assert.Equal("3", await list.RowsAsync("""fields=["count(stops.name) as n"]""") is var count ? count[6..^2] : "");
    }

    [Fact]
    public async Task NestedRows_AreAnsweredInsideTheirDocument_ByOneQueryMore()
    {
        Assert.Equal(
            """[{"name":"t1","stops":[{"place":"a","minutes":5},{"place":"b","minutes":7}]},{"name":"t2","stops":[{"place":"a","minutes":9}]},{"name":"t3","stops":[]}]""",
            await list.RowsAsync("""fields=["name",{"stops":["place","minutes"]}]&order_by=name"""));
        Assert.Equal("""[{"stops":[{"place":"a"}],"spares":[{"place":"z"}]}]""", await list.RowsAsync("""fields=[{"stops":["place"]},{"spares":["place"]}]&name=t2"""));
        Assert.Equal(2, await StatementsAsync("""fields=["name",{"stops":["place"]}]&order_by=name"""));
        Assert.Equal(3, await StatementsAsync("""fields=["driver","region"]&expand=["driver","region"]"""));
        Assert.Equal(1, await StatementsAsync("""fields=["name","driver.licence","stops.place"]"""));
        var planner = list.Service.As("acme", roles: "Planner");
        Assert.Equal("""[{"name":"t2","stops":[{"place":"a"}]}]""", await list.RowsAsync("""fields=["name",{"stops":["place","remark"]},{"spares":["place"]}]&name=t2""", planner));
    }

    [Theory]
    [InlineData("""fields=["name",{"stops":["nope"]}]""", "stops.nope")]
    [InlineData("""fields=["name",{"stops":[1]}]""", "stops")]
    [InlineData("""fields=["name",{"stops":"place"}]""", "place")]
    [InlineData("""fields=["name",{"stops":["place"]},{"stops":["minutes"]}]""", "stops")]
    [InlineData("""fields=["name",{"stops":["place"]}]&as_dict=0""", "stops")]
    [InlineData("""fields=["count(name) as n",{"stops":["place"]}]""", "stops")]
    [InlineData("""fields=["name","driver.name"]""", "name")]
    [InlineData("""fields=["name"]&expand=["label"]""", "label")]
    [InlineData("""fields=["depot"]&expand=["depot"]""", "Depot Of Another Service")]
    [InlineData("""fields=["name"]&expand={"a":1}""", "expand")]
    [InlineData("""fields=["name"]&expand=[1]""", "expand")]
    public async Task WrongRows_Are417ThatNamesThem(string query, string named)
    {
        var answer = await list.ListAsync(query);
        Assert.True(answer.Status == 417, answer.Text);
        Assert.Contains(named, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expand_ReplacesALinkByItsDocument()
    {
        var row = (await list.ListAsync("""fields=["name","driver"]&expand=["driver"]&order_by=name""")).Data;
        Assert.Equal("acme B", row[0].GetProperty("driver").GetProperty("licence").GetString());
        Assert.Equal("********", row[0].GetProperty("driver").GetProperty("pin").GetString());
        Assert.False(row[0].GetProperty("driver").TryGetProperty("salary", out _));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, row[2].GetProperty("driver").ValueKind);
        Assert.Equal("acme B", (await list.ListAsync("fields=*&expand=driver&name=t1")).Data[0].GetProperty("driver").GetProperty("licence").GetString());
        Assert.Equal("""[{"name":"t1"}]""", await list.RowsAsync("""expand=["driver"]&name=t1"""));
        Assert.Equal(20, (await list.Service.As("acme", roles: "Payroll").GetAsync("/api/resource/Trip?fields=driver&expand=driver&driver=Bo")).Data[0].GetProperty("driver").GetProperty("salary").GetInt32());
        Assert.Equal("""[{"driver":"Ada"}]""", await list.RowsAsync("fields=driver&expand=driver&name=t1", list.Service.As("acme", roles: "Planner")));
    }

    [Fact]
    public async Task ChildDocType_IsListedWithTheRightsOfItsParent()
    {
        var rows = await list.Acme.GetAsync("/api/resource/Trip Stop?parent=Trip&fields=parent,place&order_by=parent,idx&parentfield=stops");
        Assert.Equal("""[{"parent":"t1","place":"a"},{"parent":"t1","place":"b"},{"parent":"t2","place":"a"}]""", rows.Data.GetRawText());
        Assert.Equal(4, (await list.Acme.GetAsync("/api/resource/trip-stop?parent=Trip&with_total=1")).Json.GetProperty("total").GetInt32());

        var planner = list.Service.As("acme", roles: "Planner");
        Assert.Equal(3, (await planner.GetAsync("/api/resource/Trip Stop?parent=Trip&fields=*")).Data.GetArrayLength());
        Assert.DoesNotContain("remark", (await planner.GetAsync("/api/resource/Trip Stop?parent=Trip&fields=*")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await planner.GetAsync("/api/resource/Trip Stop?parent=Trip&remark=x")).Status);
        Assert.Equal(0, (await list.Service.As("acme", "eve@example.com", "Own Trips").GetAsync("/api/resource/Trip Stop?parent=Trip")).Data.GetArrayLength());
        Assert.Equal(4, (await list.Service.As("rival").GetAsync("/api/resource/Trip Stop?parent=Trip")).Data.GetArrayLength());
        Assert.Equal(0, (await list.Service.As("third").GetAsync("/api/resource/Trip Stop?parent=Trip")).Data.GetArrayLength());

        Assert.Equal(403, (await list.Acme.GetAsync("/api/resource/Trip Stop")).Status);
        Assert.Equal(403, (await list.Acme.GetAsync("/api/resource/Trip Stop?parent=")).Status);
        Assert.Equal(404, (await list.Acme.GetAsync("/api/resource/Trip Stop?parent=Nothing")).Status);
        Assert.Equal(417, (await list.Acme.GetAsync("/api/resource/Trip Stop?parent=Driver")).Status);
        Assert.Equal(403, (await list.Service.As("acme", roles: "Chooser").GetAsync("/api/resource/Trip Stop?parent=Trip")).Status);
        Assert.Equal(403, (await list.Service.As("acme", roles: "Nobody").GetAsync("/api/resource/Trip Stop?parent=Trip")).Status);
    }

    [Theory]
    [InlineData("ancestors of", "Berlin", "Europe Germany World")]
    [InlineData("Descendants Of", "Europe", "Berlin Germany")]
    [InlineData("descendants of (inclusive)", "Europe", "Berlin Europe Germany")]
    [InlineData("not ancestors of", "Berlin", "Asia Berlin")]
    [InlineData("not descendants of", "Europe", "Asia Europe World")]
    [InlineData("not descendants of (inclusive)", "Europe", "Asia World")]
    [InlineData("descendants of", "nowhere", "")]
    [InlineData("not descendants of", "nowhere", "Asia Berlin Europe Germany World")]
    [InlineData("ancestors of", "x' or 1=1 --", "")]
    public async Task PlaceInATree_IsAskedByName(string comparison, string node, string expected) =>
        Assert.Equal(expected, await list.WhereAsync($"[[\"name\",\"{comparison}\",\"{node}\"]]", "Region"));

    [Fact]
    public async Task PlaceInATree_IsAskedByLink()
    {
        Assert.Equal("t1", await list.WhereAsync("""{"region":["descendants of","Europe"]}"""));
        Assert.Equal("t1 t2", await list.WhereAsync("""{"region":["descendants of (inclusive)","Europe"]}"""));
        Assert.Equal("t2 t3", await list.WhereAsync("""{"region":["not descendants of","Europe"]}"""));
        Assert.Equal("t1", await list.WhereAsync("""{"driver.home":["descendants of","World"],"stops.place":"b"}"""));
        Assert.StartsWith("417", await list.WhereAsync("""{"label":["descendants of","Europe"]}"""), StringComparison.Ordinal);
        Assert.StartsWith("417", await list.WhereAsync("""{"driver":["descendants of","Europe"]}"""), StringComparison.Ordinal);
        Assert.StartsWith("417", await list.WhereAsync("""{"depot":["descendants of","Europe"]}"""), StringComparison.Ordinal);
        Assert.StartsWith("403", await list.WhereAsync("""{"region":["descendants of","Europe"]}""", caller: list.Service.As("acme", roles: "Payroll")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"SUM":"cost","as":"x"}""", "10.8")]
    [InlineData("""{"SUM":{"MUL":["cost","distance"]},"as":"x"}""", "32.3")]
    [InlineData("""{"ADD":["cost",{"MUL":["distance",2]}],"as":"x"}&name=t1""", "16.5")]
    [InlineData("""{"ADD":["distance",1],"as":"x"}&name=t1""", "4")]
    [InlineData("""{"SUB":[0,"cost"],"as":"x"}&name=t2""", "-0.1")]
    [InlineData("""{"DIV":["cost","distance"],"as":"x"}&name=t1""", "3.5")]
    [InlineData("""{"DIV":["distance",2],"as":"x"}&name=t1""", "1.5")]
    [InlineData("""{"DIV":["cost","distance"],"as":"x"}&name=t2""", "null")]
    [InlineData("""{"ABS":{"SUB":["cost",11]},"as":"x"}&name=t1""", "0.5")]
    [InlineData("""{"MAX":{"SUB":[0,"cost"]},"as":"x"}""", "-0.1")]
    [InlineData("""{"MIN":"day","as":"x"}""", "\"2026-02-28\"")]
    [InlineData("""{"COUNT":"*","as":"x"}""", "3")]
    [InlineData("""{"COUNT":"day","as":"x"}""", "2")]
    [InlineData("""{"IFNULL":["driver","'none'"],"as":"x"}&name=t3""", "\"none\"")]
    [InlineData("""{"NULLIF":["distance",4],"as":"x"}&name=t3""", "null")]
    [InlineData("""{"CONCAT":["name","'-'","driver"],"as":"x"}&name=t1""", "\"t1-Ada\"")]
    [InlineData("""{"CONCAT":["name","'-'","driver"],"as":"x"}&name=t3""", "null")]
    [InlineData("""{"MONTH":"day","as":"x"}&name=t1""", "2")]
    [InlineData("""{"QUARTER":"day","as":"x"}&name=t2""", "4")]
    [InlineData("""{"MONTHNAME":"day","as":"x"}&name=t1""", "\"February\"")]
    [InlineData("""{"EXTRACT":["year","creation"],"as":"x"}&name=t1""", null)]
    [InlineData("""{"EXTRACT":["DAY","day"],"as":"x"}&name=t1""", "28")]
    [InlineData("""{"LOCATE":["'1'","name"],"as":"x"}&name=t1""", "2")]
    [InlineData("""{"TIMESTAMP":"day","as":"x"}&name=t1""", "\"2026-02-28 00:00:00\"")]
    [InlineData("""{"NOW":null,"as":"x"}&name=t1""", null)]
    [InlineData("""{"MAX":"stops.minutes","as":"x"}""", "9")]
    public async Task ObjectForm_IsComputed(string field, string? expected)
    {
        var rows = await list.RowsAsync("fields=[" + field.Replace("&name", "]&name", StringComparison.Ordinal) + (field.Contains('&', StringComparison.Ordinal) ? "" : "]"));
        Assert.StartsWith("[{\"x\":", rows, StringComparison.Ordinal);
        if (expected is not null)
        {
            Assert.Equal($"[{{\"x\":{expected}}}]", rows);
        }
    }

    [Fact]
    public async Task ComputedColumn_GroupsAndSorts()
    {
        Assert.Equal("""[{"m":11,"n":1},{"m":2,"n":1},{"m":null,"n":1}]""", await list.RowsAsync("""fields=[{"MONTH":"day","as":"m"},{"COUNT":"name","as":"n"}]&group_by=m&order_by=m desc"""));
        Assert.Equal("""[{"name":"t1"},{"name":"t3"},{"name":"t2"}]""", (await list.RowsAsync("""fields=["name",{"MUL":["cost",10],"as":"c"}]&order_by=c desc""")).Replace(",\"c\":105.0", "", StringComparison.Ordinal).Replace(",\"c\":2.0", "", StringComparison.Ordinal).Replace(",\"c\":1.0", "", StringComparison.Ordinal));
        Assert.Equal("""[{"driver":"Ada","s":10.5},{"driver":null,"s":0.2},{"driver":"Bo","s":0.1}]""", await list.RowsAsync("""fields=["driver",{"SUM":"cost","as":"s"}]&group_by=driver&order_by=s desc"""));
        Assert.Equal("""[{"name":"t3"},{"name":"t2"},{"name":"t1"}]""", await list.RowsAsync("order_by=1 desc"));
    }

    [Theory]
    [InlineData("""{"SLEEP":5}""", "SLEEP")]
    [InlineData("""{"SUM":"driver"}""", "driver")]
    [InlineData("""{"SUM":"nope"}""", "nope")]
    [InlineData("""{"SUM":"*"}""", "*")]
    [InlineData("""{"SUM":{"SUM":"cost"}}""", "SUM")]
    [InlineData("""{"SUM":["cost","distance"]}""", "SUM")]
    [InlineData("""{"ADD":["cost"]}""", "ADD")]
    [InlineData("""{"ADD":["cost",1,2]}""", "ADD")]
    [InlineData("""{"ADD":["cost","driver"]}""", "driver")]
    [InlineData("""{"MONTH":"cost"}""", "cost")]
    [InlineData("""{"EXTRACT":["century","day"]}""", "century")]
    [InlineData("""{"EXTRACT":"day"}""", "EXTRACT")]
    [InlineData("""{"CONCAT":[]}""", "CONCAT")]
    [InlineData("""{"CONCAT":["name",null]}""", "CONCAT")]
    [InlineData("""{"SUM":"cost","as":"a b"}""", "a b")]
    [InlineData("""{"SUM":"cost","as":"a`b"}""", "a`b")]
    [InlineData("""{"SUM":"cost","as":1}""", "1")]
    [InlineData("""{"SUM":"cost","COUNT":"name"}""", "function")]
    [InlineData("""{"as":"x"}""", "function")]
    [InlineData("""{"MUL":[1e30,1]}""", "number")]
    [InlineData("""{"ABS":{"ABS":{"ABS":{"ABS":{"ABS":{"ABS":{"ABS":{"ABS":{"ABS":"cost"}}}}}}}}}""", "deeper")]
    [InlineData("""{"MUL":[{"MUL":[{"MUL":[{"MUL":[{"MUL":[9000000000000000000,9000000000000000000]},9000000000000000000]},9000000000000000000]},9000000000000000000]},"cost"]}""", "")]
    public async Task WrongObjectForm_Is417ThatNamesIt(string field, string named)
    {
        var answer = await list.ListAsync($"fields=[{field}]");
        Assert.True(answer.Status == 417, answer.Text);
        Assert.Contains(named, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<long> StatementsAsync(string query)
    {
        var sessions = list.Service.Services.GetRequiredService<SessionPool>();
        var before = sessions.Statements;
        var answer = await list.ListAsync(query);
        Assert.True(answer.Status == 200, answer.Text);
        return sessions.Statements - before;
    }
}
