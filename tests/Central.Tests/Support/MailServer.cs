using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Microservices.Central.Tests.Support;

/// <summary>A mail that a server took: who it is from and to by the protocol, and its lines as they came.</summary>
public sealed record ReceivedMail(string From, string To, string Data)
{
    /// <summary>The header lines.</summary>
    public string Head => Data[..Data.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
}

/// <summary>A mail server on loopback that speaks as much SMTP (RFC 5321) as takes a mail, and refuses what a test tells it to.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentQueue<ReceivedMail> _newDeviceMails = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentQueue<string> _logins = new();
    private readonly bool _isSilent;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="isSilent">Whether it takes connections and never says a word.</param>
    /// <param name="certificate">What it proves itself with when it speaks TLS from the start.</param>
    public MailServer(bool isSilent = false, X509Certificate2? certificate = null)
    {
        (_isSilent, _certificate) = (isSilent, certificate);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"{(_certificate is null ? "smtp" : "smtps")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The mails, but for those of <see cref="NewDeviceMails"/>, which come of almost every login.</summary>
    public IReadOnlyCollection<ReceivedMail> Mails => _mails;

    /// <summary>The mails that tell of a sign-in from a new device.</summary>
    public IReadOnlyCollection<ReceivedMail> NewDeviceMails => _newDeviceMails;

    /// <summary>What clients authenticated with: user and password with a NUL between.</summary>
    public IReadOnlyCollection<string> Logins => _logins;

    /// <summary>How often somebody has tried to hand a mail over.</summary>
    public int Tries { get; private set; }

    /// <summary>Refuses the next mail.</summary>
    public void RefuseNext(string reply) => _refusals.Enqueue(reply);

    public async Task<ReceivedMail> NextMailAsync(int count = 1)
    {
        await Wait.UntilAsync(() => _mails.Count >= count, $"{count} mails came");
        return _mails.ElementAt(count - 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private void Keep(ReceivedMail mail) => (mail.Head.Contains("sign-in from a new device", StringComparison.Ordinal) ? _newDeviceMails : _mails).Enqueue(mail);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using Stream stream = _certificate is null ? client.GetStream() : new SslStream(client.GetStream());
            if (stream is SslStream secured)
            {
                await secured.AuthenticateAsServerAsync(_certificate!);
            }

            using var reader = new StreamReader(stream, new UTF8Encoding(false));
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            if (_isSilent)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }

            await TalkAsync(reader, writer);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
        {
            // The test or the client is over.
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 mail.example ready");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', 2)[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-mail.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN");
                    break;
                case "AUTH":
                    _logins.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).TrimStart('\0'));
                    await writer.WriteLineAsync("235 welcome");
                    break;
                case "MAIL":
                    from = AddressIn(line);
                    Tries++;
                    await writer.WriteLineAsync(_refusals.TryDequeue(out var reply) ? reply : "250 ok");
                    break;
                case "RCPT":
                    to += AddressIn(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Keep(new ReceivedMail(from, to, await ReadDataAsync(reader)));
                    to = "";
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var data = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return data.ToString();
    }

    private static string AddressIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
