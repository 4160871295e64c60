using System.Threading.Channels;
using MailKit.Net.Smtp;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Central.Mail;

/// <summary>
/// Writes and sends mails behind the requests that ask for them. A request only leaves a note: whether there is somebody to write to is
/// looked up here, so that neither the time nor the fate of an answer tells. Notes are kept in memory, since they lead to secrets.
/// </summary>
internal sealed partial class MailQueue(MailSettings settings, IMailSender sender, TimeProvider time, ILogger<MailQueue> logger) : BackgroundService
{
    private const int Capacity = 1000;
    private const int Workers = 4;
    private const int Retries = 6;

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    private readonly Channel<Note> _notes = Channel.CreateBounded<Note>(Capacity);
    private readonly ResiliencePipeline _tries = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Retries,
            Delay = s_firstDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is not (null or UnsendableMailException) && !arguments.Context.CancellationToken.IsCancellationRequested),
        })
        .AddTimeout(s_timeout)
        .Build();

    /// <summary>Whether mails leave at all. Without that, notes are thrown away.</summary>
    public bool IsOn => settings.IsConfigured;

    /// <summary>Leaves a note that a mail is to be written and sent. Returns at once and never fails.</summary>
    /// <param name="kind">What it is about, for the log.</param>
    /// <param name="write">Writes it; null when there is nobody to write to. It runs again when it failed.</param>
    public void Post(string kind, Func<CancellationToken, Task<MailMessage?>> write)
    {
        if (IsOn && !_notes.Writer.TryWrite(new Note(kind, write)))
        {
            LogDropped(logger, kind);
        }
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            LogOff(logger);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What waits for a word from the server is worth a moment.
        _notes.Writer.TryComplete();
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(s_grace, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        await foreach (var note in _notes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                MailMessage? message = null;
                await _tries.ExecuteAsync(
                    async cancellationToken =>
                    {
                        message ??= await note.Write(cancellationToken);
                        if (message is not null)
                        {
                            await sender.SendAsync(message, cancellationToken);
                        }
                    },
                    stoppingToken);
            }
#pragma warning disable CA1031 // One mail that cannot be sent keeps no other back.
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, note.Kind, Reason(exception));
            }
        }
    }

    /// <summary>Why a mail was not sent, without words of the mail server: they may quote the mail.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        UnsendableMailException => exception.Message,
        SmtpCommandException refused => $"the mail server refused it with {(int)refused.StatusCode}",
        TimeoutRejectedException => "it took too long",
        System.Net.Sockets.SocketException => exception.Message,
        _ => exception.GetType().Name,
    };

    private sealed record Note(string Kind, Func<CancellationToken, Task<MailMessage?>> Write);

    [LoggerMessage(5401, LogLevel.Information, "No mail is configured (CENTRAL_SMTP_URL, CENTRAL_MAIL_FROM): login links, password resets and notices about accounts are not sent")]
    private static partial void LogOff(ILogger logger);

    [LoggerMessage(5402, LogLevel.Error, "A mail ({Kind}) was not sent: {Reason}")]
    private static partial void LogFailed(ILogger logger, string kind, string reason);

    [LoggerMessage(5403, LogLevel.Error, "A mail ({Kind}) was not sent: too many wait")]
    private static partial void LogDropped(ILogger logger, string kind);
}
