using System.Buffers;

namespace Central.Mail;

/// <summary>Which addresses mails go to: one box at one domain, with nothing in it that means more to a mail server.</summary>
/// <remarks>RFC 5321 section 4.1.2 also has quoted local parts and address literals, which nobody signs in with.</remarks>
internal static class MailAddress
{
    private const int MaxLength = 254;

    private static readonly SearchValues<char> s_special = SearchValues.Create(" \"(),:;<>[\\]\u007f");

    /// <summary>Whether an address is plain.</summary>
    public static bool IsPlain(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return address.Length <= MaxLength && at > 0 && at < address.Length - 1 && address.LastIndexOf('@') == at
            && !address.AsSpan().ContainsAny(s_special) && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
    }
}
