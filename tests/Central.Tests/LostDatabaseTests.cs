namespace Microservices.Central.Tests;

public sealed class LostDatabaseTests
{
    [Fact]
    public async Task TokenRequestOnALostConnection_Answers503WithRetryAfter_AndTheNextOneWorks()
    {
        Assert.SkipUnless(TestDatabase.IsMariaDb, "SQLite has no server.");
        await using var storage = new SiteStorage();
        await using var site = await storage.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.AskForTokenAsync("acme-app")).Status);
        await storage.LoseConnectionsAsync();

        var answer = await site.AskForTokenAsync("acme-app");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("server_error", answer.Json.GetProperty("error").GetString());
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await site.AskForTokenAsync("acme-app")).Status);
    }
}
