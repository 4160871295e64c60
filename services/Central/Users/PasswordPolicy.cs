using System.Globalization;
using Central.Settings;

namespace Central.Users;

/// <summary>
/// What a new password must be: long, and not made of words that are guessed first. No rules of composition.
/// </summary>
internal sealed class PasswordPolicy(CentralSettings settings)
{
    private const int LeastOwnCharacters = 6;
    private const int LeastDistinctCharacters = 5;
    private const int LeastContextLength = 4;

    private static readonly string[] s_common =
    [
        "password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "letmein", "welcome", "iloveyou", "administrator", "admin", "qwertyuiop", "qwertzuiop", "asdfghjkl",
        "zxcvbnm", "qwerty", "qwertz", "azerty", "1q2w3e4r5t", "1qaz2wsx3edc", "abcdefghijklmnopqrstuvwxyz", "abc123", "changeme", "default", "secret", "master",
        "monkey", "dragon", "sunshine", "princess", "football", "baseball", "superman", "trustno1", "login", "central", "0123456789", "1234567890", "9876543210", "987654321",
        "123456789", "12345678", "1234567", "123456", "12345", "1234", "123",
    ];

    /// <summary>Least characters of a new password.</summary>
    public int MinLength => settings.PasswordMinLength;

    /// <summary>Refuses a weak password.</summary>
    /// <param name="password">The password, as typed.</param>
    /// <param name="context">What an attacker would try: user name, tenant, names.</param>
    /// <exception cref="ValidationException">It is weak. The message tells the rule and nothing of the password.</exception>
    public void Check(string password, params IEnumerable<string> context)
    {
        if (password.EnumerateRunes().Count() < settings.PasswordMinLength)
        {
            throw new ValidationException(string.Create(CultureInfo.InvariantCulture, $"The password must have at least {settings.PasswordMinLength} characters"));
        }

        if (password.Length > PasswordHashing.MaxLength)
        {
            throw new ValidationException(string.Create(CultureInfo.InvariantCulture, $"The password must have at most {PasswordHashing.MaxLength} characters"));
        }

        var own = password.ToLowerInvariant();
        foreach (var word in context.SelectMany(Words).OrderByDescending(word => word.Length).Concat(s_common))
        {
            own = own.Replace(word, "", StringComparison.Ordinal);
        }

        if (own.Length < LeastOwnCharacters || own.Distinct().Count() < LeastDistinctCharacters)
        {
            throw new ValidationException("The password is too easy to guess: use several words that have nothing to do with you, your company or each other");
        }
    }

    private static IEnumerable<string> Words(string text) =>
        text.ToLowerInvariant().Split([' ', '@', '.', '-', '_', '+', ','], StringSplitOptions.RemoveEmptyEntries).Append(text.ToLowerInvariant()).Where(word => word.Length >= LeastContextLength);
}
