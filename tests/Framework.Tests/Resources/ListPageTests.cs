using System.Text;
using System.Text.Json;
using Microservices.Data.Sessions;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Cursors, totals, CSV files and what only developers see.</summary>
public sealed class ListPageTests : IAsyncLifetime
{
    private const string Notes = "/api/resource/Page Note";
    private TestService _service = null!;
    private TestCaller _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(
            service => service.RegisterResource<PageNote>(),
            configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Resources:MaxPageSize"] = "5",
                ["Resources:MaxExportRows"] = "12",
                ["Resources:MaxTotal"] = "9",
            }));
        _acme = _service.As("acme");
        // Ranks repeat, and every third note has none of the other values, so that cursors pass ties and NULL.
        await CreatedAsync(_acme, Enumerable.Range(0, 11).Select(i => i % 3 == 0
            ? (object)new { label = $"n{i:00}", rank = i % 4 }
            : new { label = $"n{i:00}", rank = i % 4, title = $"T{i % 2}", day = $"2026-01-{1 + (i % 3):00}", amount = i % 2 == 0 ? 10.5 : 9, span = 1 + (i % 2), body = "x" }));
        await CreatedAsync(_service.As("rival"), [new { label = "n05", title = "rival" }, new { label = "n99", title = "rival" }]);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Cursor_ReachesEveryRowOnce_InTheOrderOfTheList()
    {
        foreach (var query in new[]
        {
            "",
            "order_by=name",
            "order_by=name desc",
            "order_by=rank",
            "order_by=rank desc, title",
            "order_by=title",
            "order_by=title desc",
            "order_by=day desc, rank asc",
            "order_by=amount desc",
            "order_by=span desc, name desc",
            "order_by=span",
            "order_by=modified desc, name",
            "order_by=creation",
            "order_by=rank&filters={\"rank\":[\">\",0]}",
            "order_by=2 desc&fields=[\"name\",\"rank\"]",
        })
        {
            await ReachesEveryRowAsync(query);
        }
    }

    [Fact]
    public async Task Cursor_TellsNothingOfTheFrameworksOwnColumns()
    {
        var answer = await _acme.GetAsync(Notes + "?limit=1&cursor=&order_by=rank&fields=title");
        Assert.Equal(["title"], answer.Data[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["n00"]""", (await _acme.GetAsync(Notes + "?limit=1&cursor=&order_by=name&as_dict=0")).Data[0].GetRawText());
    }

    [Fact]
    public async Task CursorOfAnotherListOrTenant_OrNone_Is417()
    {
        var cursor = (await _acme.GetAsync(Notes + "?limit=2&cursor=&order_by=rank")).Json.GetProperty("next_cursor").GetString()!;
        var theirs = (await _service.As("rival").GetAsync(Notes + "?limit=1&cursor=&order_by=rank")).Json.GetProperty("next_cursor").GetString()!;
        var text = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
        string Changed(string from, string to) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains("n0", text, StringComparison.Ordinal);
        foreach (var query in new[]
        {
            $"order_by=rank desc&cursor={cursor}",
            $"cursor={cursor}",
            $"order_by=rank&cursor={theirs}",
            $"order_by=rank&cursor={cursor}x",
            "order_by=rank&cursor=nonsense",
            "order_by=rank&cursor=%00",
            $"order_by=rank&cursor={Changed("\"0\"", "\"x\"")}",
            $"order_by=rank&cursor={Changed("\"0\"", "{}")}",
            $"order_by=rank&cursor={Changed("]", ",\"1\"]")}",
            $"order_by=rank&cursor={Changed(text, "[]")}",
            $"order_by=rank&cursor={Changed(text, "null")}",
            $"order_by=rank&cursor={new string('A', 20_000)}",
            $"order_by=rank&limit_start=1&cursor={cursor}",
            "order_by=body&cursor=",
            "fields=rank,count(name) as n&group_by=rank&cursor=",
            "fields=count(name) as n&cursor=",
            "fields=[{\"ADD\":[\"rank\",1],\"as\":\"r\"}]&order_by=r&cursor=",
        })
        {
            var answer = await _acme.GetAsync($"{Notes}?{query}");
            Assert.True(answer.Status is 417 or 414, $"{query}: {answer.Status} {answer.Text}");
            Assert.DoesNotContain("rival", answer.Text, StringComparison.Ordinal);
        }

        var moved = await _acme.GetAsync($"{Notes}?order_by=rank&limit=100&fields=*&cursor={Changed("\"n00\"", "\"\\u0027 or 1=1 --\"")}");
        Assert.True(moved.Status == 200, moved.Text);
        Assert.DoesNotContain("rival", moved.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Total_IsCountedWithinThePermissions_AndBounded()
    {
        var answer = await _acme.GetAsync(Notes + "?with_total=1");
        Assert.Equal(9, answer.Json.GetProperty("total").GetInt32());
        Assert.True(answer.Json.GetProperty("total_capped").GetBoolean());
        var some = await _acme.GetAsync(Notes + "?with_total=true&limit=1&filters={\"rank\":3}");
        Assert.Equal(2, some.Json.GetProperty("total").GetInt32());
        Assert.False(some.Json.TryGetProperty("total_capped", out _));
        Assert.Equal(4, (await _acme.GetAsync(Notes + "?with_total=1&fields=rank,count(name) as n&group_by=rank")).Json.GetProperty("total").GetInt32());
        Assert.Equal(0, (await _service.As("acme", "eve@example.com", "Own Notes").GetAsync(Notes + "?with_total=1")).Json.GetProperty("total").GetInt32());
        Assert.Equal(2, (await _service.As("rival").GetAsync(Notes + "?with_total=1")).Json.GetProperty("total").GetInt32());
        Assert.False((await _acme.GetAsync(Notes)).Json.TryGetProperty("total", out _));
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?with_total=perhaps")).Status);
        Assert.Equal(1, await StatementsAsync(Notes));
        Assert.Equal(2, await StatementsAsync(Notes + "?with_total=1"));
    }

    [Fact]
    public async Task Csv_HoldsTheRowsOfTheList()
    {
        var answer = await _acme.GetAsync(Notes + "?format=csv&fields=name,rank,title,day,amount,span,flag&order_by=name&filters={\"name\":[\"in\",[\"n00\",\"n01\"]]}");
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("name,rank,title,day,amount,span,flag\r\nn00,0,,,0,,0\r\nn01,1,T1,2026-01-02,9,2,0\r\n", answer.Text);
        Assert.Equal("text/csv; charset=utf-8; header=present", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("attachment; filename=page-note.csv", answer.ContentHeaders.ContentDisposition!.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, Notes + "?order_by=name&limit=1");
        request.Headers.Accept.ParseAdd("text/csv");
        Assert.Equal("name\r\nn00\r\n", (await _acme.SendAsync(request)).Text);
        Assert.Equal("name\r\nn05\r\nn99\r\n", (await _service.As("rival").GetAsync(Notes + "?format=csv&order_by=name")).Text);
        Assert.Equal("n,rank\r\n3,0\r\n", (await _acme.GetAsync(Notes + "?format=csv&fields=count(name) as n,rank&group_by=rank&order_by=rank&limit=1")).Text);
        Assert.Contains("********", (await _acme.GetAsync(Notes + "?format=csv&fields=secret&limit=1")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_NeedsTheRightToExport_AndKeepsToItsBound()
    {
        Assert.Equal(403, (await _service.As("acme", roles: "Reader").GetAsync(Notes + "?format=csv")).Status);
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?format=csv&cursor=")).Status);
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?format=xml")).Status);
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?format=csv&fields=nope")).Status);
        Assert.Equal(12, (await _acme.GetAsync(Notes + "?format=csv")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        await CreatedAsync(_acme, [new { label = "m1" }, new { label = "m2" }]);
        var refused = await _acme.GetAsync(Notes + "?format=csv");
        Assert.Equal(417, refused.Status);
        Assert.Contains("12", refused.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?format=csv&limit=13")).Status);
        Assert.Equal("name\r\n", (await _acme.GetAsync(Notes + "?format=csv&limit_start=2147483647")).Text);
        Assert.Equal(4, (await _acme.GetAsync(Notes + "?format=csv&limit_start=10&limit=12")).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Csv_CellIsQuoted_AndNoFormula()
    {
        (string Value, string Cell)[] cells =
        [
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("@sum(a1)", "'@sum(a1)"),
            ("-cmd", "'-cmd"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("-5.5", "-5.5"),
            ("+7", "+7"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
            ("Zürich 💩", "Zürich 💩"),
        ];
        await CreatedAsync(_service.As("cells"), cells.Select((cell, i) => new { label = $"c{i:00}", body = cell.Value }));
        for (var i = 0; i < cells.Length; i++)
        {
            Assert.Equal($"body\r\n{cells[i].Cell}\r\n", (await _service.As("cells").GetAsync($"{Notes}?format=csv&fields=body&name=c{i:00}")).Text);
        }
    }

    [Fact]
    public async Task Page_IsLongerForCallersWhoMayExport()
    {
        Assert.Equal(11, (await _acme.GetAsync(Notes + "?limit=11")).Data.GetArrayLength());
        Assert.False((await _acme.GetAsync(Notes + "?limit=0")).Json.GetProperty("has_next_page").GetBoolean());
        var reader = await _service.As("acme", roles: "Reader").GetAsync(Notes + "?limit=0");
        Assert.Equal(5, reader.Data.GetArrayLength());
        Assert.True(reader.Json.GetProperty("has_next_page").GetBoolean());
    }

    [Fact]
    public async Task Statement_IsToldToDevelopersOnly()
    {
        Assert.False((await _acme.GetAsync(Notes + "?debug=1")).Json.TryGetProperty("_debug_messages", out _));
        Assert.Equal(417, (await _acme.GetAsync(Notes + "?debug=what")).Status);

        await using var development = await TestService.StartAsync(service => service.RegisterResource<PageNote>(), environment: "Development");
        var answer = await development.As("acme").GetAsync(Notes + "?debug=true&filters={\"title\":\"hidden value\"}");
        var messages = JsonSerializer.Deserialize<string[]>(answer.Json.GetProperty("_debug_messages").GetString()!)!;
        Assert.StartsWith("select", Assert.Single(messages), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden value", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("acme", messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreOperators_Compare()
    {
        foreach (var (filters, expected) in new[]
        {
            ("""{"title":["regex","^t[01]$"],"rank":1}""", "n01 n05"),
            ("""{"title":["ilike","t1"],"rank":1}""", "n01 n05"),
            ("""{"title":["not ilike","t%"],"rank":1}""", "n09"),
            ("""{"title":["regex","("]}""", "417"),
            ("""{"title":["regex","(?=x)"]}""", "417"),
            ("""{"title":["regex","(a)\\1"]}""", "417"),
            ("""{"title":["regex",""]}""", "417"),
            ("""{"title":["regex",["a"]]}""", "417"),
            ("""{"title":["regex","((((a{99}){99}){99}){99}){99}$"]}""", "417"),
            ("""{"creation":["next","1 week"]}""", ""),
            ("""{"creation":["previous","1 year"]}""", ""),
            ("""{"creation":["Previous","3 months"]}""", ""),
            ("""{"creation":["next","2 weeks"]}""", "417"),
            ("""{"creation":["next",["1 week"]]}""", "417"),
        })
        {
            var answer = await _acme.GetAsync($"{Notes}?order_by=name&filters={Uri.EscapeDataString(filters)}");
            Assert.Equal((filters, expected), (filters, answer.Status == 200 ? string.Join(' ', Names(answer)) : $"{answer.Status}"));
        }
    }

    [Fact]
    public async Task FieldsAndFiltersMixedUp_AreSwapped() =>
        Assert.Equal("""[{"name":"n03"},{"name":"n07"}]""", (await _acme.GetAsync($"{Notes}?order_by=name&filters=[\"name\"]&fields={{\"rank\":3}}")).Data.GetRawText());

    private async Task ReachesEveryRowAsync(string query)
    {
        var whole = await NamesAsync($"{query}&limit=100");
        var pages = new List<string>();
        var cursor = "";
        for (var page = 0; cursor is not null && page < 10; page++)
        {
            var answer = await _acme.GetAsync($"{Notes}?{query}&limit=2&cursor={Uri.EscapeDataString(cursor)}");
            Assert.True(answer.Status == 200, answer.Text);
            pages.AddRange(Names(answer));
            cursor = answer.Json.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(whole.Order(), pages.Order());
        Assert.Equal(pages.Count, pages.Distinct().Count());
        var keyed = await NamesAsync($"{query}&limit=100&cursor=");
        Assert.Equal(keyed, pages);
    }

    private async Task<List<string>> NamesAsync(string query)
    {
        var answer = await _acme.GetAsync($"{Notes}?{query}");
        Assert.True(answer.Status == 200, answer.Text);
        return Names(answer);
    }

    private static List<string> Names(Answer answer) => [.. answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];

    private async Task<long> StatementsAsync(string path)
    {
        var sessions = _service.Services.GetRequiredService<SessionPool>();
        var before = sessions.Statements;
        Assert.Equal(200, (await _acme.GetAsync(path)).Status);
        return sessions.Statements - before;
    }

    private static async Task CreatedAsync(TestCaller caller, IEnumerable<object> documents)
    {
        var answer = await caller.PostAsync(Notes, documents);
        Assert.True(answer.Status == 201, answer.Text);
    }
}

[DocType("Page Note", Naming = "field:label")]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
[Permission("Own Notes", Rights.Read, IfOwner = true)]
public sealed class PageNote : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    public int Rank { get; set; }

    public string? Title { get; set; }

    public DateOnly? Day { get; set; }

    [Currency]
    public decimal Amount { get; set; }

    [FrappeType(FieldType.Duration)]
    public decimal? Span { get; set; }

    public bool Flag { get; set; }

    [Text]
    public string? Body { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Secret { get; set; } = "pin";
}
