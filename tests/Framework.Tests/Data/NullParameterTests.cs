using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Data;

/// <summary>A statement is prepared once, whatever of its values is null that time.</summary>
public sealed class NullParameterTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async ValueTask InitializeAsync() =>
        _service = await TestService.StartAsync(Shop.Describe, configuration => configuration["Database:MaxSessions"] = "1");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task ValueOfEveryType_IsStoredAfterANullInItsPlace()
    {
        var acme = _service.As("acme", roles: ["System Manager", "Credit Manager"]);
        object[] documents =
        [
            new { customer_name = "empty" },
            new { customer_name = "full", territory = "North", credit_limit = 1.5, since = "2026-02-28", last_seen = "2026-02-28 10:11:12.123456", opens_at = "9:05", active = 1, rank = 7, tax_id = "T" },
            new { customer_name = "empty again" },
            new { customer_name = "half", since = "2026-03-01" },
        ];
        foreach (var document in documents)
        {
            var created = await acme.PostAsync("/api/resource/Customer", document);
            Assert.True(created.Status == 201, created.Text);
            var read = await acme.GetAsync("/api/resource/Customer/" + Uri.EscapeDataString(created.Data.GetProperty("name").GetString()!));
            Assert.Equal(created.Data.ToString(), read.Data.ToString());
        }
    }
}
