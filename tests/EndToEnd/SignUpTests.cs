using System.Net;
using System.Text;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>A new tenant signs itself up through the gateway: whole, isolated at once, or not at all.</summary>
[Collection(nameof(DemoCollection))]
public sealed class SignUpTests(DemoProduct product)
{
    private const string Path = "/signup/tenant";
    private const string Password = "seven purple lanterns drifting";

    public static TheoryData<string> MalformedBodies =>
    [
        "", "{", "null", "[]", "5", "\"text\"", "{}", $$"""{"tenant": 5, "password": "{{Password}}"}""", $$"""{"tenant": {"a": "b"}, "password": "{{Password}}"}""",
        $$"""{"tenant": "no-name", "email": "no-name@example.org", "full_name": "No", "password": "{{Password}}"}""",
        $$"""{"tenant": "no-mail", "tenant_name": "No", "email": "nobody", "full_name": "No", "password": "{{Password}}"}""",
        $$"""{"tenant": "Upper Case/../x", "tenant_name": "No", "email": "upper@example.org", "full_name": "No", "password": "{{Password}}"}""",
        $$"""{"tenant": "", "tenant_name": "No", "email": "empty@example.org", "full_name": "No", "password": "{{Password}}"}""",
        $$"""{"tenant": "{{new string('x', 200)}}", "tenant_name": "No", "email": "long@example.org", "full_name": "No", "password": "{{Password}}"}""",
        $$"""{"tenant": "no-end", "password": "{{Password}}" """,
    ];

    [Fact]
    public async Task NewTenant_SignsInAtOnceAndIsAlone()
    {
        var answer = await SignUpAsync("hooli", "gavin@hooli.example");
        answer.Expect(201);
        using var gavin = new ApiClient(product.Address, "Cookie", await SignIn.SessionAsync(product.Address, "gavin@hooli.example", Password));
        (await product.Acme().PostAsync(ApiClient.Resource("Customer"), new { customer_name = "Known to both" })).Expect(201);

        Assert.Equal("hooli", (await gavin.GetAsync("/api/method/auth.whoami")).Json.GetProperty("message").GetProperty("tenant").GetString());
        Assert.Empty((await gavin.GetAsync(ApiClient.Resource("Customer"))).Expect(200).Rows);
        Assert.Empty((await gavin.GetAsync(ApiClient.Resource("Notification"))).Expect(200).Rows);
        (await gavin.OrderAsync("Known to both", "Only at Hooli")).Expect(201);
        (await product.Acme().GetAsync(ApiClient.Resource("Item", "Only at Hooli"))).Expect(404);
    }

    [Fact]
    public async Task NewTenantsAdministrator_SeesNoUserOfAnother()
    {
        (await SignUpAsync("lonely", "one@lonely.example")).Expect(201);
        using var one = new ApiClient(product.Address, "Cookie", await SignIn.SessionAsync(product.Address, "one@lonely.example", Password));

        Assert.Equal("one@lonely.example", Assert.Single((await one.GetAsync(ApiClient.Resource("User"))).Expect(200).Rows).GetProperty("name").GetString());
        (await one.GetAsync(ApiClient.Resource("Tenant"))).Expect(403);
        (await one.GetAsync(ApiClient.Resource("OAuth Client"))).Expect(403);
    }

    [Fact]
    public async Task KnownTenant_Returns409()
    {
        (await SignUpAsync("piedpiper", "richard@piedpiper.example")).Expect(201);

        (await SignUpAsync("piedpiper", "other@piedpiper.example")).Expect(409);
        (await SignUpAsync("acme", "new@acme.example")).Expect(409);
        (await SignIn.LoginAsync(product.Address, "other@piedpiper.example", Password)).Expect(401);
    }

    [Fact]
    public async Task KnownEmail_Returns409AndLeavesNoTenant()
    {
        (await SignUpAsync("aviato", "erlich@aviato.example")).Expect(201);

        (await SignUpAsync("bachmanity", "ERLICH@aviato.example")).Expect(409);

        (await SignUpAsync("bachmanity", "bighead@bachmanity.example")).Expect(201);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("weakling weakling weakling")]
    public async Task WeakPassword_Returns417AndLeavesNoTenant(string password)
    {
        var tenant = $"weakling-{password.Length}";

        (await SignUpAsync(tenant, $"weakling@{tenant}.example", password)).Expect(417);

        (await SignUpAsync(tenant, $"weakling@{tenant}.example")).Expect(201);
    }

    [Theory, MemberData(nameof(MalformedBodies))]
    public async Task MalformedBody_IsRefusedAndNotEchoed(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var guest = product.Guest;

        var answer = await guest.SendAsync(HttpMethod.Post, Path, content);

        Assert.InRange(answer.Status, HttpStatusCode.BadRequest, (HttpStatusCode)499);
        Assert.DoesNotContain(Password, answer.Text, StringComparison.Ordinal);
        Assert.Equal("error", answer.Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task BodyOfAnotherType_Returns415(string type)
    {
        using var content = new StringContent("tenant=typed", Encoding.UTF8, type);
        using var guest = product.Guest;

        (await guest.SendAsync(HttpMethod.Post, Path, content)).Expect(415);
    }

    [Fact]
    public async Task SameTenantManyTimesAtOnce_IsMadeOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => SignUpAsync("rushed", $"user{i}@rushed.example")));

        Assert.Single(answers, answer => answer.Status is HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
    }

    private async Task<Answer> SignUpAsync(string tenant, string email, string password = Password)
    {
        using var guest = product.Guest;
        var answer = await guest.PostAsync(Path, new { tenant, tenant_name = $"The {tenant}", email, full_name = "First User", password });
        Assert.DoesNotContain(password, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.OrdinalIgnoreCase);
        return answer;
    }
}
