using System.Text.Json.Nodes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Data;

/// <summary>DocTypes as large as ERPNext's: from a file in Frappe's form to rows and back.</summary>
public sealed class WideDocTypeTests
{
    [Fact]
    public async Task EveryFieldtype_GoesInAndComesOut()
    {
        using var wide = new WideDocType();
        await using var service = await TestService.StartAsync(service => service.RegisterResources(wide.Folder));
        var acme = service.As("acme");
        var created = await acme.PostAsync("/api/resource/Wide Record", Body(1));
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal("WIDE-0001", created.Data.GetProperty("name").GetString());
        AssertValues(created, 1);

        var read = await acme.GetAsync("/api/resource/wide-record/WIDE-0001");
        Assert.Equal(created.Data.ToString(), read.Data.ToString());
        Assert.Equal(["r1", "r2"], read.Data.GetProperty("table_0").EnumerateArray().Select(row => row.GetProperty("note").GetString()));
        Assert.Equal("12.5", read.Data.GetProperty("table_multiselect_1").EnumerateArray().Single().GetProperty("amount").GetRawText());
        Assert.Equal(0, read.Data.GetProperty("table_1").GetArrayLength());

        var updated = await acme.PutAsync("/api/resource/Wide Record/WIDE-0001", Body(2));
        Assert.True(updated.Status == 200, updated.Text);
        AssertValues(updated, 2);
        AssertValues(await acme.GetAsync("/api/resource/Wide Record/WIDE-0001"), 2);

        var listed = await acme.GetAsync("/api/resource/Wide Record?fields=*");
        Assert.Equal(7 + WideDocType.Values.Count(), listed.Data[0].EnumerateObject().Count());

        var emptied = await acme.PutAsync("/api/resource/Wide Record/WIDE-0001", new JsonObject([.. WideDocType.Values.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, null))]));
        Assert.True(emptied.Status == 200, emptied.Text);
        Assert.Equal(
            ["Check", "Currency", "Float", "Int", "Percent", "Rating"],
            WideDocType.Values.Where(field => emptied.Data.TryGetProperty(field.Name, out _)).Select(field => field.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task MoreTextThanARowHolds_IsKept()
    {
        // 150 columns of 140 four-byte characters are more than MariaDB allows in one row.
        using var files = new DocTypeFiles();
        var fields = Enumerable.Range(0, 150).Select(number => ($"field_{number}", "Data", (JsonObject?)(number == 149 ? new JsonObject { ["unique"] = 1 } : null))).ToArray();
        await using var service = await TestService.StartAsync(files.Register("Broad", fields));
        var acme = service.As("acme");
        var body = new JsonObject([KeyValuePair.Create<string, JsonNode?>("name", "one"), .. fields.Select((field, number) => KeyValuePair.Create<string, JsonNode?>(field.Item1, new string((char)('一' + number), 140)))]);
        var created = await acme.PostAsync("/api/resource/Broad", body);
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal(created.Data.ToString(), (await acme.GetAsync("/api/resource/Broad/one")).Data.ToString());
        var found = await acme.GetAsync($"/api/resource/Broad?field_140={Uri.EscapeDataString(new string((char)('一' + 140), 140))}");
        Assert.Equal(1, found.Data.GetArrayLength());
        Assert.Equal("CharacterLengthExceededError", (await acme.PutAsync("/api/resource/Broad/one", new { field_140 = new string('x', 141) })).ErrorType);

        await using var again = await service.StartReplicaAsync(files.Register("Broad", [("new_first", "Data", null), .. fields]));
        Assert.Equal(created.Data.GetProperty("field_149").ToString(), (await again.As("acme").GetAsync("/api/resource/Broad/one")).Data.GetProperty("field_149").ToString());
    }

    private static JsonObject Body(int number)
    {
        var body = new JsonObject();
        foreach (var (name, type) in WideDocType.Values)
        {
            body[name] = System.Text.Json.JsonSerializer.SerializeToNode(WideDocType.Value(type, number).Sent);
        }

        body["table_0"] = new JsonArray(new JsonObject { ["note"] = "r1" }, new JsonObject { ["note"] = "r2" });
        body["table_multiselect_1"] = new JsonArray(new JsonObject { ["amount"] = 12.5 });
        return body;
    }

    private static void AssertValues(Answer answer, int number) =>
        Assert.All(WideDocType.Values, field => Assert.Equal(WideDocType.Value(field.Type, number).Answered, answer.Data.GetProperty(field.Name).GetRawText()));
}
