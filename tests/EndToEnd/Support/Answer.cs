using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microservices.EndToEnd.Support;

/// <summary>What came back: status, headers and body.</summary>
public sealed partial record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The document or the rows.</summary>
    public JsonElement Data => Json.GetProperty("data");

    /// <summary>The rows.</summary>
    public IReadOnlyList<JsonElement> Rows => [.. Data.EnumerateArray()];

    /// <summary>All that another caller could tell this answer from another by, with the name that was asked for made the same.</summary>
    public string Like(string name)
    {
        var same = RequestIds().Replace(Text, "ID").Replace(JsonEncodedText.Encode(name).ToString(), "NAME", StringComparison.Ordinal).Replace(name, "NAME", StringComparison.Ordinal);
        var headers = Headers.Where(header => header.Key is not ("Date" or "X-Frappe-Request-Id" or "Content-Length")).OrderBy(header => header.Key, StringComparer.Ordinal);
        return $"{(int)Status}\n{string.Join('\n', headers)}\n{same}";
    }

    /// <summary>Checks the status; a failure shows the body.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)status} was expected and {(int)Status} came: {Text}");
        return this;
    }

    /// <summary>Checks the status; a failure shows the body.</summary>
    public Answer Expect(int status) => Expect((HttpStatusCode)status);

    [GeneratedRegex("(?<=\"request_id\":\")[^\"]*")]
    private static partial Regex RequestIds();
}
