using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Amending and discarding, and links between documents that are submitted and cancelled.</summary>
public sealed class AmendmentTests : IAsyncLifetime
{
    private const string Deals = "/api/resource/Deal";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<Deal>();
            service.SecureRoute("POST", "/discard", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
                (await db.DiscardAsync("Deal", http.Query["name"]!, cancellationToken: ct)).Name);
        });
        _caller = _service.As("acme");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Amendments_CountOnFromTheirSource()
    {
        var first = await CancelledAsync(new { title = "a" });
        var second = await CancelledAsync(new { title = "b", amended_from = first });
        var third = await _caller.PostAsync(Deals, new { title = "c", amended_from = second });

        Assert.Equal(first + "-1", second);
        Assert.Equal(first + "-2", third.Data.GetProperty("name").GetString());
        Assert.Equal(409, (await _caller.PostAsync(Deals, new { title = "d", amended_from = first })).Status);
        Assert.Equal(second, (await _caller.PutAsync($"{Deals}/{first}-2", new { amended_from = first })).Data.GetProperty("amended_from").GetString());
    }

    [Fact]
    public async Task Source_IsCancelledAndOfThisTenant()
    {
        var draft = await CreateAsync(new { title = "a" });
        Assert.Equal("ValidationError", (await _caller.PostAsync(Deals, new { title = "b", amended_from = draft })).ErrorType);
        await _caller.PutAsync($"{Deals}/{draft}", new { docstatus = 1 });
        Assert.Equal("ValidationError", (await _caller.PostAsync(Deals, new { title = "b", amended_from = draft })).ErrorType);
        await _caller.PutAsync($"{Deals}/{draft}", new { docstatus = 2 });

        Assert.Equal("LinkValidationError", (await _service.As("globex").PostAsync(Deals, new { title = "b", amended_from = draft })).ErrorType);
        Assert.Equal("LinkValidationError", (await _caller.PostAsync(Deals, new { title = "b", amended_from = "nosuch" })).ErrorType);
        Assert.Equal(403, (await _service.As("acme", "c@example.com", "Clerk").PostAsync(Deals, new { title = "b", amended_from = draft })).Status);
        Assert.Equal(201, (await _caller.PostAsync(Deals, new { title = "b", amended_from = draft })).Status);
    }

    [Fact]
    public async Task LinkToACancelledDocument_IsRefused_AtSubmitToo()
    {
        var target = await CreateAsync(new { title = "a", docstatus = 1 });
        var draft = await CreateAsync(new { title = "b", follows = target, lines = new[] { new { deal = target } } });
        Assert.Equal(200, (await _caller.PutAsync($"{Deals}/{target}", new { docstatus = 2 })).Status);

        Assert.Equal("CancelledLinkError", (await _caller.PostAsync(Deals, new { title = "c", follows = target })).ErrorType);
        Assert.Equal("CancelledLinkError", (await _caller.PostAsync(Deals, new { title = "c", lines = new[] { new { deal = target } } })).ErrorType);
        Assert.Equal("CancelledLinkError", (await _caller.PutAsync($"{Deals}/{draft}", new { docstatus = 1 })).ErrorType);
    }

    [Fact]
    public async Task Discard_IsForDrafts()
    {
        var name = await CreateAsync(new { title = "a" });
        Assert.Equal(403, (await _service.As("acme", "r@example.com", "Reader").PostAsync("/discard?name=" + name, new { })).Status);
        Assert.Equal(404, (await _service.As("globex").PostAsync("/discard?name=" + name, new { })).Status);

        Assert.Equal(200, (await _caller.PostAsync("/discard?name=" + name, new { })).Status);

        Assert.Equal(2, (await _caller.GetAsync($"{Deals}/{name}")).Data.GetProperty("docstatus").GetInt32());
        Assert.Equal("DocstatusTransitionError", (await _caller.PostAsync("/discard?name=" + name, new { })).ErrorType);
        var submitted = await CreateAsync(new { title = "b", docstatus = 1 });
        Assert.Equal("DocstatusTransitionError", (await _caller.PostAsync("/discard?name=" + submitted, new { })).ErrorType);
    }

    [Fact]
    public async Task DynamicLink_HoldsADeletionBack()
    {
        var target = await CreateAsync(new { title = "a" });
        var holder = await CreateAsync(new { title = "b", about_type = "Deal", about = target });

        Assert.Equal("LinkExistsError", (await _caller.DeleteAsync($"{Deals}/{target}")).ErrorType);
        Assert.Equal("LinkValidationError", (await _caller.PostAsync(Deals, new { title = "c", about_type = "Deal", about = "nosuch" })).ErrorType);
        Assert.Equal("ValidationError", (await _caller.PostAsync(Deals, new { title = "c", about = target })).ErrorType);
        Assert.Equal(201, (await _caller.PostAsync(Deals, new { title = "c", about_type = "Of Another Service", about = "x" })).Status);
        Assert.Equal(202, (await _caller.DeleteAsync($"{Deals}/{holder}")).Status);
        Assert.Equal(202, (await _caller.DeleteAsync($"{Deals}/{target}")).Status);
    }

    private async Task<string> CreateAsync(object body) => (await Isolation.Bank.Created(_caller.PostAsync(Deals, body))).Data.GetProperty("name").GetString()!;

    private async Task<string> CancelledAsync(object body)
    {
        var name = await CreateAsync(body);
        await _caller.PutAsync($"{Deals}/{name}", new { docstatus = 1 });
        Assert.Equal(200, (await _caller.PutAsync($"{Deals}/{name}", new { docstatus = 2 })).Status);
        return name;
    }

    [DocType(Naming = "D-.####", IsSubmittable = true)]
    [Permission("System Manager", Rights.All)]
    [Permission("Clerk", Rights.Read | Rights.Write | Rights.Create)]
    [Permission("Reader", Rights.Read)]
    public sealed class Deal : Document
    {
        public string? Title { get; set; }

        [Link("Deal")]
        public string? Follows { get; set; }

        public string? AboutType { get; set; }

        [FrappeType(FieldType.DynamicLink, "about_type")]
        public string? About { get; set; }

        [Table]
        public List<DealLine> Lines { get; set; } = [];
    }

    [DocType("Deal Line")]
    public sealed class DealLine : Document
    {
        [Link("Deal")]
        public string? Deal { get; set; }
    }
}
