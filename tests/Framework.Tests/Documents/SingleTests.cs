using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A DocType with one document for each tenant, which is there before anybody saved it.</summary>
public sealed class SingleTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Shop Settings/Shop Settings";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.RegisterResource<ShopSettings>();
            service.SecureRoute("GET", "/limit", async (TenantDb db, CancellationToken ct) => (await db.GetSingleAsync<ShopSettings>(ct)).Limit);
        });
        _caller = _service.As("acme");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task NeverSaved_AnswersDefaults()
    {
        var answer = await _caller.GetAsync(Path);

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("Shop Settings", answer.Data.GetProperty("name").GetString());
        Assert.Equal(7, answer.Data.GetProperty("limit").GetInt32());
        Assert.False(answer.Data.TryGetProperty("modified", out _));
        Assert.Equal(0, answer.Data.GetProperty("hours").GetArrayLength());
        Assert.Equal("7", (await _caller.GetAsync("/limit")).Text);
    }

    [Fact]
    public async Task Save_IsOfOneTenant()
    {
        Assert.Equal(200, (await _caller.PutAsync(Path, new { limit = 9, hours = new[] { new { day = "Mon" } } })).Status);
        Assert.Equal(200, (await _caller.PutAsync(Path, new { greeting = "hi" })).Status);

        var saved = (await _caller.GetAsync(Path)).Data;
        Assert.Equal(9, saved.GetProperty("limit").GetInt32());
        Assert.Equal("hi", saved.GetProperty("greeting").GetString());
        Assert.Equal("Mon", saved.GetProperty("hours")[0].GetProperty("day").GetString());
        Assert.Equal("9", (await _caller.GetAsync("/limit")).Text);
        Assert.Equal(7, (await _service.As("globex").GetAsync(Path)).Data.GetProperty("limit").GetInt32());
        Assert.Equal(1, await _service.Database.ScalarAsync<int>("select count(*) from `tabShop Settings`"));
    }

    [Fact]
    public async Task RulesAndRights_HoldForTheFirstSaveToo()
    {
        Assert.Equal("NonNegativeError", (await _caller.PutAsync(Path, new { limit = -1 })).ErrorType);
        Assert.Equal(403, (await _service.As("acme", "r@example.com", "Reader").PutAsync(Path, new { limit = 1 })).Status);
        Assert.Equal(200, (await _service.As("acme", "r@example.com", "Reader").GetAsync(Path)).Status);
        Assert.Equal(403, (await _service.As("acme", "n@example.com", "Nobody").GetAsync(Path)).Status);
        Assert.Equal(0, await _service.Database.ScalarAsync<int>("select count(*) from `tabShop Settings`"));
    }

    [Fact]
    public async Task OtherNames_AreNotThere_AndThereIsNoList()
    {
        Assert.Equal(404, (await _caller.GetAsync("/api/resource/Shop Settings/x")).Status);
        Assert.Equal(404, (await _caller.PutAsync("/api/resource/Shop Settings/x", new { limit = 1 })).Status);
        Assert.Equal("ValidationError", (await _caller.GetAsync("/api/resource/Shop Settings")).ErrorType);
        Assert.Equal(404, (await _caller.DeleteAsync(Path)).Status);
    }

    [DocType("Shop Settings", IsSingle = true)]
    [Permission("System Manager", Rights.All)]
    [Permission("Reader", Rights.Read)]
    public sealed class ShopSettings : Document
    {
        [Field(Default = "7", NonNegative = true)]
        public int Limit { get; set; }

        public string? Greeting { get; set; }

        [Table]
        public List<ShopHour> Hours { get; set; } = [];
    }

    [DocType("Shop Hour")]
    public sealed class ShopHour : Document
    {
        public string? Day { get; set; }
    }
}
