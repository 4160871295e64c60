using Microservices.Data;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>
/// Text of raw queries that could reach a table without its tenant. Each was written against what SQLite or MariaDB would make of it,
/// and none needs to be a query that both accept: what the guard cannot be sure of it refuses.
/// </summary>
public sealed class TenantSqlGuardTests
{
    private const string T = TenantSqlGuard.TableHole;
    private const string V = TenantSqlGuard.ValueHole;

    public static TheoryData<string> Attacks =>
    [
        // a table in plain sight
        "select * from tabCustomer",
        "select * from `tabCustomer`",
        "select * from \"tabCustomer\"",
        "select * from 'tabCustomer'",
        "select * from [tabCustomer]",
        "select * from main.tabCustomer",
        "select * from `main`.`tabCustomer`",
        "select*from`tabCustomer`",
        "SELECT * FROM TABCUSTOMER",
        "select * FrOm tabCustomer",
        "select * from\ttabCustomer",
        "select * from\ntabCustomer",
        "select * from\r\n\f tabCustomer",
        "select * from(tabCustomer)",
        "select * from ((tabCustomer))",
        "select * from (((tabCustomer)))",
        $"select * from {V}",
        "select * from dual, tabCustomer",

        // beside an honest table
        $"select * from {T}, tabCustomer",
        $"select * from {T} , `tabCustomer` c",
        $"select * from {T} join tabCustomer on 1=1",
        $"select * from {T} left outer join tabCustomer on 1=1",
        $"select * from {T} natural join tabCustomer",
        $"select * from {T} cross join tabCustomer",
        $"select * from {T} straight_join tabCustomer",
        $"select * from {T} inner join (tabCustomer) on 1=1",
        $"select * from ({T}, tabCustomer)",
        $"select * from (tabCustomer, {T})",
        $"select * from (({T}), (tabCustomer))",
        $"select * from {T} join {T} on 1=1, tabCustomer",
        $"select * from {T} join {T} using (name), tabCustomer",
        $"select * from {T} join {T} on (1=1) , tabCustomer",
        $"select * from {T} join {T} on 1=1 join tabCustomer on 1=1",
        $"select * from (select 1 as a) x, tabCustomer",
        $"select * from (select 1 as a) as x, tabCustomer y",
        $"select * from (select 1) window, tabCustomer",
        $"select * from (select 1) [where], tabCustomer",
        $"select * from (select 1) `where`, tabCustomer",
        $"select * from (select 1) a\u00A0where, tabCustomer",
        $"select * from (select 1) a\u2003where, tabCustomer",
        $"select * from (select 1) a\u000Bwhere, tabCustomer",
        $"select * from {T} for system_time all, tabCustomer",
        $"select * from {T} ignore index for join (modified), tabCustomer",
        "select * from lateral (tabCustomer)",
        $"select * from {T}, lateral (tabCustomer)",

        // below
        "select (select name from tabCustomer limit 1)",
        $"select * from {T} where name in (select name from tabCustomer)",
        $"select * from {T} where exists(select 1 from tabCustomer)",
        $"select * from {T} order by (select name from tabCustomer)",
        $"select * from {T} group by (select name from tabCustomer)",
        $"select * from {T} having (select count(*) from tabCustomer) > 0",
        $"select * from {T} limit (select count(*) from tabCustomer)",
        $"select * from {T} a join {T} b on a.name = (select name from tabCustomer)",
        "select * from (select * from tabCustomer) as c",
        "select * from (select * from (select * from tabCustomer) as d) as c",
        $"select case when (select 1 from tabCustomer) then 1 end from {T}",
        "select extract(year from (select creation from tabCustomer))",
        "select extract(year from now()) from tabCustomer",
        "select trim(both 'x' from (select name from tabCustomer))",
        "select substring((select name from tabCustomer) from 1 for 2)",
        "select position('a' in (select name from tabCustomer))",

        // after
        $"select name from {T} union select name from tabCustomer",
        $"select name from {T} union all (select name from tabCustomer)",
        $"select name from {T} except select name from tabCustomer",
        $"select name from {T} intersect select name from tabCustomer",
        $"select name from {T} union table tabCustomer",
        $"select name from {T}; select name from tabCustomer",
        $"select name from {T} where 1=1 /* x */ union select name from tabCustomer",
        $"select name from {T} where 1=1 -- x\n union select name from tabCustomer",
        $"select name from {T} # x\n union select name from tabCustomer",
        $"select name from {T} where 1=1 /*!50000 union select name from tabCustomer */",

        // names of a WITH that are tables elsewhere
        "with c as (select * from tabCustomer) select * from c",
        "with tabCustomer as (select * from tabCustomer) select * from tabCustomer",
        "with x as (select * from tabCustomer), tabCustomer as (select 1 as n) select * from x",
        "with a as (with tabCustomer as (select 1 as n) select n from tabCustomer) select * from tabCustomer",
        "with `tabCustomer` as (select 1 as n) select * from `tabCustomer`",
        "with \"tabCustomer\" as (select 1 as n) select * from \"tabCustomer\"",
        "with TABCustomer as (select 1 as n) select * from tabCustomer",
        "with main as (select 1 as n) select * from main.tabCustomer",
        "with main as (select 1 as n) select * from main . tabCustomer",
        "with main as (select 1 as n) select * from `main`.`tabCustomer`",
        "with c as (select 1 as n) select * from c, tabCustomer",
        "with c as (select 1 as n) select * from c join tabCustomer",
        "with c (name) as (select name from tabCustomer) select * from c",
        "with trim (name) as (select name from tabCustomer) select * from trim",
        "with recursive c as (select name from tabCustomer) select * from c",
        "with c as materialized (select name from tabCustomer) select * from c",
        "select cast((select 1) as char), tabCustomer as (select 1) from tabCustomer",

        // a table without FROM
        "select 'x' in tabSeries",
        "select ('a','b','c') not in tabSeries",
        $"select * from {T} where (1,2,3) in `tabSeries`",
        $"select * from {T} where name in main.tabSeries",
        "table tabCustomer",
        "values (1)",

        // words that a database reads where the eye sees one
        "select 1e0from tabCustomer",
        "select 1.0from tabCustomer",
        "select .5from tabCustomer",
        "select 8e0union select name from tabCustomer",
        $"select * from {T} where 1=1e0union select name from tabCustomer",
        $"select * from {T} join {T} on 1=1.0join tabCustomer on 1=1",
        "select 0x41from tabCustomer",
        "select 'a'from tabCustomer",
        "select `name`from`tabCustomer`",
        "select \"a\"from tabCustomer",
        "select @a:=1from tabCustomer",
        "select {d '2026-01-01'} from {oj tabCustomer}",
        "select * from {oj tabCustomer left join tabItem on 1=1}",

        // quotes that two databases read differently
        "select 'a\\' from tabCustomer where ''=' '",
        "select \"a\\\" from tabCustomer where \"\"=\" \"",
        "select 'open from tabCustomer",
        "select `open from tabCustomer",
        $"select '{V}' from tabCustomer",
        $"select '{T}'",

        // not a question
        "", " ", ")", "(select 1", "select 1)", "select (1", "explain select 1",
        "insert into tabCustomer values (1)", "update tabCustomer set name='x'", "delete from tabCustomer", "replace into tabCustomer values (1)",
        "with x as (select 1) delete from tabCustomer", "with x as (select 1) update tabCustomer set name = 'x'", "with x as (select 1) insert into tabCustomer select 1",
        "drop table tabCustomer", "pragma table_info(tabCustomer)", "attach 'x' as y", "call x()", "set @a = 1", "show tables", "use mysql",
        $"select * from {T} into outfile '/tmp/x'", $"select * from {T} into @x", "select load_file('/etc/passwd')", $"select * from {T} for update",
        $"select * from {T} procedure analyse()", "select * from information_schema.tables", "select * from sqlite_master", "select * from mysql.user",
        $"select tenant_id from {T}", $"select `tenant_id` from {T}", $"select \"TENANT_ID\" from {T}", $"select x.tenant_id from {T}", $"select [tenant_id] from {T}",
        "select \0 1", $"select 1 from {T} where name = 'a'\0",
    ];

