namespace Central.Mail;

/// <summary>Registers mail.</summary>
internal static class MailServices
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the queue, what sends, and the mails about accounts.</summary>
        public IServiceCollection AddMail()
        {
            services.AddSingleton<MailSettings>();
            services.AddSingleton<IMailSender>(provider =>
            {
                var (settings, time) = (provider.GetRequiredService<MailSettings>(), provider.GetRequiredService<TimeProvider>());
                return settings.Smtp is { } server ? new SmtpMailSender(server, settings, time)
                    : settings.SinkDirectory is { } folder ? new FileMailSender(folder, settings, time)
                    : new NoMailSender();
            });
            services.AddSingleton<MailQueue>();
            services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
            services.AddSingleton<SecurityMails>();
            return services;
        }
    }

    /// <summary>Stands where nothing is configured; the queue keeps everything from it.</summary>
    private sealed class NoMailSender : IMailSender
    {
        public Task SendAsync(MailMessage message, CancellationToken cancellationToken) => throw new UnsendableMailException("no mail is configured");
    }
}
