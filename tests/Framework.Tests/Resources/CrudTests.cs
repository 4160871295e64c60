using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Resources;

public sealed class CrudTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestCaller _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(Shop.Describe);
        _acme = _service.As("acme", roles: ["System Manager", "Credit Manager"]);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Document_GoesThroughItsWholeLife()
    {
        var created = await _acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada & Söhne \"1\"", credit_limit = 1234.5678901234, since = "2026-02-28", last_seen = "2026-02-28 10:11:12.123456", opens_at = "9:05", active = true, rank = 7 });
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal("Ada & Söhne \"1\"", created.Data.GetProperty("name").GetString());
        Assert.Equal("1234.567890123", created.Data.GetProperty("credit_limit").GetRawText());

        var path = "/api/resource/customer/" + Uri.EscapeDataString("Ada & Söhne \"1\"");
        var read = await _acme.GetAsync(path);
        Assert.True(read.Status == 200, read.Text);
        Assert.Equal(created.Data.ToString(), read.Data.ToString());
        Assert.Equal("2026-02-28 10:11:12.123456", read.Data.GetProperty("last_seen").GetString());
        Assert.Equal("9:05:00", read.Data.GetProperty("opens_at").GetString());
        Assert.Equal(1, read.Data.GetProperty("active").GetInt32());
        Assert.False(read.Data.TryGetProperty("territory", out _));
        Assert.False(read.Data.TryGetProperty("tenant_id", out _));

        var updated = await _acme.PutAsync(path, new { territory = "North", name = "other", owner = "eve" });
        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal("North", updated.Data.GetProperty("territory").GetString());
        Assert.Equal("ann@example.com", updated.Data.GetProperty("owner").GetString());
        Assert.Equal(updated.Data.ToString(), (await _acme.GetAsync(path)).Data.ToString());

        var list = await _acme.GetAsync("""/api/resource/Customer?fields=["name","rank"]&filters=[["rank",">",5]]""");
        Assert.Equal("""[{"name":"Ada & Söhne \"1\"","rank":7}]""", list.Data.GetRawText());

        var deleted = await _acme.DeleteAsync(path);
        Assert.True(deleted.Status == 202, deleted.Text);
        Assert.Equal("""{"data":"ok","message":"ok"}""", deleted.Text);
        Assert.Equal(404, (await _acme.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Order_KeepsItsRows()
    {
        await _acme.PostAsync("/api/resource/Customer", new { customer_name = "Ada" });
        await _acme.PostAsync("/api/resource/Item", new[] { new { item_code = "A" }, new { item_code = "B" } });
        var created = await _acme.PostAsync("/api/resource/Sales Order", new { customer = "ADA", items = new object[] { new { item_code = "A", qty = 2, rate = 1.5 }, new { item_code = "B", rate = 10 } } });
        Assert.True(created.Status == 201, created.Text);
        Assert.Equal("SO-00001", created.Data.GetProperty("name").GetString());
        Assert.Equal("Ada", created.Data.GetProperty("customer").GetString());
        Assert.Equal("13.0", created.Data.GetProperty("grand_total").GetRawText());
        Assert.Equal("Draft", created.Data.GetProperty("status").GetString());

        var first = created.Data.GetProperty("items")[0].GetProperty("name").GetString();
        var updated = await _acme.PutAsync("/api/resource/sales-order/SO-00001", new { items = new object[] { new { item_code = "B", qty = 1, rate = 5 }, new { name = first, item_code = "A", qty = 3, rate = 2 } } });
        Assert.True(updated.Status == 200, updated.Text);
        Assert.Equal("11.0", updated.Data.GetProperty("grand_total").GetRawText());
        var read = await _acme.GetAsync("/api/resource/Sales%20Order/SO-00001");
        Assert.Equal(updated.Data.ToString(), read.Data.ToString());
        Assert.Equal(["B", "A"], read.Data.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("item_code").GetString()));

        Assert.Equal("LinkExistsError", (await _acme.DeleteAsync("/api/resource/Customer/Ada")).ErrorType);
        Assert.Equal(202, (await _acme.DeleteAsync("/api/resource/Sales Order/SO-00001")).Status);
        Assert.Equal(202, (await _acme.DeleteAsync("/api/resource/Customer/Ada")).Status);
    }
}
