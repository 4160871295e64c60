namespace Central.Mail;

/// <summary>A text mail to one person.</summary>
/// <param name="To">The address, without a name: names are what users call themselves.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
internal sealed record MailMessage(string To, string Subject, string Text);
