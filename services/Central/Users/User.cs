using Central.ApiKeys;
using Central.Platform;
using Central.Sessions;
using Central.Settings;

namespace Central.Users;

/// <summary>
/// What one tenant knows of one of its users: profile and roles. The account, with which the user signs in, belongs to the platform.
/// The name is the user name.
/// </summary>
[DocType(Naming = "prompt", TitleField = "full_name", AllowRename = false, Description = "A user of a tenant, with roles.")]
[Permission(RoleNames.SystemManager, Rights.Read | Rights.Select | Rights.Write | Rights.Export | Rights.Report)]
[Permission(RoleNames.SystemManager, Rights.Read, PermLevel = 1)]
public sealed class User : Document
{
    [Field(Required = true, SetOnlyOnce = true, PermLevel = 1, Unique = true, Description = "The account. It never changes.")]
    public string UserId { get; set; } = "";

    [Field(Required = true, SetOnlyOnce = true, PermLevel = 1)]
    public string Email { get; set; } = "";

    [Field(Required = true)]
    public string FullName { get; set; } = "";

    public string GivenName { get; set; } = "";

    public string FamilyName { get; set; } = "";

    [Field(Description = "Address of a picture.")]
    public string Picture { get; set; } = "";

    [Field(Length = 35, Description = "The user's language, such as nl or ar. Empty: what the browser asks for.")]
    public string Language { get; set; } = "";

    public bool Enabled { get; set; } = true;

    [Table]
    public List<HasRole> Roles { get; set; } = [];

    protected override ValueTask Validate(DocumentContext context)
    {
        if (Roles.GroupBy(row => row.Role, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ValidationException($"The role {repeated.Key} is given twice");
        }

        RoleNames.RequireGrantable(context.User, Roles.Concat(((User?)context.Before)?.Roles ?? []).Select(row => row.Role));
        return default;
    }

    /// <summary>Who is disabled is signed out at once, and stays so when enabled again.</summary>
    protected override async ValueTask AfterUpdate(DocumentContext context)
    {
        if (Enabled || context.Before is not User { Enabled: true })
        {
            return;
        }

        var platform = context.Db.InTenant(context.Services.GetRequiredService<CentralSettings>().PlatformTenant, "A user was disabled: sessions and API keys end");
        await SignIns.EndAllAsync(platform, UserId, context.Db.Tenant.Id, context.CancellationToken);
        await ApiKeyStore.RevokeAllAsync(platform, UserId, context.Db.Tenant.Id, context.CancellationToken);
    }

    /// <summary>Refuses whoever may not change a user with these roles.</summary>
    /// <exception cref="PermissionException">The user has rights that the caller has not.</exception>
    internal void RequireChangeableBy(CurrentUser caller) => RoleNames.RequireGrantable(caller, Roles.Select(row => row.Role));
}
