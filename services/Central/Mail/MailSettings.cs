using Central.Seed;
using Central.Settings;

namespace Central.Mail;

/// <summary>A mail server.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="IsTlsFromTheStart">Whether TLS comes before the first word (<c>smtps</c>) or by STARTTLS (<c>smtp</c>).</param>
/// <param name="User">With whom to authenticate; null for nobody.</param>
/// <param name="Password">The password of that user.</param>
internal sealed record SmtpServer(string Host, int Port, bool IsTlsFromTheStart, string? User, string? Password)
{
    /// <summary>Whether the server is this machine, to which plain text may go.</summary>
    public bool IsLoopback => new UriBuilder("smtp", Host).Uri.IsLoopback;
}

/// <summary>
/// How mails leave: by <c>CENTRAL_SMTP_URL</c>, or, in development, as files in <c>CENTRAL_MAIL_SINK_DIRECTORY</c> (<c>mail_sink_directory</c> of a
/// seed). With neither none is sent, and what needs mail is off.
/// </summary>
internal sealed class MailSettings
{
    private const int SubmissionPort = 587;
    private const int ImplicitTlsPort = 465;

    /// <exception cref="StartupException">A setting is wrong; the message names it.</exception>
    public MailSettings(IConfiguration configuration, IHostEnvironment environment, CentralSettings site, SeedFile seed)
    {
        var reader = new SettingReader(configuration, seed.Settings);
        SinkDirectory = reader.Text("mail_sink_directory") is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
        Smtp = ReadServer(configuration);
        if (SinkDirectory is not null && Smtp is not null)
        {
            throw new StartupException("CENTRAL_SMTP_URL and a mail sink directory are both set: keep one.");
        }

        if (SinkDirectory is not null && environment.IsProduction())
        {
            throw new StartupException("CENTRAL_MAIL_SINK_DIRECTORY keeps mails with links to sign in by in files, and is refused in Production, which is also the environment when none is set.");
        }

        SiteName = ReadSiteName(configuration, new Uri(site.Issuer));
        From = ReadFrom(configuration, new Uri(site.Issuer));
    }

    /// <summary>The mail server, or null.</summary>
    public SmtpServer? Smtp { get; }

    /// <summary>Where mails are written as files, or null.</summary>
    public string? SinkDirectory { get; }

    /// <summary>Whether mails leave at all.</summary>
    public bool IsConfigured => Smtp is not null || SinkDirectory is not null;

    /// <summary>What the site calls itself.</summary>
    public string SiteName { get; }

    /// <summary>The address mails come from.</summary>
    public string From { get; }

    private static SmtpServer? ReadServer(IConfiguration configuration)
    {
        var password = SecretSetting.Read(configuration, "CENTRAL_SMTP_PASSWORD");
        var user = configuration["CENTRAL_SMTP_USER"] is { Length: > 0 } name ? name : null;
        if (configuration["CENTRAL_SMTP_URL"] is not { Length: > 0 } text)
        {
            return null;
        }

        if ((user is null) != (password is null))
        {
            throw new StartupException("CENTRAL_SMTP_USER and CENTRAL_SMTP_PASSWORD belong together: set both or none.");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "smtp" or "smtps", Host.Length: > 0, UserInfo: "", AbsolutePath: "" or "/", Query: "", Fragment: "" }
            ? new SmtpServer(url.IdnHost, url.Port > 0 ? url.Port : url.Scheme is "smtps" ? ImplicitTlsPort : SubmissionPort, url.Scheme is "smtps", user, password)
            : throw new StartupException("CENTRAL_SMTP_URL must be such as smtp://mail.example:587 (STARTTLS) or smtps://mail.example:465, with the user in CENTRAL_SMTP_USER and the password in CENTRAL_SMTP_PASSWORD.");
    }

    private static string ReadSiteName(IConfiguration configuration, Uri issuer)
    {
        var name = configuration["CENTRAL_SITE_NAME"] is { Length: > 0 } given ? given.Trim() : issuer.Host;
        return name.Length is > 0 and <= 100 && !name.Any(char.IsControl) ? name : throw new StartupException("CENTRAL_SITE_NAME must be one line of at most 100 characters.");
    }

    private string ReadFrom(IConfiguration configuration, Uri issuer)
    {
        if (configuration["CENTRAL_MAIL_FROM"] is not { Length: > 0 } from)
        {
            return Smtp is null
                ? "no-reply@" + (issuer.HostNameType is UriHostNameType.Dns ? issuer.Host : "localhost")
                : throw new StartupException("CENTRAL_SMTP_URL is set and CENTRAL_MAIL_FROM is not: mails need an address to come from.");
        }

        return MailAddress.IsPlain(from) ? from : throw new StartupException("CENTRAL_MAIL_FROM must be a plain address such as no-reply@site.example.");
    }
}
