using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>Names pass gateway and service as they were written.</summary>
[Collection(nameof(DemoCollection))]
public sealed class NameTests(DemoProduct product)
{
    public static TheoryData<string> Names =>
    [
        "Smith/Sons/Daughters", "half%2Fway", "100% sure", "what?x=1&y=2#z", "plus+and space", "it's \"quoted\"", "back\\slash", "semi;colon, comma: dot.",
        "Zoë Müller", "Ζωή", "日本語の名前", "cup 🍵 of tea", "e\u0301 of two parts", "[list] {object} $var `tick` ^|~", new string('x', 140),
    ];

    [Theory, MemberData(nameof(Names))]
    public async Task Name_IsKeptOnEveryVerb(string name)
    {
        var api = product.Acme();
        var created = (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = name })).Expect(201).Data;
        Assert.Equal(name, created.GetProperty("name").GetString());

        foreach (var docType in (string[])["Customer", "customer"])
        {
            var read = (await api.GetAsync(ApiClient.Resource(docType, name))).Expect(200).Data;
            Assert.Equal(created.GetRawText(), read.GetRawText());
            Assert.Equal(name, Assert.Single((await api.GetAsync(ApiClient.Where(docType, "name", name))).Expect(200).Rows).GetProperty("name").GetString());
        }

        (await api.PutAsync(ApiClient.Resource("customer", name), new { email_id = "x@example.org" })).Expect(200);
        (await product.Other.GetAsync(ApiClient.Resource("customer", name))).Expect(404);
        (await api.DeleteAsync(ApiClient.Resource("Customer", name))).Expect(202);
        (await api.GetAsync(ApiClient.Resource("Customer", name))).Expect(404);
    }

    [Fact]
    public async Task SlashInAName_MayStandAsItIs()
    {
        var api = product.Acme();
        (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = "North/South/East" })).Expect(201);

        Assert.Equal("North/South/East", (await api.GetAsync("/api/resource/Customer/North/South/East")).Expect(200).Data.GetProperty("name").GetString());
        Assert.Equal("North/South/East", (await api.GetAsync("/api/resource/customer/North%2fSouth%2FEast")).Expect(200).Data.GetProperty("name").GetString());
    }

    [Fact]
    public async Task LongerNames_Return417()
    {
        (await product.Acme().PostAsync(ApiClient.Resource("Customer"), new { customer_name = new string('x', 141) })).Expect(417);
    }

    [Fact]
    public async Task DocTypeOfTwoWords_IsServedByItsNameAndItsSlug()
    {
        var order = (await product.Acme().OrderAsync("Buyer by slug", "Slug item")).Expect(201).Data;
        var name = order.GetProperty("name").GetString();

        foreach (var docType in (string[])["Sales%20Order", "sales-order"])
        {
            Assert.Equal(order.GetRawText(), (await product.Acme().GetAsync($"/api/resource/{docType}/{name}")).Expect(200).Data.GetRawText());
        }

        (await product.Acme().GetAsync("/api/resource/Sales_Order")).Expect(404);
    }
}
