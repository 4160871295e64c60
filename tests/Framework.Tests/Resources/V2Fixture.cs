using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Resources;

/// <summary>Three cards of one tenant and one of another, made through the second API.</summary>
public sealed class V2Fixture : IAsyncLifetime
{
    public const string Cards = "/api/v2/document/Card";

    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Card>();
            service.RegisterResource<ReadOnlyCard>(options =>
            {
                options.Verbs = ResourceVerbs.List | ResourceVerbs.Get | ResourceVerbs.Create;
                options.CustomHandlers[ResourceVerbs.Get] = (string name) => Results.Json(new { custom = name });
            });
        });
        Acme = Service.As("acme");
        await CreateAsync(Acme, new { title = "a", state = "Open", weight = 1, lines = new[] { new { note = "x" }, new { note = "y" } } });
        await CreateAsync(Acme, new { title = "b", state = "Done", weight = 2 });
        await CreateAsync(Acme, new { title = "c" });
        await CreateAsync(Service.As("rival"), new { title = "a", state = "theirs" });
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal async Task<string> NamesAsync(string query)
    {
        var answer = await Acme.GetAsync($"{Cards}?{query}");
        Assert.True(answer.Status == 200, answer.Text);
        return string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    internal static void AssertError(Answer answer, string type, int status = 417)
    {
        Assert.True(answer.Status == status, answer.Text);
        Assert.Equal(type, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("type").GetString());
        Assert.NotEmpty(answer.Json.GetProperty("errors")[0].GetProperty("message").GetString()!);
        Assert.NotEmpty(answer.Json.GetProperty("request_id").GetString()!);
        Assert.False(answer.Json.TryGetProperty("exc_type", out _));
    }

    private static async Task CreateAsync(TestCaller caller, object document)
    {
        var answer = await caller.PostAsync(Cards, document);
        Assert.True(answer.Status == 200, answer.Text);
    }
}

[DocType(Naming = "field:title")]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
[Permission("Own Cards", Rights.Read, IfOwner = true)]
public sealed class Card : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    public string? State { get; set; }

    public DateOnly? Day { get; set; }

    public int Weight { get; set; }

    public int Tries { get; set; }

    [Table]
    public List<CardLine> Lines { get; set; } = [];

    protected override ValueTask OnUpdate(DocumentContext context) =>
        context.Before is not null && State is null && Weight == 2 ? throw new Microservices.Errors.ValidationException("Refused after it was written") : default;

    protected override ValueTask Validate(DocumentContext context)
    {
        Tries += context.Before is null || State != "Bulk" ? 0 : 1;
        return default;
    }
}

[DocType("Card Line")]
public sealed class CardLine : Document
{
    public string? Note { get; set; }

    public string? Other { get; set; }
}

[DocType("Read Only Card", Naming = "field:title")]
[Permission("System Manager", Rights.All)]
public sealed class ReadOnlyCard : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";
}
