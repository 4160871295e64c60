using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>One service tells another: each order that was stored leaves one note, in its tenant and for its maker.</summary>
[Collection(nameof(DemoCollection))]
public sealed class NotificationTests(DemoProduct product)
{
    public static TheoryData<string> Credentials => DemoProduct.Credentials;

    [Theory, MemberData(nameof(Credentials))]
    public async Task NewOrder_IsToldToItsMakerOnce(string credential)
    {
        var (api, customer) = (product.Acme(credential), $"Note for {credential}");
        var order = (await api.OrderAsync(customer, $"Noted by {credential}")).Expect(201).Data;

        var note = Assert.Single(await NotesAsync(api, customer));
        Assert.Equal(order.GetProperty("owner").GetString(), note.GetProperty("owner").GetString());
        Assert.Equal(order.GetProperty("name").GetString(), note.GetProperty("document_name").GetString());
        Assert.Empty(await NotesAsync(product.Other, customer));
    }

    [Fact]
    public async Task ChangedOrder_IsNotToldAgain()
    {
        var order = (await product.Acme().OrderAsync("Changes a lot", "Changed item")).Expect(201).Data;
        (await product.Acme().PutAsync(ApiClient.Resource("Sales Order", order.GetProperty("name").GetString()), new { status = "Confirmed" })).Expect(200);

        Assert.Single(await NotesAsync(product.Acme(), "Changes a lot"));
    }

    [Theory, MemberData(nameof(Credentials))]
    public async Task RefusedOrder_IsNotTold(string credential)
    {
        var (api, customer) = (product.Acme(credential), $"No note for {credential}");
        (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = customer })).Expect(201);
        object[] refused =
        [
            new { customer },
            new { customer, items = new[] { new { item_code = "No such item" } } },
            new { customer, items = Array.Empty<object>() },
        ];
        foreach (var order in refused)
        {
            (await api.PostAsync(ApiClient.Resource("Sales Order"), order)).Expect(417);
        }

        Assert.Empty(await NotesAsync(api, customer));
    }

    [Fact]
    public async Task BatchThatFailsAtItsEnd_LeavesNeitherOrdersNorNotes()
    {
        const string Customer = "Half a batch";
        var api = product.Acme();
        (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = Customer })).Expect(201);
        (await api.PostAsync(ApiClient.Resource("Item"), new { item_code = "Batch item" })).Expect(201);
        object[] batch =
        [
            new { customer = Customer, items = new[] { new { item_code = "Batch item" } } },
            new { customer = Customer, items = new[] { new { item_code = "No such item" } } },
        ];

        (await api.PostAsync(ApiClient.Resource("Sales Order"), batch)).Expect(417);

        Assert.Empty((await api.GetAsync(ApiClient.Where("Sales Order", "customer", Customer))).Expect(200).Rows);
        Assert.Empty(await NotesAsync(api, Customer));
    }

    private static async Task<IReadOnlyList<JsonElement>> NotesAsync(ApiClient api, string customer)
    {
        var filters = JsonSerializer.Serialize<string[][]>([["subject", "like", $"% of {customer}"]]);
        return (await api.GetAsync($"{ApiClient.Resource("Notification")}?fields=*&filters={Uri.EscapeDataString(filters)}")).Expect(200).Rows;
    }
}
