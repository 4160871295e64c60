using System.Net;
using System.Text;
using System.Text.Json;
using Microservices.Gateway.Tests.Support;

namespace Microservices.Gateway.Tests;

/// <summary>What every service has is routed by what the request names: query, JSON body or form, forwarded as it came.</summary>
public sealed class SharedRoutingTests(SharedServices services) : IClassFixture<SharedServices>
{
    [Theory]
    [InlineData("/api/method/frappe.client.get_list?doctype=Sales%20Order", "orders")]
    [InlineData("/api/method/frappe.client.get_list?doctype=sales-order", "orders")]
    [InlineData("/api/method/frappe.client.get_list/?doctype=Invoice", "orders-eu")]
    [InlineData("/api/v1/method/frappe.client.get_value?doctype=User&filters=x", "central")]
    [InlineData("/api/v2/method/frappe.client.get_list?doctype=Customer", "orders")]
    [InlineData("/api/method/run_doc_method?dt=Invoice&dn=1", "orders-eu")]
    [InlineData("/api/method/run_doc_method?docs=%7B%22doctype%22%3A%22Customer%22%7D", "orders")]
    [InlineData("/?cmd=frappe.client.get_value&doctype=Customer&fieldname=name", "orders")]
    [InlineData("/any/path?cmd=orders.api.close", "orders")]
    [InlineData("/?cmd=logout", "central")]
    [InlineData("/api/v2/method/Invoice/total", "orders-eu")]
    [InlineData("/api/method/ping", "central")]
    [InlineData("/?cmd=ping", "central")]
    [InlineData("/api/method/frappe.auth.get_logged_user", "central")]
    [InlineData("/files/orders/a.png", "orders")]
    [InlineData("/private/files/orders-eu/x/a.png?fid=1", "orders-eu")]
    [InlineData("/api/method/download_file?file_url=/private/files/orders-eu/a.png", "orders-eu")]
    [InlineData("/api/method/download_file?file_url=/files/orders/0a/a.png", "orders")]
    [InlineData("/api/method/frappe.client.get_list?doctype=Sales%20Order%20Item&parent=Sales%20Order", "orders")]
    [InlineData("/api/method/frappe.client.get_list?doctype=Invoice%20Item", "orders-eu")]
    [InlineData("/api/method/frappe.client.get_list?doctype=Version&filters=%7B%22ref_doctype%22%3A%22Invoice%22%7D", "orders-eu")]
    [InlineData("/api/method/frappe.client.get_list?doctype=Version&filters=%5B%5B%22ref_doctype%22%2C%22%3D%22%2C%22Customer%22%5D%5D", "orders")]
    [InlineData("/api/method/frappe.client.get_list?doctype=Version&filters=%5B%5B%22Version%22%2C%22ref_doctype%22%2C%22%3D%22%2C%22Customer%22%5D%5D", "orders")]
    [InlineData("/api/method/frappe.client.get_value?doctype=File&filters=orders-eu-0a1b2c", "orders-eu")]
    [InlineData("/api/resource/File/orders-0a1b2c", "orders")]
    [InlineData("/api/resource/file/orders-eu-0a1b2c", "orders-eu")]
    [InlineData("/api/v2/document/File/central-1", "central")]
    [InlineData("/api/resource/Version?filters=%7B%22ref_doctype%22%3A%5B%22%3D%22%2C%22Sales%20Order%22%5D%7D", "orders")]
    [InlineData("/api/resource/File?attached_to_doctype=User", "central")]
    [InlineData("/api/resource/User%20Permission?allow=Customer", "orders")]
    [InlineData("/api/v2/doctype/File/meta", "central")]
    public async Task Query_TellsTheService(string path, string owner) => Assert.Equal(owner, await services.AskAsync(HttpMethod.Get, path));

