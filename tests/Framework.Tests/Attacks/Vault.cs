using Microservices.Documents;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Permissions;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>Two tenants with the same deals, and callers who may do some of what they try: a dealer, who may neither delete, share nor submit, and a mole, who is kept from what is secret.</summary>
public sealed class Vault : IAsyncLifetime
{
    public const string Deals = "/api/resource/Deal";
    public const string Method = "/api/method/frappe.client.";

    internal TestService Service { get; private set; } = null!;

    internal TestCaller Manager => Service.As("acme", Archive.Boss);

    internal TestCaller Rival => Service.As("globex", Archive.Boss);

    internal TestCaller Ann => Service.As("acme", Archive.Ann, "Dealer");

    internal TestCaller Mole => Service.As("acme", "mole@example.com", "Mole");

    internal TestCaller Bob => Service.As("acme", Archive.Bob, "Nobody");

    public async ValueTask InitializeAsync()
    {
        Service = await Archive.StartAsync(service =>
        {
            service.RegisterResource<Deal>();
            service.RegisterResource<DealNote>();
            service.RegisterResource<DealRules>();
            service.PermissionQueryConditions("Deal", query => query.User.Roles.Contains("Mole") ? [new Filter("secret", false)] : []);
            service.HasPermission("Deal", check => !(check.User.Roles.Contains("Mole") && check.Document["secret"] is true));
            service.HasPermission("Deal Rules", check => !check.User.Roles.Contains("Mole"));
        });
        foreach (var tenant in (TestCaller[])[Manager, Rival])
        {
            await Archive.FillAsync(tenant);
            foreach (var (title, branch, secret) in ((string, string?, int)[])[("open", "North", 0), ("south", "South", 0), ("hidden", "North", 1), ("free", null, 0)])
            {
                await Isolation.Bank.Created(tenant.PostAsync(Deals, new { title, branch, secret, backer = "East", code = "cipher " + title, password = "pw" }));
            }

            await Isolation.Bank.Created(tenant.PostAsync("/api/resource/Deal Note", new[] { new { title = "n-open", deal = "open" }, new { title = "n-hidden", deal = "hidden" } }));
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal static Task<Answer> CallAsync(TestCaller caller, string method, object arguments) => caller.PostAsync(Method + method, arguments);

    internal static Task<Answer> RenameAsync(TestCaller caller, string from, string to, bool merge) =>
        CallAsync(caller, "rename_doc", new { doctype = "Deal", old_name = from, new_name = to, merge });

    internal static Task<string> NamesAsync(TestCaller caller) => Archive.NamesAsync(caller, Deals + "?order_by=name");
}

[DocType(Naming = "field:title", IsSubmittable = true, TrackChanges = true)]
[Permission("System Manager", Rights.All)]
[Permission("System Manager", Rights.Read | Rights.Write, PermLevel = 1)]
[Permission("Dealer", Rights.Read | Rights.Write | Rights.Create)]
[Permission("Mole", Rights.Read | Rights.Write | Rights.Create | Rights.Delete | Rights.Submit | Rights.Export)]
[Permission("Owner", Rights.Read | Rights.Write | Rights.Create | Rights.Share | Rights.Submit | Rights.Delete, IfOwner = true)]
[Permission("Chooser", Rights.Select)]
public sealed class Deal : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    [Link("Branch")]
    public string? Branch { get; set; }

    [Link("Branch"), Field(PermLevel = 1)]
    public string? Backer { get; set; }

    [Field(PermLevel = 1)]
    public string? Code { get; set; }

    public bool Secret { get; set; }

    [FrappeType(FieldType.Password)]
    public string? Password { get; set; }

    [Table]
    public List<DealLine> Lines { get; set; } = [];

    [Table, Field(PermLevel = 1)]
    public List<DealLine> Fees { get; set; } = [];
}

[DocType("Deal Line")]
public sealed class DealLine : Document
{
    [Link("Branch")]
    public string? Branch { get; set; }

    public string? Words { get; set; }

    [Field(PermLevel = 1)]
    public string? Code { get; set; }
}

[DocType("Deal Note", Naming = "field:title")]
[Permission("System Manager", Rights.All)]
[Permission("Dealer", Rights.Read | Rights.Create)]
[Permission("Mole", Rights.Read)]
public sealed class DealNote : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    [Link("Deal")]
    public string? Deal { get; set; }
}

[DocType("Deal Rules", IsSingle = true)]
[Permission("System Manager", Rights.All)]
[Permission("Mole", Rights.Read | Rights.Write)]
public sealed class DealRules : Document
{
    public string? Words { get; set; }
}
