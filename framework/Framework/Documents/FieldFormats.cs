using System.Net.Mail;
using System.Text.RegularExpressions;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>The formats that the options of a Data field, or the type Phone, ask for.</summary>
internal static partial class FieldFormats
{
    /// <exception cref="ValidationException">The text is not of the field's format.</exception>
    public static void Check(DocField column, string text, int row)
    {
        var definition = column.Definition;
        Message? problem = (definition.Type, definition.Options) switch
        {
            (FieldType.Phone, _) => IsPhone(text) ? null : throw new InvalidPhoneNumberException(Told("is not a phone number")),
            (FieldType.Data, "Phone") => PhoneText().IsMatch(text) ? null : throw new InvalidPhoneNumberException(Told("is not a phone number")),
            (FieldType.Data, "Email") => AreAddresses(text) ? null : throw new InvalidEmailAddressException(Told("is not an e-mail address")),
            (FieldType.Data, "Name") => PersonName().IsMatch(text) ? null : throw new InvalidNameException(Told("is not a name")),
            (FieldType.Data, "URL") => IsUrl(text) ? null : Told("is not a URL"),
            (FieldType.Data, "IBAN") => IsIban(text) ? null : Told("is not an IBAN"),
            _ => null,
        };
        if (problem is { } told)
        {
            throw new ValidationException(told);
        }

        Message Told(Message reason) => $"{RowPrefix.Of(row)}{definition.Caption} {reason}: {text}";
    }

    // Frappe takes several, with commas between them.
    private static bool AreAddresses(string text) =>
        text.Split(',').All(address => address.AsSpan().Trim() is { Length: > 0 } && MailAddress.TryCreate(address.Trim(), out var parsed) && !parsed.Host.StartsWith('[')
            && parsed.Host.Length > 0 && Uri.CheckHostName(parsed.Host) is UriHostNameType.Dns);

    // E.164: at most 15 digits.
    private static bool IsPhone(string text) => PhoneText().IsMatch(text) && text.Count(char.IsAsciiDigit) is >= 5 and <= 15 && text.LastIndexOf('+') <= 0;

    // Schemes that a browser would run, such as javascript:, are no addresses.
    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "ftp" or "ftps" or "sftp" && url.Host.Length > 0;

    // ISO 13616: the first four characters go to the end, letters are 10 to 35, and the number leaves 1 when divided by 97.
    private static bool IsIban(string text)
    {
        var iban = text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        if (!Iban().IsMatch(iban))
        {
            return false;
        }

        var rest = 0;
        foreach (var character in iban[4..] + iban[..4])
        {
            var value = char.IsAsciiDigit(character) ? character - '0' : character - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1;
    }

    [GeneratedRegex(@"\A[0-9 +_\-,.*#()/]{1,20}\z")]
    private static partial Regex PhoneText();

    [GeneratedRegex(@"\A\w[\w'’\-.]*( \w[\w'’\-.]*)*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PersonName();

    [GeneratedRegex(@"\A[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\z")]
    private static partial Regex Iban();
}
