using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Isolation;

/// <summary>A service with something to steal for every kind of attack, and two tenants that own the same names.</summary>
public sealed class Bank : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    /// <summary>The attacker's tenant.</summary>
    internal TestCaller Acme { get; private set; } = null!;

    /// <summary>The victim's tenant.</summary>
    internal TestCaller Rival { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(Describe);
        Acme = Service.As("acme", "eve@acme.example");
        Rival = Service.As("rival", "bob@rival.example");
        await FillAsync(Rival, "rival");
        await FillAsync(Acme, "acme");
        // Only the rival has these.
        await Created(Rival.PostAsync("/api/resource/Account", new { title = "Rival Only", secret = "rival secret", iban = "RIVAL-1", balance = 999, lines = new[] { new { note = "rival row", peer = "Shared" } } }));
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal static void Describe(Microservice service)
    {
        service.RegisterResource<Account>();
        service.RegisterResource<Ticket>();
        service.RegisterResource<Vault>();
        service.RegisterResource<Tag>();
        service.SecureRoute("GET", "/accounts/count", async (Microservices.Data.TenantDb db, CancellationToken ct) => new { count = await db.CountAsync("Account", cancellationToken: ct) });
        service.SecureRoute("POST", "/api/method/count_accounts", async (Microservices.Data.TenantDb db, CancellationToken ct) => await db.CountAsync("Account", cancellationToken: ct));
        service.Route("GET", "/open", () => "open");
    }

    internal static async Task<Answer> Created(Task<Answer> request)
    {
        var answer = await request;
        Assert.True(answer.Status == 201, answer.Text);
        return answer;
    }

    private static async Task FillAsync(TestCaller caller, string tenant)
    {
        await Created(caller.PostAsync("/api/resource/Account", new { title = "Shared", secret = $"{tenant} secret", iban = "SHARED-1", balance = 10, lines = new[] { new { note = $"{tenant} first" }, new { note = $"{tenant} second" } } }));
        await Created(caller.PostAsync("/api/resource/Account", new { title = "Other", secret = $"{tenant} secret", iban = "SHARED-2", balance = 20, lines = new[] { new { note = $"{tenant} other" } } }));
    }
}

[DocType(Naming = "field:title")]
[Permission("System Manager", Rights.All)]
public sealed class Account : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    public string? Secret { get; set; }

    [Field(Unique = true)]
    public string? Iban { get; set; }

    [Currency]
    public decimal Balance { get; set; }

    [Link("Account")]
    public string? Peer { get; set; }

    [Table]
    public List<AccountLine> Lines { get; set; } = [];

    [Table]
    public List<AccountLine> MoreLines { get; set; } = [];
}

[DocType("Account Line")]
public sealed class AccountLine : Document
{
    public string? Note { get; set; }

    [Link("Account")]
    public string? Peer { get; set; }
}

[DocType(Naming = "T-.#####", IsSubmittable = true)]
[Permission("Agent", Rights.Read | Rights.Write | Rights.Create | Rights.Delete | Rights.Submit | Rights.Cancel, IfOwner = true)]
[Permission("Reader", Rights.Read)]
[Permission("Clerk", Rights.Read | Rights.Write | Rights.Create)]
[Permission("Submitter", Rights.Read | Rights.Write | Rights.Submit)]
[Permission("Canceller", Rights.Read | Rights.Write | Rights.Cancel)]
[Permission("Remover", Rights.Read | Rights.Delete)]
[Permission("Maker", Rights.Create)]
[Permission("Picker", Rights.Select)]
[Permission("System Manager", Rights.All)]
public sealed class Ticket : Document
{
    [Field(Required = true)]
    public string Subject { get; set; } = "";

    [Field(AllowOnSubmit = true)]
    public string? Progress { get; set; }

    public int Points { get; set; }
}

[DocType(Naming = "field:label", TitleField = "label")]
[Permission("Keeper", Rights.Read | Rights.Write | Rights.Create)]
[Permission("Boss", Rights.Read | Rights.Write | Rights.Create)]
[Permission("Boss", Rights.Read | Rights.Write, PermLevel = 1)]
[Permission("Auditor", Rights.Read)]
[Permission("Auditor", Rights.Read, PermLevel = 1)]
public sealed class Vault : Document
{
    [Field(Required = true)]
    public string Label { get; set; } = "";

    [Field(PermLevel = 1)]
    public string? Code { get; set; }

    [Field(PermLevel = 1)]
    public int Worth { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Pin { get; set; }

    public VaultKind Kind { get; set; }

    [Table]
    public List<VaultItem> Items { get; set; } = [];

    [Field(PermLevel = 1), Table]
    public List<VaultItem> HiddenItems { get; set; } = [];
}

public enum VaultKind
{
    Steel,
    Paper,
}

[DocType("Vault Item")]
public sealed class VaultItem : Document
{
    public string? What { get; set; }

    [Field(PermLevel = 1)]
    public string? Weight { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Pin { get; set; }
}

/// <summary>Named by its client.</summary>
[DocType(Naming = "prompt")]
[Permission("System Manager", Rights.All)]
public sealed class Tag : Document
{
    public string? Color { get; set; }
}
