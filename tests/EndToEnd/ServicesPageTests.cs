using System.Text.RegularExpressions;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>What someone finds who opens the address that READY names.</summary>
[Collection(nameof(DemoCollection))]
public sealed partial class ServicesPageTests(DemoProduct product)
{
    [Fact]
    public async Task RunningProduct_IsHealthyAndReady()
    {
        using var guest = product.Guest;

        (await guest.GetAsync("/healthz")).Expect(200);
        Assert.Equal("ready", (await guest.GetAsync("/readyz")).Expect(200).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Services_AreListedWithTheirDocTypes()
    {
        using var guest = product.Guest;
        var services = (await guest.GetAsync("/")).Expect(200).Json.GetProperty("services").EnumerateArray().ToList();

        Assert.Equal(["central", "notifications", "orders", "signup"], services.Select(service => service.GetProperty("name").GetString()).Order());
        Assert.All(services, service => Assert.True(service.GetProperty("up").GetBoolean()));
        var orders = services.Single(service => service.GetProperty("name").GetString() == "orders");
        Assert.Equal(["Customer", "Item", "Sales Order", "Selling Settings"], orders.GetProperty("docTypes").EnumerateArray().Select(docType => docType.GetString()));
    }

    [Fact]
    public async Task DocumentationOfEveryService_OpensThroughTheGateway()
    {
        using var browser = new ApiClient(product.Address, "Accept", "text/html");
        var links = Links().Matches((await browser.GetAsync("/")).Expect(200).Text).Select(link => link.Groups[1].Value).ToList();
        Assert.Equal(8, links.Count(link => link.StartsWith("/services/", StringComparison.Ordinal)));

        foreach (var link in links)
        {
            var address = new Uri(product.Address, link);
            var opened = await browser.GetAsync(address.PathAndQuery);
            if (opened.Headers.TryGetValue("Location", out var location))
            {
                address = new Uri(address, location);
                opened = await browser.GetAsync(address.PathAndQuery);
            }

            opened.Expect(200);
            foreach (var part in Sources().Matches(opened.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal) ? opened.Text : "").Select(source => source.Groups[1].Value))
            {
                (await browser.GetAsync(new Uri(address, part).PathAndQuery)).Expect(200);
            }
        }
    }

    [Fact]
    public async Task SpecificationOfOrders_DocumentsItsDocTypes()
    {
        using var guest = product.Guest;
        var orders = (await guest.GetAsync("/")).Json.GetProperty("services").EnumerateArray().Single(service => service.GetProperty("name").GetString() == "orders");
        var paths = (await guest.GetAsync(orders.GetProperty("spec").GetString()!)).Expect(200).Json.GetProperty("paths");

        Assert.True(paths.TryGetProperty("/api/resource/Sales Order", out _), paths.GetRawText());
        Assert.True(paths.TryGetProperty("/orders/summary", out _), paths.GetRawText());
    }

    [GeneratedRegex("<a href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("(?:<script[^>]* src|<link[^>]* href)=\"([^\"]*)\"")]
    private static partial Regex Sources();
}
