namespace Central.Users;

/// <summary>With what a person signs in. Kept by the platform and never served. The name is the user id, <c>u-</c> and random text.</summary>
[DocType(Naming = "prompt")]
public sealed class Account : Document
{
    /// <summary>What a user id starts with; no client id does.</summary>
    public const string IdPrefix = "u-";

    /// <summary>In the form of <see cref="LoginName.Normalize"/>.</summary>
    [Field(Required = true, Unique = true)]
    public string Username { get; set; } = "";

    /// <summary>In the form of <see cref="LoginName.Normalize"/>.</summary>
    [Field(Required = true, Unique = true)]
    public string Email { get; set; } = "";

    public bool EmailVerified { get; set; }

    [Field(Required = true, Length = 255)]
    public string PasswordHash { get; set; } = "";

    public bool Enabled { get; set; } = true;

    /// <summary>By which passkeys name the account: random text, made with the first passkey.</summary>
    /// <remarks>WebAuthn level 3, section 14.6.1: a user handle holds nothing that tells who it is.</remarks>
    [Field(Index = true)]
    public string PasskeyHandle { get; set; } = "";

    /// <summary>The account's first tenant; further ones are its <see cref="TenantMembership"/>s.</summary>
    [Field(Required = true, Length = 64), Link("Tenant")]
    public string HomeTenant { get; set; } = "";
}
