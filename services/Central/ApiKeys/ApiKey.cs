using Central.Clients;
using Central.Platform;

namespace Central.ApiKeys;

/// <summary>A key with which a program acts for one user of one tenant. The name is the key; the secret is kept apart and never served.</summary>
[DocType("API Key", Naming = "prompt", Description = "With what a program acts for a user.")]
[Permission(RoleNames.PlatformAdministrator, Rights.Read | Rights.Select | Rights.Write | Rights.Delete | Rights.Report | Rights.Export)]
public sealed class ApiKey : Document
{
    [Field(Required = true, SetOnlyOnce = true, Index = true, Description = "The user's id.")]
    public string UserId { get; set; } = "";

    [Field(Required = true, SetOnlyOnce = true, Length = 64), Link("Tenant")]
    public string Tenant { get; set; } = "";

    public string Label { get; set; } = "";

    public bool Enabled { get; set; } = true;

    [Text, Field(Description = "Scopes, separated by spaces.")]
    public string Scope { get; set; } = "";

    [Text, Field(Description = "Roles that the key is limited to, one a line. Empty: all that the user has.")]
    public string Roles { get; set; } = "";

    [Field(Description = "UTC. Empty: until it is revoked.")]
    public DateTime? ExpiresAt { get; set; }

    protected override async ValueTask AfterDelete(DocumentContext context) =>
        await SecretStore.RemoveAllAsync(context.Db, SecretHolder.ApiKey(Name), context.CancellationToken);
}