    [Theory]
    [InlineData("frappe.client.insert", """{"doc":{"doctype":"Sales Order","x":1}}""", "orders")]
    [InlineData("frappe.client.insert", """{"doc":"{\"doctype\":\"Invoice\"}"}""", "orders-eu")]
    [InlineData("frappe.client.insert", """{"doc":{"doctype":"Sales Order Item","parenttype":"Sales Order"}}""", "orders")]
    [InlineData("frappe.client.insert", """{"docs":[{"doctype":"Customer"},{"doctype":"User"}]}""", "orders")]
    [InlineData("frappe.client.insert", """{"doc":{"doctype":"User Permission","allow":"Invoice"}}""", "orders-eu")]
    [InlineData("frappe.client.get_list", """{"doctype":"Customer","fields":["name"]}""", "orders")]
    [InlineData("frappe.client.get_list", """{"doctype":"Version","filters":{"ref_doctype":"User"}}""", "central")]
    [InlineData("frappe.client.get_list", """{"doctype":"Deleted Document","filters":{"deleted_doctype":"Customer"}}""", "orders")]
    [InlineData("frappe.core.doctype.deleted_document.deleted_document.restore", """{"doctype":"Deleted Document","name":"orders-eu-17"}""", "orders-eu")]
    [InlineData("frappe.client.delete", """{"doctype":"File","name":"orders-eu-17"}""", "orders-eu")]
    [InlineData("run_doc_method", """{"document":{"doctype":"Invoice"}}""", "orders-eu")]
    [InlineData("frappe.share.add", """{"doctype":"Invoice","name":"1"}""", "orders-eu")]
    public async Task JsonBody_TellsTheServiceAndArrivesWhole(string method, string body, string owner)
    {
        var length = Encoding.UTF8.GetByteCount(body);
        Assert.Equal($"{owner} {length}", await services.AskAsync(HttpMethod.Post, $"/api/method/{method}", Json(body)));
        // A JSON body that is not empty counts alone.
        Assert.Equal($"{owner} {length}", await services.AskAsync(HttpMethod.Post, $"/api/method/{method}?doctype=OAuth%20Client&dt=Nothing", Json(body)));
        var command = body.Insert(1, $"\"cmd\":\"{method}\",");
        Assert.Equal($"{owner} {Encoding.UTF8.GetByteCount(command)}", await services.AskAsync(HttpMethod.Post, "/", Json(command)));
    }

    [Fact]
    public async Task Form_TellsTheServiceAndArrivesWhole()
    {
        Assert.Equal("orders 68", await services.AskAsync(HttpMethod.Post, "/", Form("cmd=frappe.client.insert&doc=%7B%22doctype%22%3A%22Sales+Order%22%7D")));
        Assert.Equal("orders-eu 15", await services.AskAsync(HttpMethod.Post, "/api/method/frappe.client.delete?doctype=User", Form("doctype=Invoice")));
        Assert.Equal("central 25", await services.AskAsync(HttpMethod.Post, "/", Form("cmd=login&usr=x&pwd=y%20z")));
        Assert.Equal("orders", await services.AskAsync(HttpMethod.Delete, "/api/method/frappe.client.delete?doctype=Customer&name=1", Json("")));
    }

    [Fact]
    public async Task Upload_IsKeptUntilItsDocTypeIsKnown()
    {
        using var form = new MultipartFormDataContent("b") { { new ByteArrayContent(new byte[300_000]), "file", "a.bin" }, { new StringContent("0"), "is_private" }, { new StringContent("Invoice"), "doctype" }, { new StringContent("1"), "docname" } };
        var length = form.Headers.ContentLength;
        Assert.Equal($"orders-eu {length}", await services.AskAsync(HttpMethod.Post, "/api/method/upload_file", form));
        using var without = new MultipartFormDataContent { { new ByteArrayContent(new byte[10]), "file", "a.bin" } };
        Assert.Equal("417", await services.AskAsync(HttpMethod.Post, "/api/method/upload_file", without));
        using var large = new MultipartFormDataContent { { new ByteArrayContent(new byte[1_000_001]), "file", "a.bin" }, { new StringContent("Invoice"), "doctype" } };
        Assert.Equal("413", await services.AskAsync(HttpMethod.Post, "/api/method/upload_file", large));
        using var broken = new ByteArrayContent("--b\r\nContent-Disposition: form-data; name=\"doctype\"\r\n\r\nInv"u8.ToArray());
        broken.Headers.Add("Content-Type", "multipart/form-data; boundary=b");
        Assert.Equal("400", await services.AskAsync(HttpMethod.Post, "/api/method/upload_file", broken));
    }

