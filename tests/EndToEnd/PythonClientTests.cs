using System.Net.Http.Headers;
using Microservices.EndToEnd.Support;

namespace Microservices.EndToEnd;

/// <summary>The requests of Frappe's Python client against the one address of the gateway, which finds the service by what the forms and queries name.</summary>
[Collection(nameof(DemoCollection))]
public sealed class PythonClientTests(DemoProduct product)
{
    [Fact]
    public async Task Login_IsACommandAtTheRoot()
    {
        using var guest = new ApiClient(product.Address);
        var user = Uri.EscapeDataString(product.Demo("USR"));
        var answer = await guest.SendAsync(HttpMethod.Post, "/", Form($"cmd=login&usr={user}&pwd={Uri.EscapeDataString(product.Demo("PASSWORD"))}"));
        Assert.Equal("Logged In", answer.Expect(200).Json.GetProperty("message").GetString());
        var cookie = answer.Headers["Set-Cookie"].Split('\n').Single(line => line.StartsWith("sid=", StringComparison.Ordinal));
        using var session = new ApiClient(product.Address, "Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
        Assert.Equal(product.Demo("USR"), (await session.GetAsync("/?cmd=frappe.auth.get_logged_user")).Expect(200).Json.GetProperty("message").GetString());
        (await session.GetAsync("/?cmd=logout")).Expect(405);
        (await guest.SendAsync(HttpMethod.Post, "/", Form($"cmd=login&usr={user}&pwd=wrong"))).Expect(401);
    }

    [Theory, MemberData(nameof(DemoProduct.Credentials), MemberType = typeof(DemoProduct))]
    public async Task Calls_ReachTheServiceThatOwnsTheDocType(string credential)
    {
        var api = product.Acme(credential);
        var name = $"py-{Guid.NewGuid():N}";
        Assert.Equal(name, (await Post($"data=%7B%22doctype%22%3A+%22Customer%22%2C+%22customer_name%22%3A+%22{name}%22%7D", "/api/resource/Customer")).Expect(201).Data.GetProperty("name").GetString());
        Assert.Equal(name, Message(await api.GetAsync($"/?cmd=frappe.client.get_value&doctype=Customer&fieldname=customer_name&filters=%7B%22name%22%3A+%22{name}%22%7D")).GetProperty("customer_name").GetString());
        Assert.Equal("py@example.org", Message(await Post($"cmd=frappe.client.set_value&doctype=Customer&name={name}&fieldname=email_id&value=py%40example.org")).GetProperty("email_id").GetString());
        Assert.Empty(Message(await Post($"cmd=frappe.client.bulk_update&docs=%5B%7B%22doctype%22%3A+%22Customer%22%2C+%22docname%22%3A+%22{name}%22%2C+%22email_id%22%3A+%22%22%7D%5D")).GetProperty("failed_docs").EnumerateArray());
        Assert.Equal(name + "-2", Message(await Post($"cmd=frappe.client.rename_doc&doctype=Customer&old_name={name}&new_name={name}-2")).GetString());
        Assert.Equal("{}", (await Post($"cmd=frappe.client.delete&doctype=Customer&name={name}-2")).Expect(200).Text);
        Assert.Equal("pong", Message(await api.GetAsync("/api/method/ping/")).GetString());
        var missing = await Post($"cmd=frappe.client.delete&doctype=Customer&name={name}");
        Assert.Contains("DoesNotExistError", missing.Expect(404).Json.GetProperty("exc").GetString(), StringComparison.Ordinal);
        (await Post("cmd=frappe.client.get_list&doctype=Nothing")).Expect(404);
        (await Post("cmd=frappe.client.get_list")).Expect(417);
        (await product.Other.SendAsync(HttpMethod.Post, "/", Form($"cmd=frappe.client.get&doctype=Customer&name={name}"))).Expect(404);

        Task<Answer> Post(string form, string path = "/") => api.SendAsync(HttpMethod.Post, path, Form(form));
    }

    private static System.Text.Json.JsonElement Message(Answer answer) => answer.Expect(200).Json.GetProperty("message");

    private static StringContent Form(string body) => new(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
}
