namespace Central.Sessions;

/// <summary>How users prove who they are, and how sure that makes the site.</summary>
/// <remarks>RFC 8176 section 2; the levels are NIST SP 800-63B's.</remarks>
internal static class AuthenticationMethods
{
    public const string Password = "pwd";

    /// <summary>A one-time password or a recovery code.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>A passkey whose authenticator verified the user: two factors by itself.</summary>
    public const string Passkey = "hwk user";

    /// <summary>A link that was mailed. RFC 8176 has no word for it.</summary>
    public const string MailedLink = "mail";

    /// <summary>More than one factor was used.</summary>
    public const string MultipleFactors = "mfa";

    /// <summary>One factor.</summary>
    public const string SingleFactorLevel = "aal1";

    /// <summary>Two factors.</summary>
    public const string MultipleFactorLevel = "aal2";

    /// <summary>Whether more than one factor was used.</summary>
    public static bool IsMultiFactor(string methods) => methods.Split(' ').Contains(MultipleFactors);

    /// <summary>The <c>acr</c> of what was used.</summary>
    public static string LevelOf(string methods) => IsMultiFactor(methods) ? MultipleFactorLevel : SingleFactorLevel;
}
