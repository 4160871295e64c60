using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>Whoever signs in, by whichever way, works through the gateway in the own tenant, and only there.</summary>
[Collection(nameof(DemoCollection))]
public sealed class CredentialTests(DemoProduct product)
{
    public static TheoryData<string> Credentials => DemoProduct.Credentials;

    [Theory, MemberData(nameof(Credentials))]
    public async Task Credential_CreatesListsReadsChangesAndDeletes(string credential)
    {
        var (api, name) = (product.Acme(credential), $"All of it by {credential}");
        var path = ApiClient.Resource("Customer", name);

        (await api.PostAsync(ApiClient.Resource("Customer"), new { customer_name = name })).Expect(201);
        var listed = (await api.GetAsync(ApiClient.Where("customer", "customer_name", name))).Expect(200).Rows;
        var changed = (await api.PutAsync(path, new { customer_group = "Regulars" })).Expect(200).Data;
        var read = (await api.GetAsync(path)).Expect(200).Data;
        (await api.DeleteAsync(path)).Expect(202);

        Assert.Equal(name, Assert.Single(listed).GetProperty("name").GetString());
        Assert.Equal("Regulars", read.GetProperty("customer_group").GetString());
        Assert.Equal(changed.GetRawText(), read.GetRawText());
        (await api.GetAsync(path)).Expect(404);
    }

    [Theory, MemberData(nameof(Credentials))]
    public async Task OtherTenant_GetsTheAnswerOfAMissingName(string credential)
    {
        var (name, missing) = ($"Foreign to others by {credential}", "Nobody of that name at all");
        (await product.Acme(credential).PostAsync(ApiClient.Resource("Customer"), new { customer_name = name })).Expect(201);
        var (foreign, absent) = (ApiClient.Resource("Customer", name), ApiClient.Resource("Customer", missing));
        var change = new { customer_group = "Taken" };

        Assert.Equal((await product.Other.GetAsync(absent)).Expect(404).Like(missing), (await product.Other.GetAsync(foreign)).Like(name));
        Assert.Equal((await product.Other.PutAsync(absent, change)).Expect(404).Like(missing), (await product.Other.PutAsync(foreign, change)).Like(name));
        Assert.Equal((await product.Other.DeleteAsync(absent)).Expect(404).Like(missing), (await product.Other.DeleteAsync(foreign)).Like(name));
        Assert.Empty((await product.Other.GetAsync(ApiClient.Where("Customer", "customer_name", name))).Expect(200).Rows);
        Assert.False((await product.Acme(credential).GetAsync(foreign)).Expect(200).Data.TryGetProperty("customer_group", out _));
    }

    [Theory]
    [InlineData("token", "acme-demo", "bearer")]
    [InlineData("api key", "admin@acme.example", "api_key")]
    [InlineData("session", "admin@acme.example", "session")]
    public async Task WhoAmI_TellsUserTenantAndKind(string credential, string user, string kind)
    {
        var me = (await product.Acme(credential).GetAsync("/api/method/auth.whoami")).Expect(200).Json.GetProperty("message");

        Assert.Equal((user, "acme", kind), (me.GetProperty("user").GetString(), me.GetProperty("tenant").GetString(), me.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task LoggedUser_IsWhoeverLoggedIn()
    {
        var answer = await product.Acme("session").GetAsync("/api/method/frappe.auth.get_logged_user");

        Assert.Equal("admin@acme.example", answer.Expect(200).Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer nonsense")]
    [InlineData("Authorization", "token acme-demo-key:wrong")]
    [InlineData("Cookie", "sid=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task NoCredentialsOrWrongOnes_Return401(string? header, string? value)
    {
        using var stranger = new ApiClient(product.Address, header, value);

        (await stranger.GetAsync(ApiClient.Resource("Customer"))).Expect(401);
        (await stranger.PostAsync(ApiClient.Resource("Customer"), new { customer_name = "By a stranger" })).Expect(401);
        (await stranger.GetAsync("/orders/summary")).Expect(401);
    }

    [Fact]
    public async Task LoggedOutSession_Returns401()
    {
        using var browser = new ApiClient(product.Address, "Cookie", await SignIn.SessionAsync(product.Address, product.Demo("USR"), product.Demo("PASSWORD")));
        (await browser.SendAsync(HttpMethod.Post, "/api/method/logout")).Expect(200);

        (await browser.GetAsync(ApiClient.Resource("Customer"))).Expect(401);
    }
}
