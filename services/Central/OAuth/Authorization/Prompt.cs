namespace Central.OAuth.Authorization;

/// <summary>What a client wants the user to be asked.</summary>
/// <remarks>OpenID Connect Core section 3.1.2.1.</remarks>
internal static class Prompt
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";

    /// <summary>Another user may sign in: for this site the same as <see cref="Login"/>.</summary>
    public const string SelectAccount = "select_account";

    /// <summary>The values that mean something here.</summary>
    public static readonly string[] Values = [None, Login, Consent, SelectAccount];
}
