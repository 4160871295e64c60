using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;

namespace Microservices.Framework.Tests.Methods;

/// <summary>The shop and a few DocTypes more, with a customer and an item in each of two tenants, for calls of frappe.client.</summary>
public sealed class ClientFixture : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme => Service.As("acme");

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(app =>
        {
            Shop.Describe(app);
            app.RegisterResource<ShopSettings>();
            app.RegisterResource<Till>();
            app.RegisterResource<Ledger>(options => options.Verbs = ResourceVerbs.List);
            app.RegisterDocType<HiddenRecord>();
        });
        foreach (var tenant in (string[])["acme", "globex"])
        {
            var caller = Service.As(tenant);
            Assert.Equal(201, (await caller.PostAsync("/api/resource/Customer", new { customer_name = "Ann", territory = tenant })).Status);
            Assert.Equal(201, (await caller.PostAsync("/api/resource/Item", new { item_code = "nail" })).Status);
        }
    }

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();

    /// <summary>The result of a call that must succeed.</summary>
    internal async Task<System.Text.Json.JsonElement> CallAsync(string method, object arguments)
    {
        var answer = await Acme.PostAsync("/api/method/frappe.client." + method, arguments);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.TryGetProperty("message", out var message) ? message : default;
    }
}

[DocType("Shop Settings", IsSingle = true)]
[Permission("System Manager", Rights.All)]
public sealed class ShopSettings : Document
{
    public string? Motto { get; set; }

    public int Aisles { get; set; }
}

[DocType(Naming = "prompt")]
[Permission("System Manager", Rights.All)]
[Permission("Clerk", Rights.Read)]
public sealed class Till : Document
{
    public string? Label { get; set; }

    public int Drawers { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Pin { get; set; }

    [Link("Customer")]
    public string? Customer { get; set; }
}

[DocType(Naming = "prompt")]
[Permission("System Manager", Rights.All)]
public sealed class Ledger : Document
{
    public string? Note { get; set; }
}

[DocType(Naming = "prompt")]
[Permission("System Manager", Rights.All)]
public sealed class HiddenRecord : Document
{
    public string? Secret { get; set; }
}
