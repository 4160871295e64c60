using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Framework.Tests.Support;
using Microservices.Resources.Patching;

namespace Microservices.Framework.Tests.Resources;

/// <summary>PATCH in its three forms: plain, merge patch and RFC 6902.</summary>
public sealed class PatchTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Recipe/soup";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service => service.RegisterResource<Recipe>());
        _caller = _service.As("acme");
        await Isolation.Bank.Created(_caller.PostAsync("/api/resource/Recipe", new { title = "soup", serves = 2, secret = "s3cret", steps = new[] { new { text = "cut", pin = "p1n" }, new { text = "cook", pin = "p2n" } } }));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("""[{"op":"replace","path":"/serves","value":4}]""", "4 cut,cook ")]
    [InlineData("""[{"op":"add","path":"/note","value":"hot"},{"op":"test","path":"/note","value":"hot"}]""", "2 cut,cook hot")]
    [InlineData("""[{"op":"test","path":"/note","value":null},{"op":"copy","from":"/title","path":"/note"}]""", "2 cut,cook soup")]
    [InlineData("""[{"op":"add","path":"/steps/1","value":{"text":"stir"}}]""", "2 cut,stir,cook ")]
    [InlineData("""[{"op":"add","path":"/steps/-","value":{"text":"eat"}}]""", "2 cut,cook,eat ")]
    [InlineData("""[{"op":"remove","path":"/steps/0"}]""", "2 cook ")]
    [InlineData("""[{"op":"move","from":"/steps/0","path":"/steps/1"}]""", "2 cook,cut ")]
    [InlineData("""[{"op":"replace","path":"/steps/0/text","value":"chop"},{"op":"remove","path":"/serves"}]""", "0 chop,cook ")]
    [InlineData("""[{"op":"test","path":"/steps/1/text","value":"cook"},{"op":"replace","path":"/steps","value":[]}]""", "2  ")]
    [InlineData("[]", "2 cut,cook ")]
    public async Task JsonPatch_ChangesFieldsAndRows(string patch, string expected)
    {
        var answer = await PatchAsync(patch);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(expected, await SoupAsync());
        Assert.Equal(0, await _service.Database.ScalarAsync<int>("select count(*) from `tabRecipe` where `tenant_id`<>'acme'"));
    }

    [Theory]
    [InlineData("""[{"op":"replace","path":"/serves","value":4},{"op":"test","path":"/title","value":"stew"}]""", 409, "PatchTestError")]
    [InlineData("""[{"op":"test","path":"/steps/0/text","value":null}]""", 409, "PatchTestError")]
    [InlineData("""{"op":"replace"}""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/serves"}]""", 417, "DataError")]
    [InlineData("""[{"op":"burn","path":"/serves","value":1}]""", 417, "DataError")]
    [InlineData("""[{"op":"remove","path":"/steps/2"}]""", 417, "DataError")]
    [InlineData("""[{"op":"remove","path":"/steps/01"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/nosuch","value":1}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/owner","value":"me"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/tenant_id","value":"globex"}]""", 417, "DataError")]
    [InlineData("""[{"op":"test","path":"/tenant_id","value":"acme"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/name","value":"stew"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"","value":{}}]""", 417, "DataError")]
    [InlineData("""[{"op":"copy","from":"/steps","path":"/steps/-"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"serves","value":1}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/serves/~2","value":1}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/serves","value":"many"}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/serves","value":[1]}]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":7,"value":1}]""", 417, "DataError")]
    [InlineData("""[1]""", 417, "DataError")]
    [InlineData("""[{"op":"replace","path":"/title","value":"a"}""", 400, "DataError")]
    public async Task JsonPatchThatFails_ChangesNothing(string patch, int status, string error)
    {
        var answer = await PatchAsync(patch);

        Assert.True(answer.Status == status, answer.Text);
        Assert.Equal(error, answer.ErrorType);
        Assert.Equal("2 cut,cook ", await SoupAsync());
    }

    [Fact]
    public async Task JsonPatch_HasTheRightsOfAPut()
    {
        Assert.Equal(403, (await PatchAsync("""[{"op":"remove","path":"/note"}]""", _service.As("acme", "r@example.com", "Reader"))).Status);
        Assert.Equal(404, (await PatchAsync("""[{"op":"remove","path":"/note"}]""", _service.As("globex"))).Status);
        // A field that the caller may not see is not there to be tested, copied or changed.
        var cook = _service.As("acme", "c@example.com", "Cook");
        Assert.Equal(417, (await PatchAsync("""[{"op":"test","path":"/secret","value":"s3cret"}]""", cook)).Status);
        Assert.Equal(417, (await PatchAsync("""[{"op":"copy","from":"/secret","path":"/note"}]""", cook)).Status);
        await PatchAsync("""[{"op":"add","path":"/secret","value":"mine"},{"op":"move","from":"/steps/0","path":"/steps/1"}]""", cook);
        Assert.Equal("s3cret", (await _caller.GetAsync(Path)).Data.GetProperty("secret").GetString());
        Assert.Equal(["p2n", "p1n"], await _service.SqlAsync("select `pin` from `tabRecipe Step` order by `idx`"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/merge-patch+json")]
    public async Task PlainPatch_ChangesWhatItNames_AndNullClears(string type)
    {
        Assert.Equal(200, (await PatchAsync("""{"note":"hot"}""", type: type)).Status);
        Assert.Equal("2 cut,cook hot", await SoupAsync());
        Assert.Equal(200, (await PatchAsync("""{"note":null,"serves":3}""", type: type)).Status);
        Assert.Equal("3 cut,cook ", await SoupAsync());
        Assert.Equal(400, (await PatchAsync("[]", type: type)).Status);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/xml", 415)]
    public async Task OtherTypes_AreRefused(string type, int status) => Assert.Equal(status, (await PatchAsync("[]", type: type)).Status);

    // RFC 6902 appendix A, and RFC 6901 section 5.
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [InlineData("""{"baz":"qux"}""", """[{"op":"test","path":"/baz","value":"bar"}]""", null)]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz/bat","value":"qux"}]""", null)]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":"10"}]""", null)]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("""{"foo":{"bar":1}}""", """[{"op":"move","from":"/foo","path":"/foo/bar"}]""", null)]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/2","value":1}]""", null)]
    [InlineData("""{"":0,"a/b":1,"m~n":8}""", """[{"op":"test","path":"/","value":0},{"op":"test","path":"/a~1b","value":1},{"op":"test","path":"/m~0n","value":8.0}]""", """{"":0,"a/b":1,"m~n":8}""")]
    public void PatchOfTheStandard_HasItsResult(string document, string patch, string? expected)
    {
        using var operations = JsonDocument.Parse(patch);
        if (expected is null)
        {
            Assert.ThrowsAny<FrameworkException>(() => JsonPatch.Apply(JsonNode.Parse(document), JsonPatch.Parse(operations.RootElement)));
            return;
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonPatch.Apply(JsonNode.Parse(document), JsonPatch.Parse(operations.RootElement))));
    }

    private async Task<Answer> PatchAsync(string patch, TestCaller? caller = null, string type = DocumentPatch.ContentType)
    {
        using var body = new StringContent(patch, Encoding.UTF8, type);
        return await (caller ?? _caller).SendAsync(HttpMethod.Patch, Path, body);
    }

    private async Task<string> SoupAsync()
    {
        var soup = (await _caller.GetAsync(Path)).Data;
        var steps = soup.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("text").GetString());
        return $"{soup.GetProperty("serves")} {string.Join(',', steps)} {(soup.TryGetProperty("note", out var note) ? note.GetString() : "")}";
    }

    [DocType(Naming = "field:title")]
    [Permission("System Manager", Rights.All)]
    [Permission("System Manager", Rights.Read | Rights.Write, PermLevel = 1)]
    [Permission("Cook", Rights.Read | Rights.Write)]
    [Permission("Reader", Rights.Read)]
    public sealed class Recipe : Document
    {
        public string Title { get; set; } = "";

        public int Serves { get; set; }

        public string? Note { get; set; }

        [Field(PermLevel = 1)]
        public string? Secret { get; set; }

        [Table]
        public List<RecipeStep> Steps { get; set; } = [];
    }

    [DocType("Recipe Step")]
    public sealed class RecipeStep : Document
    {
        [Field(Name = "text")]
        public string? What { get; set; }

        [Field(PermLevel = 1)]
        public string? Pin { get; set; }
    }
}
