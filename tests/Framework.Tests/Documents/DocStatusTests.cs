using System.Text.Json;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Draft, submitted, cancelled: the steps that exist, and what each lets change.</summary>
public sealed class DocStatusTests(JourneyService journeys) : IClassFixture<JourneyService>
{
    private readonly TestCaller _caller = journeys.NewTenant();

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(0, 1, "")]
    [InlineData(0, 2, "DocstatusTransitionError")]
    [InlineData(1, 0, "DocstatusTransitionError")]
    [InlineData(1, 1, "")]
    [InlineData(1, 2, "")]
    [InlineData(2, 0, "ValidationError")]
    [InlineData(2, 1, "ValidationError")]
    [InlineData(2, 2, "ValidationError")]
    public async Task Step_ExistsOrIsRefused(int from, int to, string error)
    {
        var name = await CreateAsync(from);

        var answer = await _caller.PutAsync(name, new { docstatus = to });

        Assert.Equal(error.Length > 0 ? 417 : 200, answer.Status);
        Assert.Equal(error, error.Length > 0 ? answer.ErrorType : "");
        Assert.Equal(error.Length > 0 ? from : to, (await _caller.GetAsync(name)).Data.GetProperty("docstatus").GetInt32());
    }

    [Theory]
    [InlineData("3")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"submitted\"")]
    [InlineData("[1]")]
    [InlineData("true")]
    public async Task StatusThatIsNone_IsRefused(string docstatus)
    {
        var name = await CreateAsync(0);
        var body = JsonDocument.Parse($$"""{"goal":"g","docstatus":{{docstatus}}}""").RootElement;

        Assert.Equal(417, (await _caller.PutAsync(name, body)).Status);
        Assert.Equal(417, (await _caller.PostAsync(JourneyService.Path, body)).Status);
    }

    [Fact]
    public async Task NewDocument_IsDraftOrSubmitted()
    {
        Assert.Equal(201, (await _caller.PostAsync(JourneyService.Path, new { goal = "g", docstatus = "1" })).Status);
        Assert.Equal("DocstatusTransitionError", (await _caller.PostAsync(JourneyService.Path, new { goal = "g", docstatus = 2 })).ErrorType);
    }

    [Theory]
    [InlineData("""{"goal":"x"}""", "UpdateAfterSubmitError")]
    [InlineData("""{"miles":5}""", "UpdateAfterSubmitError")]
    [InlineData("""{"goal":null}""", "MandatoryError")]
    [InlineData("""{"diary":"x","goal":"x"}""", "UpdateAfterSubmitError")]
    [InlineData("""{"stops":[]}""", "UpdateAfterSubmitError")]
    [InlineData("""{"stops":[{"place":"a"},{"place":"b"}]}""", "UpdateAfterSubmitError")]
    [InlineData("""{"next":"nosuch"}""", "LinkValidationError")]
    [InlineData("""{"detours":[{"nights":1}]}""", "MandatoryError")]
    [InlineData("""{"goal":"g"}""", "")]
    [InlineData("""{"diary":"x"}""", "")]
    [InlineData("""{"detours":[{"place":"d"}]}""", "")]
    public async Task SubmittedDocument_ChangesOnlyWhereItMay(string body, string error)
    {
        var name = await CreateAsync(1);
        var before = (await _caller.GetAsync(name)).Text;

        var answer = await _caller.PutAsync(name, JsonDocument.Parse(body).RootElement);

        Assert.Equal(error.Length > 0 ? 417 : 200, answer.Status);
        if (error.Length > 0)
        {
            Assert.Equal(error, answer.ErrorType);
            Assert.Equal(before, (await _caller.GetAsync(name)).Text);
        }
    }

    [Theory]
    [InlineData("""{"docstatus":2,"goal":"x"}""", "UpdateAfterSubmitError")]
    [InlineData("""{"docstatus":2,"state":"Nonsense"}""", "UpdateAfterSubmitError")]
    [InlineData("""{"docstatus":2,"miles":-5}""", "UpdateAfterSubmitError")]
    [InlineData("""{"docstatus":2,"goal":null}""", "UpdateAfterSubmitError")]
    [InlineData("""{"docstatus":2,"stops":[]}""", "UpdateAfterSubmitError")]
    [InlineData("""{"docstatus":2,"next":"nosuch"}""", "LinkValidationError")]
    [InlineData("""{"docstatus":2,"diary":"LONG"}""", "CharacterLengthExceededError")]
    [InlineData("""{"docstatus":2,"diary":"why"}""", "")]
    [InlineData("""{"docstatus":2,"goal":"g"}""", "")]
    public async Task CancellingDocument_IsNoWayAroundTheRules(string body, string error)
    {
        var name = await CreateAsync(1);

        var answer = await _caller.PutAsync(name, JsonDocument.Parse(body.Replace("LONG", new string('x', 141), StringComparison.Ordinal)).RootElement);

        Assert.True(answer.Status == (error.Length > 0 ? 417 : 200), answer.Text);
        Assert.Equal(error, error.Length > 0 ? answer.ErrorType : "");
    }

    [Fact]
    public async Task WholeDocumentSentBack_CanBeCancelled()
    {
        var name = await CreateAsync(1);
        var document = System.Text.Json.Nodes.JsonNode.Parse((await _caller.GetAsync(name)).Text)!["data"]!;
        document["docstatus"] = 2;

        var answer = await _caller.PutAsync(name, document);

        Assert.True(answer.Status == 200, answer.Text);
    }

    [Fact]
    public async Task SubmittedDocumentThatLinksHere_HoldsACancelBack()
    {
        var target = await CreateAsync(1);
        var link = target[(target.LastIndexOf('/') + 1)..];
        var draft = await CreateAsync(0, link);
        Assert.Equal(200, (await _caller.PutAsync(draft, new { docstatus = 1 })).Status);

        var answer = await _caller.PutAsync(target, new { docstatus = 2 });
        Assert.Equal("LinkExistsError", answer.ErrorType);
        Assert.Contains("Cannot cancel", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await _caller.GetAsync(target)).Data.GetProperty("docstatus").GetInt32());

        Assert.Equal(200, (await _caller.PutAsync(draft, new { docstatus = 2 })).Status);
        Assert.Equal(200, (await _caller.PutAsync(target, new { docstatus = 2 })).Status);
    }

    [Fact]
    public async Task SubmittedDocument_IsNotDeleted()
    {
        var name = await CreateAsync(1);
        Assert.Equal("ValidationError", (await _caller.DeleteAsync(name)).ErrorType);
        Assert.Equal(200, (await _caller.PutAsync(name, new { docstatus = 2 })).Status);
        Assert.Equal(202, (await _caller.DeleteAsync(name)).Status);
    }

    [Fact]
    public async Task Rows_HaveTheStatusOfTheirDocument()
    {
        var name = await CreateAsync(0);
        foreach (var status in (int[])[1, 2])
        {
            var answer = await _caller.PutAsync(name, new { docstatus = status });
            Assert.Equal(status, answer.Data.GetProperty("stops")[0].GetProperty("docstatus").GetInt32());
            Assert.Equal(status, (await _caller.GetAsync(name)).Data.GetProperty("stops")[0].GetProperty("docstatus").GetInt32());
        }
    }

    private async Task<string> CreateAsync(int status, string? next = null)
    {
        var created = await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g", docstatus = Math.Min(status, 1), next, stops = new[] { new { place = "a" } } }));
        var path = $"{JourneyService.Path}/{created.Data.GetProperty("name").GetString()}";
        if (status == 2)
        {
            Assert.Equal(200, (await _caller.PutAsync(path, new { docstatus = 2 })).Status);
        }

        return path;
    }
}
