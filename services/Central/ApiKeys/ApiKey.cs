using System.Net;
using Central.Clients;
using Central.Platform;

namespace Central.ApiKeys;

/// <summary>A key with which a program acts for one user of one tenant. The name is the key; the secret is kept apart and never served.</summary>
[DocType("API Key", Naming = "prompt", TitleField = "label", AllowRename = false, AllowCustomPermissions = false, Description = "With what a program acts for a user.")]
[Permission(RoleNames.PlatformAdministrator, Rights.Read | Rights.Select | Rights.Write | Rights.Delete | Rights.Report | Rights.Export)]
public sealed class ApiKey : Document
{
    /// <summary>Most addresses and networks of one key.</summary>
    internal const int MaxAddresses = 50;

    [Field(Required = true, SetOnlyOnce = true, Index = true, Description = "The user's id.")]
    public string UserId { get; set; } = "";

    [Field(Required = true, SetOnlyOnce = true, Length = 64), Link("Tenant")]
    public string Tenant { get; set; } = "";

    [Field(Description = "What the user calls it.")]
    public string Label { get; set; } = "";

    [Field(Description = "A key that is not enabled is revoked: its secret is gone, and enabling it again brings nothing back.")]
    public bool Enabled { get; set; } = true;

    [Text, Field(Description = "Scopes, separated by spaces. A session of the user has none, so users cannot give their keys any: only the platform can.")]
    public string Scope { get; set; } = "";

    [Text, Field(Description = "Roles that the key is limited to, one a line. Empty: all that the user has.")]
    public string Roles { get; set; } = "";

    [Text, Field(Description = "Addresses and networks that the key can be used from, such as 192.0.2.7 and 2001:db8::/32, one a line. Empty: from everywhere.")]
    public string AllowedAddresses { get; set; } = "";

    [Field(Description = "UTC. Empty: until it is revoked.")]
    public DateTime? ExpiresAt { get; set; }

    [Field(ReadOnly = true, Description = "UTC; when it last got a new secret. Empty: it has its first one.")]
    public DateTime? RotatedAt { get; set; }

    [Field(ReadOnly = true, Description = "UTC, to the minute or so. Empty: never.")]
    public DateTime? LastUsed { get; set; }

    /// <summary>Whether the key can be used from an address; from an unknown one only when it can be used from everywhere.</summary>
    internal bool Admits(IPAddress? address)
    {
        var allowed = OAuthClient.Lines(AllowedAddresses);
        return allowed.Length == 0 || (address is not null && allowed.Any(entry => ClientAddress.ParseNetwork(entry)?.Contains(ClientAddress.Plain(address)) is true));
    }

    protected override ValueTask Validate(DocumentContext context)
    {
        var allowed = OAuthClient.Lines(AllowedAddresses);
        if (allowed.Length > MaxAddresses)
        {
            throw new ValidationException($"An API key has at most {MaxAddresses} allowed addresses");
        }

        if (allowed.FirstOrDefault(entry => ClientAddress.ParseNetwork(entry) is null) is { } wrong)
        {
            throw new ValidationException($"{wrong} is neither an address such as 192.0.2.7 nor a network such as 192.0.2.0/24");
        }

        return default;
    }

    protected override async ValueTask AfterUpdate(DocumentContext context)
    {
        if (!Enabled && context.Before is ApiKey { Enabled: true })
        {
            await SecretStore.RemoveAllAsync(context.Db, SecretHolder.ApiKey(Name), context.CancellationToken);
        }
    }

    protected override async ValueTask AfterDelete(DocumentContext context) =>
        await SecretStore.RemoveAllAsync(context.Db, SecretHolder.ApiKey(Name), context.CancellationToken);
}
