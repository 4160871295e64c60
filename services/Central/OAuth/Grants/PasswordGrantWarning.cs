using Central.Settings;

namespace Central.OAuth.Grants;

/// <summary>Says at every start that the password grant is on.</summary>
internal sealed partial class PasswordGrantWarning(CentralSettings settings, ILogger<PasswordGrantWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.IsPasswordGrantEnabled)
        {
            LogEnabled(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(5102, LogLevel.Warning, "The password grant is on: clients see passwords of users. RFC 9700 advises against it; use the authorization code or device flow, and turn password_grant_enabled off")]
    private static partial void LogEnabled(ILogger logger);
}
