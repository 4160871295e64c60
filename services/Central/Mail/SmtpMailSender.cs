using System.Globalization;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Central.Mail;

/// <summary>Sends by SMTP: with TLS and a certificate that is checked, unless the server is on this machine.</summary>
internal sealed class SmtpMailSender(SmtpServer server, MailSettings settings, TimeProvider time) : IMailSender
{
    private const int PermanentFailures = 500;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        using var mime = MailFormat.ToMime(message, settings, time.GetUtcNow());
        using var client = new SmtpClient { Timeout = (int)s_timeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, Security, cancellationToken);
            if (server is { User: { } user, Password: { } password })
            {
                await client.AuthenticateAsync(user, password, cancellationToken);
            }

            await client.SendAsync(mime, cancellationToken);
        }
        catch (SmtpCommandException exception) when ((int)exception.StatusCode >= PermanentFailures)
        {
            // The server's own words may hold the address.
            throw new UnsendableMailException(string.Create(CultureInfo.InvariantCulture, $"the mail server refused it with {(int)exception.StatusCode} ({exception.ErrorCode})"));
        }

        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    private SecureSocketOptions Security =>
        server.IsTlsFromTheStart ? SecureSocketOptions.SslOnConnect
        : server.IsLoopback ? SecureSocketOptions.StartTlsWhenAvailable
        : SecureSocketOptions.StartTls;
}
