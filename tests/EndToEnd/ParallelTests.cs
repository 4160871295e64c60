using System.Text.Json;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>Many requests of two tenants at the same moment.</summary>
[Collection(nameof(DemoCollection))]
public sealed class ParallelTests(DemoProduct product)
{
    private const int OfEach = 100;

    [Fact]
    public async Task ManyCreatesOfTwoTenants_NeverMix()
    {
        // The same names in both tenants: nothing but the tenant tells the rows apart.
        var acme = Enumerable.Range(0, OfEach).Select(i => CreateAsync(product.Acme(), i, "acme"));
        var globex = Enumerable.Range(0, OfEach).Select(i => CreateAsync(product.Other, i, "globex"));
        var answers = await Task.WhenAll(acme.Zip(globex).SelectMany(pair => (Task<Answer>[])[pair.First, pair.Second]));

        Assert.All(answers, answer => answer.Expect(201));
        await CheckAsync(product.Acme(), "acme");
        await CheckAsync(product.Other, "globex");
    }

    private static Task<Answer> CreateAsync(ApiClient api, int number, string tenant) =>
        api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = $"Crowd {number}", customer_group = "Crowd", email_id = $"{number}@{tenant}.example" });

    private static async Task CheckAsync(ApiClient api, string tenant)
    {
        var rows = (await api.GetAsync(ApiClient.Where("Customer", "customer_group", "Crowd", "*"))).Expect(200).Rows;
        Assert.Equal(
            Enumerable.Range(0, OfEach).Select(i => ($"Crowd {i}", $"{i}@{tenant}.example", $"{tenant}-demo")).Order(),
            rows.Select(row => (Text(row, "name"), Text(row, "email_id"), Text(row, "owner"))).Order());
    }

    private static string Text(JsonElement row, string field) => row.GetProperty(field).GetString()!;
}
