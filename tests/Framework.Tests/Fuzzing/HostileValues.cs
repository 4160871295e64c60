using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Fuzzing;

/// <summary>Values that a careless or hostile client sends, chosen by a seed.</summary>
internal sealed class HostileValues(Random random)
{
    private const int LargeCharacters = 1 << 20;
    private const int DeepLevels = 200;

    private static readonly string[] s_texts =
    [
        "", " ", "0", "-1", "1e400", "NaN", "null", "true", "undefined", "'", "\"", "`", "\\", "%", "_", "%%", "--", ";", "/*", "*/", "#",
        "' or '1'='1", "\" or 1=1 -- ", "x' union select * from `tabSecret` -- ", "`; drop table `tabCustomer`; --", "1; select sleep(9)", "@p0", "?", ":name", "{0}", "${x}", "{{7*7}}",
        "../../etc/passwd", "..%2f..%2f", "/", "a/b", ".", "..", "a.b.c", "%00", "%2e%2e", "tenant_id", "globex", "tabCustomer", "Customer", "name", "owner",
        "<script>alert(1)</script>", "é", "\u0000", "\uFEFF", "\u202Egnp", "e\u0301", "ß", "İ", "ﬀ", "𝒳", "👩‍👩‍👧‍👦", "\t\r\n", "\u2028",
        "2026-02-30", "0000-00-00", "9999-12-31 23:59:59.999999", "25:61:61", "99999999999999999999", "-9223372036854775808", "1.0000000000000000001", "0x10", "١٢٣",
        new string('a', 140), new string('a', 141), new string('é', 141), new string('9', 400),
    ];

    private static readonly string[] s_json =
    [
        "[]", "{}", "[[]]", "[{}]", "{\"\":\"\"}", "[null]", "[[\"name\",\"=\"]]", "[[\"name\",\"=\",\"x\",\"y\",\"z\",\"q\"]]", "[[\"name\",\"regex\",\"(a+)+$\"]]", "[[\"name\",\"like\",\"%%%%\"]]",
        "{\"name\":[\"in\",[]]}", "{\"name\":[\"between\",[1]]}", "{\"name\":{\"a\":1}}", "[[\"tenant_id\",\"=\",\"globex\"]]", "[[\"Secret\",\"name\",\"=\",\"x\"]]", "[\"*\"]", "[\"*\",\"name\"]",
        "[\"tenant_id\"]", "[\"count(*) as n\"]", "[\"sleep(9)\"]", "[\"(select 1)\"]", "[\"name as tenant_id\"]", "[{\"SUM\":\"name\"}]", "[{\"COUNT\":[]}]", "[{\"SLEEP\":9}]", "[\"customer.tenant_id\"]", "[\"items.item_code\"]",
        "{\"doctype\":\"Customer\"}", "{\"doctype\":1,\"name\":[]}", "[{\"doctype\":\"Nonesuch\"}]", "{\"name\":\"x\",\"docstatus\":9}", "[{\"op\":\"add\",\"path\":\"/tenant_id\",\"value\":\"globex\"}]", "[{\"op\":\"move\"}]",
        "\"text\"", "1", "1e999", "true", "{\"a\":1,\"a\":2}", "[1,2", "\"\\ud800\"",
    ];

    /// <summary>A text; now and then a very long one.</summary>
    public string Text() => random.Next(200) == 0 ? new string('x', LargeCharacters) : random.Next(3) == 0 ? s_json[random.Next(s_json.Length)] : s_texts[random.Next(s_texts.Length)];

    /// <summary>A value of any type.</summary>
    public JsonNode? Value(int depth = 0) => random.Next(depth > 2 ? 6 : 9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(3) switch { 0 => long.MaxValue, 1 => -1, _ => 0 }),
        3 => JsonValue.Create(random.Next(2) == 0 ? 1e300 : -0.0000001),
        4 or 5 => JsonValue.Create(Text()),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth + 1))]),
        7 => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"{s_texts[random.Next(s_texts.Length)]}{i}", Value(depth + 1)))),
        _ => JsonNode.Parse(new string('[', DeepLevels / 10) + new string(']', DeepLevels / 10)),
    };

    /// <summary>A body: mostly an object with the given fields, now and then no JSON at all.</summary>
    public string Body(IReadOnlyList<string> fields)
    {
        switch (random.Next(12))
        {
            case 0:
                return s_json[random.Next(s_json.Length)];
            case 1:
                return new string('[', DeepLevels) + new string(']', DeepLevels);
            default:
                var body = new JsonObject();
                foreach (var field in fields.Where(_ => random.Next(3) == 0).Append(s_standard[random.Next(s_standard.Length)]))
                {
                    body[field] = Value();
                }

                return JsonSerializer.Serialize(body);
        }
    }

    /// <summary>A type for a body.</summary>
    public string ContentType() => random.Next(10) switch
    {
        0 => "application/x-www-form-urlencoded",
        1 => "application/json-patch+json",
        2 => "application/merge-patch+json",
        3 => "text/plain",
        4 => "multipart/form-data; boundary=b",
        _ => "application/json",
    };

    /// <summary>The bytes of a body, now and then no UTF-8.</summary>
    public byte[] Bytes(string text) => random.Next(40) == 0 ? [.. Encoding.UTF8.GetBytes(text), 0xC3, 0x28] : Encoding.UTF8.GetBytes(text);

    private static readonly string[] s_standard = ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype", "parent", "parenttype", "parentfield", "tenant_id", "data", "__islocal", "flags"];
}
