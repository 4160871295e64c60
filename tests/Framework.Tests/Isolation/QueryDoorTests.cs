using System.Text.Json;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>Every parameter of a list as a way to another tenant's rows or to SQL of one's own.</summary>
public sealed class QueryDoorTests(Bank bank) : IClassFixture<Bank>
{
    public static TheoryData<string> Names =>
    [
        "tenant_id", "`tenant_id`", "TENANT_ID", "tenant_id ", " tenant_id", "tabAccount.tenant_id", "`tabAccount`.`tenant_id`", "peer.tenant_id", "lines.tenant_id", "lines.peer.secret", "peer.peer.secret", "secret.name",
        "`tabAccount Line`.`tenant_id`", "`tabTicket`.`name`", "tabSeries.current", "doctype", "lines", "nosuch", "*, tenant_id", "99", "'a'", "\"a\"", "null", "", "name,secret", "name; drop table tabAccount", "name--", "name/**/",
        "name #", "name)", "(name", "(select secret from tabAccount limit 1)", "(select 1)", "case when 1=1 then name end", "name or 1=1", "name` or `tenant_id` <> '", "name`,`tenant_id", "sleep(1)", "benchmark(1,1)",
        "version()", "user()", "@@version", "@x", "load_file('/etc/passwd')", "hex(secret)", "group_concat(secret)", "sqlite_version()", "load_extension('x')", "char(1)", "count(tenant_id)", "max(tenant_id)", "sum(tenant_id)",
        "count(`tenant_id`)", "count(distinct tenant_id)", "max(name) over ()", "nаme", "name\u0000", "name\u200b", "ｎame", "na\tme", "secret\\", "name as `x`, tenant_id as `y`", "name as tenant_id, secret",
        "count(*) as `a` from `tabAccount` --", "max(secret) as x from tabAccount union select 1", "0x6e616d65", "name collate nocase", "-name", "rand()", "random()", "extract(year from creation)", "name in tabSeries",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SomethingElseThanAField_IsRefusedEverywhere(string name)
    {
        var quoted = Uri.EscapeDataString(JsonSerializer.Serialize(name));
        var escaped = Uri.EscapeDataString(name);
        string[] doors =
        [
            $"filters=[[{quoted},\"=\",\"rival\"]]",
            $"filters=[[\"Account\",{quoted},\"!=\",\"acme\"]]",
            $"filters={{{quoted}:\"rival\"}}",
            $"filters={{{quoted}:[\"like\",\"%25\"]}}",
            $"or_filters=[[{quoted},\"=\",\"rival\"]]",
            $"fields=[\"name\",{quoted}]",
            $"fields=[\"count({escaped}) as n\"]",
            $"fields=[{{\"MAX\":{quoted},\"as\":\"n\"}}]",
            $"order_by={escaped}%2Cnosuch",
            $"order_by={escaped} sideways",
            $"group_by={escaped}%2Cnosuch",
        ];
        foreach (var door in doors)
        {
            var answer = await bank.Acme.GetAsync($"/api/resource/Account?{door}");
            Assert.True(answer.Status is 417, $"{door}: {answer.Status} {answer.Text}");
            Assert.DoesNotContain("rival secret", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SomethingElseThanAField_SortsAndGroupsNothing(string name)
    {
        if (name.Trim() is "" or "name,secret")
        {
            return; // those are fields, or nothing
        }

        foreach (var parameter in (string[])["order_by", "group_by"])
        {
            var answer = await bank.Acme.GetAsync($"/api/resource/Account?{parameter}={Uri.EscapeDataString(name)}");
            Assert.True(answer.Status is 417, $"{parameter} {name}: {answer.Status} {answer.Text}");
        }

        if (name.Length > 0)
        {
            var key = await bank.Acme.GetAsync($"/api/resource/Account?{Uri.EscapeDataString(name)}=rival");
            Assert.True(key.Status is 417, $"key {name}: {key.Status} {key.Text}");
        }
    }

    public static TheoryData<string> Values =>
    [
        "rival", "' or 1=1 --", "') or (`tenant_id` <> 'x", "\\' or 1=1 #", "\" or \"\"=\"", "%", "%' escape '", "_", "\\", "\\%", "a\\", "x'); drop table `tabAccount`; --", "\u0001", "ʼ or 1=1", "＇ or 1=1", "@p0", "?", ":p0", "$1", "{0}", "null", "true", "0x27", "union select", "\U0001F600", "\ud7ff",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task HostileValue_IsOnlyAValue(string value)
    {
        var json = Uri.EscapeDataString(JsonSerializer.Serialize(value));
        foreach (var op in (string[])["=", "!=", "<>", "<", ">", "<=", ">=", "like", "not like", "in", "not in", "IS", "between", "timespan", "= 1 or `tenant_id`!=", "; drop", "regexp", "sounds like", "exists", "=\u0000", "or", ""])
        {
            foreach (var field in (string[])["name", "secret", "balance", "creation", "docstatus"])
            {
                var answer = await bank.Acme.GetAsync($"/api/resource/Account?fields=[\"name\",\"secret\",\"owner\"]&limit=0&filters=[[\"{field}\",{Uri.EscapeDataString(JsonSerializer.Serialize(op))},{json}]]");
                Assert.True(answer.Status is 200 or 417, $"{field} {op} {value}: {answer.Status} {answer.Text}");
                Assert.DoesNotContain("rival secret", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("bob@rival", answer.Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(2, (await bank.Acme.GetAsync("/api/resource/Account?filters=[[\"title\",\"in\",[\"Shared\",\"Other\"]]]")).Data.GetArrayLength());
    }

    [Theory]
    [InlineData("tenant_id=rival")]
    [InlineData("TENANT_ID=rival")]
    [InlineData("tenant=rival")]
    [InlineData("sid=x")]
    [InlineData("user=bob")]
    [InlineData("owner[]=x")]
    [InlineData("parent=Account")]
    [InlineData("cmd=frappe.client.get_list")]
    [InlineData("%60tenant_id%60=rival")]
    public async Task StrangeQueryKey_IsRefusedByItsName(string query)
    {
        var answer = await bank.Acme.GetAsync($"/api/resource/Account?{query}");

        Assert.Equal(417, answer.Status);
        Assert.Contains("Unknown parameter", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Tenant-Id")]
    [InlineData("X-Tenant")]
    [InlineData("X-Frappe-Site-Name")]
    [InlineData("X-Forwarded-Tenant")]
    [InlineData("X-Forwarded-User")]
    [InlineData("X-Internal-Token")]
    [InlineData("X-User")]
    [InlineData("Host")]
    public async Task Header_DoesNotChooseATenant(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/resource/Account/Shared");
        request.Headers.TryAddWithoutValidation(header, "rival");

        using var response = await bank.Acme.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("acme secret", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountsAndSums_AreOfOneTenant()
    {
        var tenants = new[] { bank.Service.As("sum-one"), bank.Service.As("sum-two") };
        for (var t = 0; t < tenants.Length; t++)
        {
            await Bank.Created(tenants[t].PostAsync("/api/resource/Account", Enumerable.Range(0, 5 + t).Select(i => new { title = $"S{i}", balance = (i + 1) * (t + 1) })));
        }

        for (var t = 0; t < tenants.Length; t++)
        {
            var sums = (await tenants[t].GetAsync("""/api/resource/Account?fields=["count(name) as n","sum(balance) as s","max(balance) as most","min(title) as first","avg(balance) as mean"]""")).Data[0];
            var balances = Enumerable.Range(0, 5 + t).Select(i => (decimal)((i + 1) * (t + 1))).ToList();
            Assert.Equal(balances.Count, sums.GetProperty("n").GetInt32());
            Assert.Equal(balances.Sum(), sums.GetProperty("s").GetDecimal());
            Assert.Equal(balances.Max(), sums.GetProperty("most").GetDecimal());
            Assert.Equal(balances.Average(), sums.GetProperty("mean").GetDecimal());
            Assert.Equal(5 + t, (await tenants[t].GetAsync("/accounts/count")).Json.GetProperty("count").GetInt32());
            Assert.Equal(5 + t, (await tenants[t].PostAsync("/api/method/count_accounts", new { })).Json.GetProperty("message").GetInt32());
            var groups = (await tenants[t].GetAsync("""/api/resource/Account?fields=["owner","count(*) as n"]&group_by=owner&order_by=n desc""")).Data;
            Assert.Equal(5 + t, Assert.Single(groups.EnumerateArray()).GetProperty("n").GetInt32());
        }
    }

    [Fact]
    public async Task SumsOfOneQuery_StayApart()
    {
        var caller = bank.Service.As("sum-groups");
        await Bank.Created(caller.PostAsync("/api/resource/Account", Enumerable.Range(0, 9).Select(i => new { title = $"S{i}", secret = $"group {i % 3}", balance = i + 0.1m })));

        for (var run = 0; run < 3; run++)
        {
            var groups = (await caller.GetAsync("""/api/resource/Account?fields=["secret","sum(balance) as s","avg(balance) as a","sum(docstatus) as d"]&group_by=secret&order_by=secret""")).Data;
            Assert.Equal(
                """[{"secret":"group 0","s":9.3,"a":3.1,"d":0},{"secret":"group 1","s":12.3,"a":4.1,"d":0},{"secret":"group 2","s":15.3,"a":5.1,"d":0}]""", groups.GetRawText());
            Assert.Equal("""[{"s":null,"a":null}]""", (await caller.GetAsync("""/api/resource/Account?fields=["sum(balance) as s","avg(balance) as a"]&filters=[["name","=","none"]]""")).Data.GetRawText());
        }
    }

    [Theory]
    [InlineData("filters", "[[\"name\",\"=\",\"\\ud800\"]]")]
    [InlineData("filters", "{\"\\udc00\":1}")]
    [InlineData("filters", "[[\"name\",\"\\ud800\",1]]")]
    [InlineData("filters", "[[[[[[]]]]]]")]
    [InlineData("filters", "[[\"name\",\"=\",{}]]")]
    [InlineData("filters", "[[\"name\",\"=\",[[1]]]]")]
    [InlineData("filters", "[[\"name\",\"=\",[\"a\",\"b\"]]]")]
    [InlineData("filters", "[[\"name\",\"like\",[\"a\",\"b\"]]]")]
    [InlineData("filters", "[[\"creation\",\"=\",[\"2026-01-01\"]]]")]
    [InlineData("filters", "[[\"name\",\"is\",[\"set\"]]]")]
    [InlineData("filters", "[[\"name\",\"timespan\",[\"today\"]]]")]
    [InlineData("filters", "[[\"balance\",\"=\",1e400]]")]
    [InlineData("filters", "[[\"docstatus\",\"in\",[99999999999]]]")]
    [InlineData("filters", "[null]")]
    [InlineData("filters", "[{}]")]
    [InlineData("filters", "\"name\"")]
    [InlineData("filters", "5")]
    [InlineData("filters", "[\"name\",\"=\",\"x\"]")]
    [InlineData("filters", "{\"name\":1,\"name\":2}")]
    [InlineData("filters", "[[\"Ticket\",\"name\",\"=\",\"x\"]]")]
    [InlineData("filters", "[[\"name\",\"between\",[1]]]")]
    [InlineData("filters", "not json")]
    [InlineData("fields", "[\"\\ud800\"]")]
    [InlineData("fields", "[{\"\\ud800\":\"name\"}]")]
    [InlineData("fields", "name,{\"SUM\":\"\\ud800\"}")]
    [InlineData("fields", "[{\"balance\":[\"\\ud800\"]}]")]
    [InlineData("fields", "[{\"CONCAT\":[[[[[[[[[[[]]]]]]]]]]]}]")]
    [InlineData("fields", "[{\"lines\":[{}]}]")]
    [InlineData("cursor", "\u0001")]
    [InlineData("expand", "[\"\\ud800\"]")]
    [InlineData("expand", "title")]
    [InlineData("format", "xlsx")]
    [InlineData("with_total", "[]")]
    [InlineData("fields", "[1]")]
    [InlineData("fields", "[[\"name\"]]")]
    [InlineData("fields", "{}")]
    [InlineData("fields", "[{\"SUM\":\"name\"}]")]
    [InlineData("fields", "[\"sum(name) as s\"]")]
    [InlineData("fields", "[\"count(name) as `n`, x\"]")]
    [InlineData("fields", "[\"*\",\"name\"]")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "1e3")]
    [InlineData("limit", "99999999999")]
    [InlineData("limit_start", "-5")]
    [InlineData("as_dict", "maybe")]
    [InlineData("order_by", ",")]
    [InlineData("order_by", "name,")]
    [InlineData("group_by", "name desc")]
    public async Task MalformedParameter_IsToldSo(string parameter, string value)
    {
        var answer = await bank.Acme.GetAsync($"/api/resource/Account?{parameter}={Uri.EscapeDataString(value)}");

        Assert.True(answer.Status is 417, $"{answer.Status} {answer.Text}");
        Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListOfManyColumns_IsAnsweredOrRefused()
    {
        var answer = await bank.Acme.GetAsync("/api/resource/Account?fields=" + string.Join(',', Enumerable.Repeat("name", 1500)));

        Assert.True(answer.Status is 200 or 417, answer.Text);
    }
}
