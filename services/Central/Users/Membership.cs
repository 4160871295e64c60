using Central.Tenants;

namespace Central.Users;

/// <summary>A user who may act now, in one tenant: the account, and its profile and roles there.</summary>
internal sealed record Membership(Account Account, User User, TenantRecord Record, IReadOnlyList<string> Roles)
{
    public Tenant Tenant => new(Record.Name);

    public string UserId => Account.Name;

    public string Username => Account.Username;

    public string Email => Account.Email;

    public bool IsEmailVerified => Account.EmailVerified;

    public string FullName => User.FullName;

    public string GivenName => User.GivenName;

    public string FamilyName => User.FamilyName;

    public string Picture => User.Picture;

    public string Locale => User.Language;
}
