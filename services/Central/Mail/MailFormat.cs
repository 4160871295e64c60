using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace Central.Mail;

/// <summary>Makes a MIME message of a mail. MimeKit encodes the subject and the text; addresses are looked at before they come near a header.</summary>
internal static class MailFormat
{
    /// <exception cref="UnsendableMailException">It has no address that mails go to, or a subject of more than one line.</exception>
    public static MimeMessage ToMime(MailMessage message, MailSettings settings, DateTimeOffset now)
    {
        if (!MailAddress.IsPlain(message.To))
        {
            throw new UnsendableMailException("the user's address is none that mails go to");
        }

        if (message.Subject.Any(char.IsControl))
        {
            throw new UnsendableMailException("the subject is more than one line");
        }

        var body = new TextPart("plain");
        body.SetText(Encoding.UTF8, message.Text);
        var mime = new MimeMessage { Subject = message.Subject, Date = now, MessageId = MimeUtils.GenerateMessageId(settings.From[(settings.From.LastIndexOf('@') + 1)..]), Body = body };
        mime.From.Add(new MailboxAddress(settings.SiteName, settings.From));
        mime.To.Add(new MailboxAddress("", message.To));
        mime.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no answering machine answers
        return mime;
    }
}
