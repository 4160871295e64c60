using System.Globalization;
using System.Security.Cryptography;
using MimeKit;

namespace Central.Mail;

/// <summary>Writes each mail as a file of a folder instead of sending it, in a form that a person or a test can read as it stands.</summary>
internal sealed class FileMailSender(string folder, MailSettings settings, TimeProvider time) : IMailSender
{
    /// <inheritdoc/>
    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var mime = MailFormat.ToMime(message, settings, now);
        ((TextPart)mime.Body!).ContentTransferEncoding = ContentEncoding.EightBit;
        var format = FormatOptions.Default.Clone();
        (format.International, format.NewLineFormat) = (true, NewLineFormat.Unix);

        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmssfff}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}.eml"));
        var unfinished = file + ".tmp"; // who watches the folder for mails never reads half of one
        await using (var stream = new FileStream(unfinished, OwnerOnly()))
        {
            await mime.WriteToAsync(format, stream, cancellationToken);
        }

        File.Move(unfinished, file);
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