    public static TheoryData<string> Honest =>
    [
        "select 1",
        $"select * from {T}",
        $"select status, count(*) as count, sum(grand_total) as total from {T} where order_date >= {V} group by status having count(*) > {V} order by total desc limit 10",
        $"select a.name, b.rate from {T} join {T} on b.parent = a.name where a.name = {V}",
        $"select a.name from {T} left join {T} using (name, owner), {T} where 1=1",
        $"select a.name from {T}, {T} where a.name = b.parent",
        $"select a, b, c from (select name as a, owner as b, idx as c from {T}) as x",
        $"select a, b from (select name as a, owner as b from {T} union all select name, owner from {T}) as x, {T}",
        $"select * from ({T} join {T} on 1=1)",
        $"select (select count(*) from {T} where a.name = x.parent) as n from {T}",
        $"select name from {T} where name in (select parent from {T} where item_code in ({V}, {V}))",
        $"select name from {T} where name not in ('a', \"b\") and remarks = 'it''s from, join; -- /* fine */ #'",
        $"with c as (select name, owner from {T}), d (n) as (select name from c) select c.name, d.n from c, d",
        $"with recursive n as (select 1 as i union all select i + 1 from n where i < 5) select i from n",
        $"select extract(year from order_date), trim(both 'x' from name), substring(name from 1 for 2) from {T}",
        $"select case when qty > 1.5e3 then 0x1F else 1.25 end, -qty, qty * 2 from {T}",
        $"select name, row_number() over (partition by status order by name) as n from {T} where 1=1",
        $"select sum(qty) over w from {T} window w as (partition by parent order by idx), v as (order by name)",
        $"select `from`, \"order\" from {T}",
        $"select name from {T} union select name from {T} order by name limit 3 offset 2",
        $"SELECT NAME FROM {T} WHERE NAME LIKE {V}\r\n\tORDER BY NAME",
        $"select größe from {T}",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void TextThatCouldReachATable_IsRefused(string text) => Assert.Throws<TenantSqlException>(() => TenantSqlGuard.Check([text]));

    [Theory]
    [MemberData(nameof(Honest))]
    public void QueryOverScopedTables_IsAccepted(string text) => TenantSqlGuard.Check([text]);
}
