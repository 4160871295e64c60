using System.Net.Http.Headers;

namespace Microservices.Framework.Tests.Methods;

/// <summary>The requests of Frappe's Python client, byte for byte: forms with <c>cmd</c> at the root, and query parameters.</summary>
public sealed class PythonClientTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Fact]
    public async Task Calls_AreAnsweredAsTheClientReadsThem()
    {
        var acme = fixture.Acme;
        Assert.Equal("py-1", (await acme.PostAsync("/api/resource/Till", Form("data=%7B%22doctype%22%3A+%22Till%22%2C+%22name%22%3A+%22py-1%22%2C+%22label%22%3A+%22a%22%7D"))).Data.GetProperty("name").GetString());
        Assert.Equal("""[{"name":"Ann","territory":"acme"}]""", (await acme.GetAsync("/api/resource/Customer?fields=%5B%22name%22%2C+%22territory%22%5D&filters=%7B%22name%22%3A+%22Ann%22%7D")).Data.GetRawText());
        Assert.Equal("acme", (await acme.GetAsync("/?cmd=frappe.client.get_value&doctype=Customer&fieldname=territory&filters=%7B%22name%22%3A+%22Ann%22%7D")).Json.GetProperty("message").GetProperty("territory").GetString());
        Assert.Equal("b", (await acme.PostAsync("/", Form("cmd=frappe.client.set_value&doctype=Till&name=py-1&fieldname=label&value=b"))).Json.GetProperty("message").GetProperty("label").GetString());
        Assert.Equal("py-2", (await acme.PostAsync("/", Form("cmd=frappe.client.rename_doc&doctype=Till&old_name=py-1&new_name=py-2"))).Json.GetProperty("message").GetString());
        Assert.Equal("""{"message":{"failed_docs":[]}}""", (await acme.PostAsync("/", Form("cmd=frappe.client.bulk_update&docs=%5B%7B%22doctype%22%3A+%22Till%22%2C+%22docname%22%3A+%22py-2%22%2C+%22drawers%22%3A+4%7D%5D"))).Text);
        var order = (await acme.PostAsync("/", Form("cmd=frappe.client.submit&doclist=%7B%22doctype%22%3A+%22Sales+Order%22%2C+%22customer%22%3A+%22Ann%22%2C+%22items%22%3A+%5B%7B%22item_code%22%3A+%22nail%22%7D%5D%7D"))).Json.GetProperty("message");
        Assert.Equal(1, order.GetProperty("docstatus").GetInt32());
        Assert.Equal(2, (await acme.PostAsync("/", Form($"cmd=frappe.client.cancel&doctype=Sales+Order&name={order.GetProperty("name").GetString()}"))).Json.GetProperty("message").GetProperty("docstatus").GetInt32());
        Assert.Equal("{}", (await acme.PostAsync("/", Form("cmd=frappe.client.delete&doctype=Till&name=py-2"))).Text);
        Assert.Equal("pong", (await acme.GetAsync("/api/method/ping/?a=1")).Json.GetProperty("message").GetString());
        Assert.Equal("pong", (await acme.SendAsync(HttpMethod.Post, "/api/method/ping/?a=1", null)).Json.GetProperty("message").GetString());
        // The client looks at "exc" alone.
        Assert.Contains("DoesNotExistError", (await acme.PostAsync("/", Form("cmd=frappe.client.delete&doctype=Till&name=py-2"))).Json.GetProperty("exc").GetString(), StringComparison.Ordinal);
        Assert.Contains("AuthenticationError", (await fixture.Service.Nobody().PostAsync("/", Form("cmd=frappe.client.delete&doctype=Till&name=py-2"))).Json.GetProperty("exc").GetString(), StringComparison.Ordinal);
    }

    private static StringContent Form(string body) => new(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
}
