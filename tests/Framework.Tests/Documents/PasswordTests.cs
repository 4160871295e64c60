using System.Security.Cryptography;
using Microservices.Data;
using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Framework.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A password is encrypted where it is stored, for one field of one document, and shown to nobody but code that asks for it.</summary>
public sealed class PasswordTests : IAsyncLifetime
{
    private const string Path = "/api/resource/Mailbox";
    private readonly string _keys = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N"));
    private TestService _service = null!;
    private TestCaller _caller = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(Describe, settings => settings["PASSWORD_KEYS_DIRECTORY"] = _keys);
        _caller = _service.As("acme");
        await Isolation.Bank.Created(_caller.PostAsync(Path, new { title = "box", secret = "s3cret", relays = new[] { new { host = "h", pin = "p1n" } } }));
        await Isolation.Bank.Created(_service.As("globex").PostAsync(Path, new { title = "box", secret = "other" }));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }

    [Fact]
    public async Task Database_HoldsNoClearText()
    {
        var stored = await _service.SqlAsync("select `secret` from `tabMailbox`");
        stored.AddRange(await _service.SqlAsync("select `pin` from `tabMail Relay`"));
        Assert.Equal(3, stored.Count);
        Assert.All(stored, text => Assert.True(text.Length > 40 && !text.Contains("s3cret", StringComparison.Ordinal) && !text.Contains("p1n", StringComparison.Ordinal)));
        Assert.NotEmpty(Directory.GetFiles(System.IO.Path.Combine(_keys, "test")));
    }

    [Fact]
    public async Task Code_ReadsIt_OfItsTenant()
    {
        Assert.Equal("s3cret", await ReadAsync(_caller, "box"));
        Assert.Equal("other", await ReadAsync(_service.As("globex"), "box"));
        Assert.Equal(404, (await _service.As("initech").PostAsync("/read?name=box", new { })).Status);
    }

    [Fact]
    public async Task Answers_ShowAsterisks_WhichSentBackChangeNothing()
    {
        var shown = await _caller.GetAsync(Path + "/box");
        var list = await _caller.GetAsync(Path + "?fields=*");
        var saved = await _caller.PutAsync(Path + "/box", shown.Data);
        Assert.Equal(200, saved.Status);
        foreach (var text in (string[])[shown.Text, list.Text, saved.Text, (await _caller.PostAsync("/seen", new { })).Text])
        {
            Assert.Contains("********", text, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("CfDJ", text, StringComparison.Ordinal);
        }

        Assert.Equal("s3cret", await ReadAsync(_caller, "box"));
        Assert.Equal("p1n", (await _caller.PostAsync("/pin", new { })).Text);
    }

    [Fact]
    public async Task Password_ChangesAndGoes()
    {
        await _caller.PutAsync(Path + "/box", new { secret = "n3w" });
        Assert.Equal("n3w", await ReadAsync(_caller, "box"));
        await _caller.PutAsync(Path + "/box", new { secret = (string?)null });
        Assert.False((await _caller.GetAsync(Path + "/box")).Data.TryGetProperty("secret", out _));
        Assert.Equal("", await ReadAsync(_caller, "box"));
    }

    [Fact]
    public async Task Rename_KeepsItReadable()
    {
        await _caller.PostAsync("/rename", new { });
        Assert.Equal("s3cret", await ReadAsync(_caller, "crate"));
    }

    [Fact]
    public async Task CiphertextOfAnotherTenant_CannotBeRead()
    {
        await _service.Database.ExecuteAsync("update `tabMailbox` set `secret`=(select `s` from (select `secret` as `s` from `tabMailbox` where `tenant_id`='globex') as `x`) where `tenant_id`='acme'");
        var answer = await _caller.PostAsync("/read?name=box", new { });
        Assert.Equal("refused", answer.Text);
    }

    [Fact]
    public async Task PasswordThatIsTooLong_Is417() =>
        Assert.Equal("CharacterLengthExceededError", (await _caller.PutAsync(Path + "/box", new { secret = new string('x', 32_769) })).ErrorType);

    private static async Task<string> ReadAsync(TestCaller caller, string name) => (await caller.PostAsync("/read?name=" + name, new { })).Text;

    private static void Describe(Microservice service)
    {
        service.RegisterResource<Mailbox>();
        service.SecureRoute("POST", "/read", async (HttpRequest http, TenantDb db, CancellationToken ct) =>
        {
            try
            {
                return await db.GetPasswordAsync("Mailbox", http.Query["name"]!, "secret", ct) ?? "";
            }
            catch (CryptographicException)
            {
                return "refused";
            }
        });
        service.SecureRoute("POST", "/pin", async (TenantDb db, CancellationToken ct) =>
            await db.GetPasswordAsync("Mail Relay", (await db.GetDocAsync<Mailbox>("box", ct)).Relays[0].Name, "pin", ct) ?? "");
        service.SecureRoute("POST", "/seen", async (TenantDb db, CancellationToken ct) =>
            (await db.GetDocAsync<Mailbox>("box", ct)).Secret + (await db.GetAllAsync("Mailbox", new() { Fields = ["secret"] }, ct))[0]["secret"]);
        service.SecureRoute("POST", "/rename", async (TenantDb db, CancellationToken ct) => await db.RenameAsync("Mailbox", "box", "crate", cancellationToken: ct));
    }

    [DocType(Naming = "field:title")]
    public sealed class Mailbox : Document
    {
        public string Title { get; set; } = "";

        [FrappeType(FieldType.Password)]
        public string? Secret { get; set; }

        [Table]
        public List<MailRelay> Relays { get; set; } = [];
    }

    [DocType("Mail Relay")]
    public sealed class MailRelay : Document
    {
        public string? Host { get; set; }

        [FrappeType(FieldType.Password)]
        public string? Pin { get; set; }
    }
}