    [Theory]
    [InlineData("/api/method/frappe.client.get_list?doctype=Nothing", 404)]
    [InlineData("/api/method/frappe.client.get_list", 417)]
    [InlineData("/api/method/frappe.client.get_list?doctype=", 417)]
    [InlineData("/api/method/frappe.client.get_list?doctype=Version", 417)]
    [InlineData("/api/method/frappe.client.get_list?doctype=Version&filters=%7B%22ref_doctype%22%3A%22Nothing%22%7D", 417)]
    [InlineData("/api/resource/Version", 417)]
    [InlineData("/api/resource/File/nobody-1", 417)]
    [InlineData("/api/resource/Nothing", 404)]
    [InlineData("/?cmd=nothing", 404)]
    [InlineData("/api/method/nothing", 404)]
    [InlineData("/files/nothing/a.png", 404)]
    [InlineData("/files/http%3A%2F%2Fevil.example/a.png", 404)]
    [InlineData("/api/method/frappe.client.get_list?doctype=http%3A%2F%2Fevil.example%2F", 404)]
    public async Task WhatTellsNoService_IsRefusedInTheShapeOfTheApi(string path, int status)
    {
        var (answered, body, _) = await services.Gateway.GetJsonAsync(path);
        Assert.Equal(status, answered);
        Assert.Equal(status == 404 ? "DoesNotExistError" : "ValidationError", body.GetProperty("exc_type").GetString());
    }

    [Theory]
    [InlineData("{", "400")]
    [InlineData("[1,2]", "417")]
    [InlineData("5", "417")]
    [InlineData("""{"doctype":5}""", "417")]
    [InlineData("""{"doctype":["Invoice"]}""", "417")]
    [InlineData("""{"doctype":{"doctype":"Invoice"}}""", "417")]
    [InlineData("""{"doctype":null,"doc":null}""", "417")]
    [InlineData("""{"doctype":"\ud800"}""", "400")]
    public async Task HostileJson_IsRefused(string body, string status) =>
        Assert.Equal(status, await services.AskAsync(HttpMethod.Post, "/api/method/frappe.client.get_list", Json(body)));

    [Fact]
    public async Task BodyThatIsTooLargeOrTooDeep_IsRefused()
    {
        Assert.Equal("413", await services.AskAsync(HttpMethod.Post, "/api/method/frappe.client.insert", Json(JsonSerializer.Serialize(new { doctype = "Invoice", x = new string('x', 100_000) }))));
        Assert.Equal("400", await services.AskAsync(HttpMethod.Post, "/api/method/frappe.client.insert", Json(string.Concat(Enumerable.Repeat("[", 10_000)))));
        using var chunked = new StreamContent(new MemoryStream(new byte[200_000]));
        chunked.Headers.Add("Content-Type", "application/json");
        chunked.Headers.ContentLength = null;
        Assert.Contains(await services.AskAsync(HttpMethod.Post, "/api/method/frappe.client.insert", chunked), (string[])["413", "400"]);
        // Where the path tells the service, nothing is read.
        Assert.StartsWith("orders ", await services.AskAsync(HttpMethod.Post, "/api/resource/Customer", Json(new string('x', 200_000))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_StaysThePageWithoutACommand()
    {
        using var response = await services.Gateway.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("404", await services.AskAsync(HttpMethod.Post, "/", Json("{}")));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");
}
