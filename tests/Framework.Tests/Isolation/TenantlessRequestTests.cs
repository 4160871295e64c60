using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>No credentials, or none with a tenant: no handler runs, whatever the route.</summary>
public sealed class TenantlessRequestTests(Bank bank) : IClassFixture<Bank>
{
    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/api/resource/Account" },
        { "GET", "/api/resource/Account/Shared" },
        { "HEAD", "/api/resource/Account/Shared" },
        { "POST", "/api/resource/Account" },
        { "PUT", "/api/resource/Account/Shared" },
        { "PATCH", "/api/resource/Account/Shared" },
        { "DELETE", "/api/resource/Account/Shared" },
        { "OPTIONS", "/api/resource/Account/Shared" },
        { "TRACE", "/api/resource/Account" },
        { "BREW", "/api/resource/Account/Shared" },
        { "GET", "/api/v1/resource/account" },
        { "GET", "/API/RESOURCE/account" },
        { "GET", "/api/resource/Nosuch/x" },
        { "GET", "/api/resource/Account Line/x" },
        { "GET", "/accounts/count" },
        { "GET", "/accounts/count/" },
        { "HEAD", "/api/resource/Account" },
        { "POST", "/api/method/count_accounts" },
        { "GET", "/api/method/auth.whoami" },
        { "POST", "/api/method/auth.whoami" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task NoCredentials_Are401(string method, string path)
    {
        using var http = bank.Service.Anonymous();
        Assert.Equal(401, await StatusAsync(http, method, path));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task CredentialsWithoutATenant_AreRefused(string method, string path)
    {
        foreach (var tenant in new JsonNode?[] { null, "", " ", "Rival", "rival ", "ri val", "../rival", "rival\0", "rival'", 5, true, new JsonArray("rival"), new JsonObject(), new string('a', 65) })
        {
            var caller = bank.Service.With(claims =>
            {
                claims["roles"] = new JsonArray("System Manager");
                if (tenant is null)
                {
                    claims.Remove("tenant");
                }
                else
                {
                    claims["tenant"] = tenant.DeepClone();
                }
            });

            Assert.Contains(await StatusAsync(caller.Http, method, path), (int[])[401, 403]);
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Bearer x.y.z")]
    [InlineData("Authorization", "Basic cml2YWw6eA==")]
    [InlineData("Authorization", "token rival:secret")]
    [InlineData("Cookie", "sid=Administrator")]
    [InlineData("Cookie", "user_id=Administrator; system_user=yes")]
    [InlineData("X-Frappe-SID", "rival")]
    [InlineData("X-Internal-Token", "x")]
    [InlineData("X-Tenant-Id", "rival")]
    [InlineData("X-Forwarded-User", "Administrator")]
    public async Task MadeUpCredentials_Are401(string header, string value)
    {
        using var http = bank.Service.Anonymous();
        http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        Assert.Equal(401, await StatusAsync(http, "GET", "/api/resource/Account/Shared"));
        Assert.Equal(401, await StatusAsync(http, "GET", "/api/resource/Account/Shared?sid=Administrator&tenant_id=rival"));
        Assert.Equal(401, await StatusAsync(http, "DELETE", "/api/resource/Account/Shared"));
    }

    [Fact]
    public async Task OpenRoute_AnswersEverybodyAndKnowsNobody()
    {
        using var http = bank.Service.Anonymous();

        Assert.Equal(200, await StatusAsync(http, "GET", "/open"));
    }

    [Fact]
    public async Task SameToken_NeverChangesItsTenant()
    {
        using var http = bank.Service.Anonymous();
        for (var i = 0; i < 5; i++)
        {
            foreach (var (caller, tenant) in new[] { (bank.Acme, "acme"), (bank.Rival, "rival") })
            {
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", caller.Http.DefaultRequestHeaders.Authorization!.Parameter);
                var who = await http.GetFromJsonAsync<JsonElement>("/api/method/auth.whoami", TestContext.Current.CancellationToken);
                Assert.Equal(tenant, who.GetProperty("message").GetProperty("tenant").GetString());
            }
        }
    }

    private static async Task<int> StatusAsync(HttpClient http, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = JsonContent.Create(new { title = "Intruder", secret = "x" });
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("secret\":\"", body, StringComparison.Ordinal);
        if (!response.IsSuccessStatusCode && method != "HEAD")
        {
            Assert.Equal((int)response.StatusCode, JsonDocument.Parse(body).RootElement.GetProperty("code").GetInt32());
        }

        return (int)response.StatusCode;
    }
}
