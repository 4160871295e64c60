using System.Collections.Concurrent;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A DocType whose documents a class keeps: the API, the rights and the rules are those of any other.</summary>
public sealed class VirtualDocumentTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Rate";
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(service =>
        {
            service.Services.AddSingleton<ConcurrentDictionary<(string, string), (string, decimal)>>();
            service.RegisterResource<Rate>().UseVirtual<Rates>("Rate");
            service.RegisterJson("""{"doctype":"DocType","name":"Nothing","is_virtual":1,"fields":[{"fieldname":"a","fieldtype":"Data"}]}""");
        });
        _caller = _service.As("acme");
        await Isolation.Bank.Created(_caller.PostAsync(Path, new { code = "EUR", value = 1.5 }));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Document_IsMadeReadChangedAndDeleted()
    {
        Assert.Equal(1.5m, (await _caller.GetAsync(Path + "/EUR")).Data.GetProperty("value").GetDecimal());
        Assert.Equal(200, (await _caller.PutAsync(Path + "/EUR", new { value = 2 })).Status);
        Assert.Equal(2m, (await _caller.GetAsync(Path + "/EUR")).Data.GetProperty("value").GetDecimal());
        Assert.Equal("[{\"name\":\"EUR\",\"value\":2.0}]", (await _caller.GetAsync(Path + "?fields=[\"name\",\"value\"]")).Data.GetRawText());
        Assert.Equal(202, (await _caller.DeleteAsync(Path + "/EUR")).Status);
        Assert.Equal(404, (await _caller.GetAsync(Path + "/EUR")).Status);
    }

    [Fact]
    public async Task RulesAndRights_Hold()
    {
        Assert.Equal("NonNegativeError", (await _caller.PutAsync(Path + "/EUR", new { value = -1 })).ErrorType);
        Assert.Equal("ValidationError", (await _caller.PostAsync(Path, new { value = 1 })).ErrorType);
        var reader = _service.As("acme", "r@example.com", "Reader");
        Assert.Equal(403, (await reader.PutAsync(Path + "/EUR", new { value = 1 })).Status);
        Assert.False((await reader.GetAsync(Path + "/EUR")).Data.TryGetProperty("source", out _));
        Assert.DoesNotContain("source", (await reader.GetAsync(Path + "?fields=*")).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await _service.As("acme", "n@example.com", "Nobody").GetAsync(Path)).Status);
        Assert.Equal(417, (await _caller.GetAsync(Path + "?fields=[\"nosuch\"]")).Status);
        // Own documents only: the handler gives all.
        Assert.Equal("[]", (await _service.As("acme", "o@example.com", "Owner").GetAsync(Path)).Data.GetRawText());
        Assert.Equal(403, (await _service.As("acme", "o@example.com", "Owner").GetAsync(Path + "/EUR")).Status);
    }

    [Fact]
    public async Task OtherTenant_SeesItsOwn()
    {
        Assert.Equal(404, (await _service.As("globex").GetAsync(Path + "/EUR")).Status);
        Assert.Equal("[]", (await _service.As("globex").GetAsync(Path)).Data.GetRawText());
    }

    [Fact]
    public async Task WithoutAHandler_ItIsRefused()
    {
        Assert.Equal(417, (await _caller.GetAsync("/api/resource/Nothing")).Status);
        Assert.Equal(417, (await _caller.GetAsync("/api/resource/Nothing/a")).Status);
        Assert.Equal(417, (await _caller.PostAsync("/api/resource/Nothing", new { a = "b" })).Status);
    }

    [DocType(Naming = "field:code")]
    [Permission("System Manager", Rights.All)]
    [Permission("System Manager", Rights.Read, PermLevel = 1)]
    [Permission("Reader", Rights.Read)]
    [Permission("Owner", Rights.Read, IfOwner = true)]
    public sealed class Rate : Document
    {
        public string Code { get; set; } = "";

        [Field(Required = true, NonNegative = true), Currency]
        public decimal? Value { get; set; }

        [Field(PermLevel = 1)]
        public string? Source { get; set; }
    }

    public sealed class Rates(ConcurrentDictionary<(string Tenant, string Name), (string Owner, decimal Value)> kept) : VirtualDocuments
    {
        public override async Task<IReadOnlyList<Document>> ListAsync(TenantDb db, ListQuery query, CancellationToken cancellationToken)
        {
            var rates = new List<Document>();
            foreach (var (tenant, name) in kept.Keys.Where(key => key.Tenant == db.Tenant.Id))
            {
                rates.Add((await GetAsync(db, name, cancellationToken))!);
            }

            return rates;
        }

        public override Task<Document?> GetAsync(TenantDb db, string name, CancellationToken cancellationToken) => Task.FromResult<Document?>(
            kept.TryGetValue((db.Tenant.Id, name), out var rate) ? new Rate { Name = name, Code = name, Value = rate.Value, Source = "bank" } : null);

        public override Task InsertAsync(TenantDb db, Document document, CancellationToken cancellationToken)
        {
            kept[(db.Tenant.Id, document.Name)] = (document.Owner, ((Rate)document).Value!.Value);
            return Task.CompletedTask;
        }

        public override Task UpdateAsync(TenantDb db, Document document, Document before, CancellationToken cancellationToken) => InsertAsync(db, document, cancellationToken);

        public override Task DeleteAsync(TenantDb db, Document document, CancellationToken cancellationToken) =>
            Task.FromResult(kept.TryRemove((db.Tenant.Id, document.Name), out _));
    }
}
