using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Central.Mail;
using Microservices.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Central.Tests.Mail;

/// <summary>Mails on their way out, by a real conversation with a mail server and as files.</summary>
public sealed class MailTests : IAsyncLifetime
{
    // Small beside the limit of one try: time must not run away from a try under way.
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(5);

    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private TestSite Site => _site!;

    private SecurityMails Mails => Site.Services.GetRequiredService<SecurityMails>();

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task MailServer_GetsAPlainShortMail()
    {
        await using var server = new MailServer();
        await StartAsync(server, ("CENTRAL_SITE_NAME", "Büro & Söhne"), ("CENTRAL_SMTP_USER", "site"), ("CENTRAL_SMTP_PASSWORD", "secret of the mail server"));

        Mails.PasswordChanged("u-alice");
        var mail = await server.NextMailAsync();

        Assert.Equal(("no-reply@site.example", "alice@acme.example"), (mail.From, mail.To));
        Assert.Equal(["site\0secret of the mail server"], server.Logins);
        var mime = MimeKit.MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.Data)), TestContext.Current.CancellationToken);
        Assert.Equal("Büro & Söhne: your password changed", mime.Subject);
        Assert.Equal("text/plain", mime.Body!.ContentType.MimeType);
        Assert.Contains("https://site.example/login", mime.TextBody, StringComparison.Ordinal);
        Assert.Contains("2030-01-01 12:00 UTC", mime.TextBody, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachSecurityMail_SaysWhatHappened()
    {
        await using var server = new MailServer();
        await StartAsync(server);

        Mails.RefreshTokenReused("u-alice", "Acme\r\nBcc: mallory@evil.example");
        await server.NextMailAsync(1);
        Mails.NewDevice("u-alice", IPAddress.Parse("192.0.2.7"));
        await Wait.UntilAsync(() => server.NewDeviceMails.Count == 1, "the mail of the new device came");
        Mails.SecondFactorChanged("u-bob", "An authenticator app was added.");
        await server.NextMailAsync(2);

        ReceivedMail[] mails = [server.Mails.First(), server.NewDeviceMails.Single(), server.Mails.Last()];
        Assert.Contains("copied it", mails[0].Data, StringComparison.Ordinal);
        Assert.DoesNotContain(mails[0].Data.Split("\r\n"), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("192.0.2.7", mails[1].Data, StringComparison.Ordinal);
        Assert.Contains("An authenticator app was added.", mails[2].Data, StringComparison.Ordinal);
        Assert.Equal(["alice@acme.example", "alice@acme.example", "bob@acme.example"], mails.Select(mail => mail.To));
    }

    [Fact]
    public async Task ServerThatIsBusy_IsAskedAgain()
    {
        await using var server = new MailServer();
        await StartAsync(server);
        server.RefuseNext("451 try later");
        server.RefuseNext("421 closing");

        Mails.PasswordChanged("u-alice");
        for (var tries = 1; tries <= 2; tries++)
        {
            await Wait.UntilAsync(() => server.Tries == tries, "the server was asked");
            await AdvanceUntilAsync(() => server.Tries > tries);
        }

        await server.NextMailAsync();
        Assert.Equal(3, server.Tries);
        Assert.Empty(Site.Logs.Errors);
    }

    [Fact]
    public async Task ServerThatRefuses_IsAskedOnceAndTheLogTellsNeitherAddressNorContent()
    {
        await using var server = new MailServer();
        await StartAsync(server);
        server.RefuseNext("550 5.1.1 <alice@acme.example> is unknown");

        Mails.PasswordChanged("u-alice");
        await Wait.UntilAsync(() => Site.Logs.Errors.Any(), "the failure was logged");
        _clock.Advance(TimeSpan.FromMinutes(10));
        await Task.Delay(50, TestContext.Current.CancellationToken);

        Assert.Equal(1, server.Tries);
        Assert.Equal("A mail (password changed) was not sent: the mail server refused it with 550 (SenderNotAccepted)", Assert.Single(Site.Logs.Errors));
        Assert.DoesNotContain(Site.Logs.Lines, line => line.Contains("alice@acme.example", StringComparison.Ordinal) || line.Contains("password of your account", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ServerThatIsAway_IsGivenUpInTheEnd_AndTheNextMailIsSent()
    {
        await using var server = new MailServer();
        await StartAsync(server);
        for (var i = 0; i < 7; i++)
        {
            server.RefuseNext("451 try later");
        }

        Mails.PasswordChanged("u-alice");
        await AdvanceUntilAsync(() => Site.Logs.Errors.Any());
        Assert.Equal("A mail (password changed) was not sent: the mail server refused it with 451", Assert.Single(Site.Logs.Errors));
        Assert.Equal(7, server.Tries);

        Mails.PasswordChanged("u-bob");
        Assert.Equal("bob@acme.example", (await server.NextMailAsync()).To);
    }

    [Fact]
    public async Task ServerThatSaysNothing_KeepsNoRequestWaiting()
    {
        await using var server = new MailServer(isSilent: true);
        await StartAsync(server);

        for (var i = 0; i < 2000; i++)
        {
            Mails.PasswordChanged("u-alice");
        }

        Assert.Equal(HttpStatusCode.OK, (await Site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Contains("A mail (password changed) was not sent: too many wait", Site.Logs.Errors);
    }

    [Fact]
    public async Task ServerElsewhere_GetsNothingWithoutTls()
    {
        // A name that is not loopback's, though it leads there: what decides is what was configured.
        await using var server = new MailServer();
        var settings = Settings(server.Url.Replace("127.0.0.1", Dns.GetHostName(), StringComparison.Ordinal));
        if (!(await Dns.GetHostAddressesAsync(Dns.GetHostName(), TestContext.Current.CancellationToken)).Any(IPAddress.IsLoopback))
        {
            Assert.Skip("This machine's name is not on loopback.");
        }

        await StartAsync(settings);
        Mails.PasswordChanged("u-alice");
        await AdvanceUntilAsync(() => Site.Logs.Errors.Any());

        Assert.Empty(server.Mails);
        Assert.Equal(0, server.Tries);
    }

    [Fact]
    public async Task ServerWithACertificateOfNobody_GetsNothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = new MailServer(certificate: certificate);
        await StartAsync(server);

        Mails.PasswordChanged("u-alice");
        await AdvanceUntilAsync(() => Site.Logs.Errors.Any());

        Assert.Equal("A mail (password changed) was not sent: SslHandshakeException", Assert.Single(Site.Logs.Errors));
        Assert.Equal(0, server.Tries);
    }

    [Theory]
    [InlineData("alice@acme.example\r\nBcc: mallory@evil.example")]
    [InlineData("alice@acme.example, mallory@evil.example")]
    [InlineData("<alice@acme.example>")]
    [InlineData("alice@acme.example mallory@evil.example")]
    [InlineData("\"alice\"@acme.example")]
    [InlineData("alice@mallory@acme.example")]
    [InlineData("@acme.example")]
    [InlineData("alice")]
    public async Task AddressThatMeansMore_GetsNoMail(string address)
    {
        await using var server = new MailServer();
        await StartAsync(server);

        Queue.Post("test", _ => Task.FromResult<MailMessage?>(new MailMessage(address, "Subject", "Text")));
        await Wait.UntilAsync(() => Site.Logs.Errors.Any(), "the refusal was logged");

        Assert.Equal(0, server.Tries);
        Assert.DoesNotContain(Site.Logs.Lines, line => line.Contains("mallory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SubjectOfTwoLines_IsNoHeader()
    {
        await using var server = new MailServer();
        await StartAsync(server);

        Queue.Post("test", _ => Task.FromResult<MailMessage?>(new MailMessage("alice@acme.example", "Subject\r\nBcc: mallory@evil.example", "Text")));
        await Wait.UntilAsync(() => Site.Logs.Errors.Any(), "the refusal was logged");

        Assert.Equal(0, server.Tries);
    }

    [Fact]
    public async Task TextWithDotsAndHeaders_StaysText()
    {
        await using var server = new MailServer();
        await StartAsync(server);

        Queue.Post("test", _ => Task.FromResult<MailMessage?>(new MailMessage("alice@acme.example", "Grüße", ".\n..\nBcc: mallory@evil.example\n.\nÄnde")));
        var mail = await server.NextMailAsync();

        var mime = MimeKit.MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.Data)), TestContext.Current.CancellationToken);
        Assert.Equal("Grüße", mime.Subject);
        Assert.Equal(".\n..\nBcc: mallory@evil.example\n.\nÄnde", mime.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("alice@acme.example", mail.To);
        Assert.Empty(mime.Bcc);
    }

    [Fact]
    public async Task Sink_KeepsEachMailAsAFileThatOnlyItsOwnerReads()
    {
        var folder = Path.Combine(_storage.Folder, "mails");
        await StartAsync([("CENTRAL_MAIL_SINK_DIRECTORY", folder)]);

        Mails.PasswordChanged("u-alice");
        await Wait.UntilAsync(() => Directory.Exists(folder) && Directory.GetFiles(folder, "*.eml").Length == 1, "the file was written");

        var file = Directory.GetFiles(folder).Single();
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("To: alice@acme.example\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: site.example: your password changed\n", text, StringComparison.Ordinal);
        Assert.Contains("https://site.example/login", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task NothingConfigured_IsSaidAtTheStartAndSendsNothing()
    {
        await StartAsync([]);

        Mails.PasswordChanged("u-alice");

        Assert.False(Queue.IsOn);
        Assert.Contains(Site.Logs.Lines, line => line.StartsWith("No mail is configured", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CENTRAL_SMTP_URL must be such as", "CENTRAL_SMTP_URL=http://mail.example", "CENTRAL_MAIL_FROM=a@b.example")]
    [InlineData("CENTRAL_SMTP_URL must be such as", "CENTRAL_SMTP_URL=smtp://user:hunter2@mail.example", "CENTRAL_MAIL_FROM=a@b.example")]
    [InlineData("CENTRAL_MAIL_FROM is not", "CENTRAL_SMTP_URL=smtp://mail.example")]
    [InlineData("CENTRAL_MAIL_FROM must be a plain address", "CENTRAL_SMTP_URL=smtp://mail.example", "CENTRAL_MAIL_FROM=Site <a@b.example>")]
    [InlineData("CENTRAL_SMTP_USER and CENTRAL_SMTP_PASSWORD belong together", "CENTRAL_SMTP_URL=smtp://mail.example", "CENTRAL_MAIL_FROM=a@b.example", "CENTRAL_SMTP_USER=site")]
    [InlineData("CENTRAL_SITE_NAME must be one line", "CENTRAL_SITE_NAME=A\r\nBcc: b@c.example")]
    [InlineData("keep one", "CENTRAL_SMTP_URL=smtp://mail.example", "CENTRAL_MAIL_FROM=a@b.example", "CENTRAL_MAIL_SINK_DIRECTORY=mails")]
    [InlineData("refused in Production", "CENTRAL_MAIL_SINK_DIRECTORY=mails", "environment=Production", "CENTRAL_KEK=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public async Task WrongSetting_StopsTheStart(string message, params string[] settings)
    {
        var options = new SiteOptions { Seed = null, Settings = settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]) };

        var error = await Assert.ThrowsAsync<StartupException>(() => _storage.StartAsync(options));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    private MailQueue Queue => Site.Services.GetRequiredService<MailQueue>();

    private static (string Name, string Value)[] Settings(string url) => [("CENTRAL_SMTP_URL", url), ("CENTRAL_MAIL_FROM", "no-reply@site.example")];

    private Task StartAsync(MailServer server, params (string Name, string Value)[] more) => StartAsync([.. Settings(server.Url), .. more]);

    private async Task StartAsync((string Name, string Value)[] settings) =>
        _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = TestSeed.Of("alice", "bob"), Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value) });

    /// <summary>Lets time go by in steps until something came about: a delay may begin at any moment.</summary>
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await AdvanceAsync();
        }
    }

    private async Task AdvanceAsync()
    {
        _clock.Advance(s_step);
        await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
