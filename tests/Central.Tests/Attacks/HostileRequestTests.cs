using System.Net.Http.Headers;
using System.Text;

namespace Microservices.Central.Tests.Attacks;

/// <summary>Requests that no client sends: each is refused at once, and the answer tells nothing of the inside.</summary>
public sealed class HostileRequestTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/json";

    /// <summary>Far more than any of them takes, and far less than work that grows with the input would.</summary>
    private static readonly TimeSpan s_fast = TimeSpan.FromSeconds(10);

    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly TestSite _site = fixture.Site;

    public static TheoryData<string> Doors =>
    [
        "/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/device_authorization", "/oauth/authorize", "/oauth/logout", "/oauth/consent", "/device", "/device/decision", "/login", "/logout",
        "/login/passkey", "/api/method/login", "/api/method/frappe.www.login.send_login_link", "/api/method/frappe.core.doctype.user.user.reset_password",
        "/api/method/central.users.create", "/api/method/central.provision_tenant", "/api/resource/OAuth Client", "/api/resource/User",
    ];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Body_IsRefused(string door)
    {
        (string Type, byte[] Body)[] hostile =
        [
            (FormType, Ascii("usr=%00&grant_type=%00&token=a%00b&client_id=a%00b&cmd=%00")),
            (FormType, Ascii("usr=%zz&grant_type=%&token=%f")),
            (FormType, Ascii("usr=%ff%fe&grant_type=%c0%af&token=%ed%a0%80")),
            (FormType, [0xff, 0xfe, 0x00, (byte)'=', 0x00]),
            (FormType, Ascii(string.Join('&', Enumerable.Range(0, 100_000).Select(i => $"p{i}=1")))),
            (FormType, Ascii(string.Join('&', Enumerable.Range(0, 5_000).Select(i => $"p{i}=1")))),
            (FormType, Ascii("usr=" + new string('x', 5_000_000))),
            (JsonType, Ascii("""{"usr":"alice","usr":"bob","pwd":"x","email":"a","email":"b","user":"a","user":"b","credential":{},"credential":{},"tenant":"a","tenant":"b","client_id":"a","client_id":"b"}""")),
            (JsonType, Ascii(new string('[', 20_000) + new string(']', 20_000))),
            (JsonType, Ascii("{\"usr\":\"" + new string('x', 5_000_000) + "\"}")),
            (JsonType, Ascii("{\"usr\":")),
            (JsonType, [(byte)'{', 0xff, 0xfe, (byte)'}']),
            ("multipart/form-data; boundary=" + new string('b', 5_000), Ascii("--b")),
            ("multipart/form-data; boundary=b", Ascii(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"--b\r\nContent-Disposition: form-data; name=\"p{i}\"\r\n\r\n1\r\n")) + "--b--\r\n")),
            ("\"\\", Ascii("x")),
        ];
        foreach (var (type, body) in hostile)
        {
            await RefusedAsync(() =>
            {
                var content = new ByteArrayContent(body);
                content.Headers.TryAddWithoutValidation("Content-Type", type);
                return new HttpRequestMessage(HttpMethod.Post, door) { Content = content };
            });
        }

        await RefusedAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, door) { Content = new StreamContent(new MemoryStream(new byte[5_000_000])) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(FormType);
            request.Headers.TransferEncodingChunked = true;
            return request;
        });
    }

    [Theory]
    [InlineData("/oauth/authorize?")]
    [InlineData("/login?")]
    [InlineData("/oauth/logout?")]
    [InlineData("/device?")]
    [InlineData("/api/method/frappe.www.login.login_via_key?")]
    public async Task Query_IsRefused(string path)
    {
        string[] hostile =
        [
            "a=%00", "a=%zz", "a=%", "a=%ff%fe", "a=1&a=2", string.Join('&', Enumerable.Range(0, 100_000).Select(i => $"p{i}=1")), string.Join('&', Enumerable.Range(0, 900).Select(i => $"p{i}=1")), "a=" + new string('x', 100_000),
        ];
        foreach (var query in hostile)
        {
            await RefusedAsync(() => new HttpRequestMessage(HttpMethod.Get, new Uri(_site.Address.GetLeftPart(UriPartial.Authority) + path + query, s_asItIs)));
        }
    }

    private async Task RefusedAsync(Func<HttpRequestMessage> make)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_fast);
        using var request = make();
        try
        {
            using var response = await _site.Http.SendAsync(request, patience.Token);
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            Assert.True((int)response.StatusCode is >= 400 and < 500 && response.StatusCode != HttpStatusCode.NotFound, $"{request.RequestUri} {response.StatusCode} {text}");
            Assert.All((string[])["   at ", "Central.", "System.", "Exception", "stack"], trace => Assert.DoesNotContain(trace, text, StringComparison.Ordinal));
            Assert.InRange(text.Length, 0, 10_000);
        }
        catch (HttpRequestException)
        {
            // The server has refused and hung up before it was told everything.
        }
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
