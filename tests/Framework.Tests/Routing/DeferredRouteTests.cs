using System.Net;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Routing;

/// <summary>Routes whose handlers are compiled at the first call: what is wrong with one is told at the start all the same.</summary>
public sealed class DeferredRouteTests
{
    [Fact]
    public async Task HandlerThatCannotBeBound_StopsTheStart()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(service => service.Route("POST", "/two-bodies", (Body first, Body second) => $"{first}{second}")));

        Assert.Contains("body", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task FirstCallsAtOnce_AreAllAnswered()
    {
        await using var service = await TestService.StartAsync(service => service.Route("GET", "/double", (int number) => number * 2));
        using var http = new HttpClient { BaseAddress = service.Address };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => http.GetAsync($"/double?number={number}", TestContext.Current.CancellationToken)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(
            Enumerable.Range(0, 16).Select(number => (number * 2).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))));
    }

    private sealed record Body(string Text);
}
