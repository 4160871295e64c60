using System.Text.Json;
using System.Text.RegularExpressions;
using Microservices.Framework.Tests.Support;
using Microservices.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Resources.OpenApi;

public sealed partial class DocumentationPageTests
{
    [Theory]
    [InlineData("/apidocs")]
    [InlineData("/apidocs/")]
    public async Task Page_LoadsWithAllItsFiles(string path)
    {
        await using var service = await StartAsync("true");
        var caller = service.Nobody();
        var address = new Uri(service.Address, path);
        var page = await caller.GetAsync(path);
        if (page.Status == 301)
        {
            address = new Uri(address, page.Headers.Location!);
            page = await caller.GetAsync(address.AbsolutePath);
        }

        Assert.Equal(200, page.Status);
        Assert.Equal("text/html", page.ContentHeaders.ContentType?.MediaType);
        var files = Reference().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.True(files.Count >= 4, page.Text);
        Assert.All(files, file => Assert.False(file.StartsWith('/') || file.Contains("//", StringComparison.Ordinal), file));
        foreach (var file in files)
        {
            var asset = await caller.GetAsync(new Uri(address, file).AbsolutePath);
            Assert.True(asset.Status == 200 && asset.Text.Length > 0, file);
        }
    }

    [Fact]
    public async Task Addresses_WorkBelowAPrefix()
    {
        await using var service = await StartAsync("true");
        var caller = service.Nobody();
        var bare = await caller.GetAsync("/apidocs");
        Assert.Equal(301, bare.Status);
        var behind = new Uri(new Uri("https://gateway/services/test/apidocs"), bare.Headers.Location!);
        Assert.Equal("https://gateway/services/test/apidocs/index.html", behind.AbsoluteUri);
        Assert.Contains("../apispec_1.json", (await caller.GetAsync("/apidocs/index.js")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_IsGuardedByItsPolicy()
    {
        await using var service = await StartAsync("true");
        var page = await service.Nobody().GetAsync("/apidocs/index.html");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)", page.Text);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownFileOfThePage_IsAnErrorLikeAnyOther()
    {
        await using var service = await StartAsync("true");
        var answer = await service.Nobody().GetAsync("/apidocs/nothing.js");
        Assert.Equal(404, answer.Status);
        Assert.Equal("DoesNotExistError", answer.ErrorType);
        Assert.Equal("DoesNotExistError", (await service.Nobody().PostAsync("/apidocs/index.html", new { })).ErrorType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public async Task Off_NothingIsThere(string? docs)
    {
        // No environment is named, which is Production.
        await using var service = await StartAsync(docs);
        var caller = service.Nobody();
        foreach (var path in (string[])["/apidocs", "/apidocs/", "/apidocs/index.html", "/apidocs/swagger-ui.css", "/apispec_1.json"])
        {
            Assert.Equal(404, (await caller.GetAsync(path)).Status);
        }

        var manifest = (await caller.GetAsync("/.well-known/microservice")).Json;
        Assert.Equal(JsonValueKind.Null, manifest.GetProperty("docs").ValueKind);
        Assert.Equal(JsonValueKind.Null, manifest.GetProperty("spec").ValueKind);
        Assert.Null(service.Services.GetService<Swashbuckle.AspNetCore.Swagger.ISwaggerProvider>());
    }

    [Fact]
    public async Task On_TheManifestTells()
    {
        await using var service = await StartAsync("true");
        var manifest = (await service.Nobody().GetAsync("/.well-known/microservice")).Json;
        Assert.Equal("/apidocs", manifest.GetProperty("docs").GetString());
        Assert.Equal("/apispec_1.json", manifest.GetProperty("spec").GetString());
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Staging", true)]
    [InlineData("Production", false)]
    public async Task Default_FollowsTheEnvironment(string environment, bool isOn)
    {
        var service = Microservice.Create("test", ["--environment", environment, "--CENTRAL_SITE_URL", "http://127.0.0.1:1", "--CENTRAL_SITE_CLIENT_ID", "a", "--CENTRAL_SITE_CLIENT_SECRET", "b", "--DATABASE_CONNECTION", "Data Source=:memory:"]);
        await using var application = service.Build();
        Assert.Equal(isOn, application.Services.GetService<Swashbuckle.AspNetCore.Swagger.ISwaggerProvider>() is not null);
    }

    [Fact]
    public void SettingThatIsNeither_StopsTheStart()
    {
        var service = Microservice.Create("test", ["--Docs", "maybe"]);
        Assert.Contains("maybe", Assert.Throws<StartupException>(service.Build).Message, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(string? docs) =>
        TestService.StartAsync(Shop.Describe, configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Docs"] = docs }));

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Reference();
}
