namespace Central.Mail;

/// <summary>Hands a mail on, once. What fails is tried again by <see cref="MailQueue"/>.</summary>
internal interface IMailSender
{
    /// <exception cref="UnsendableMailException">No further try would help.</exception>
    public Task SendAsync(MailMessage message, CancellationToken cancellationToken);
}

/// <summary>A mail that no further try would send. The message tells why, without its address or content.</summary>
internal sealed class UnsendableMailException(string message) : Exception(message);
