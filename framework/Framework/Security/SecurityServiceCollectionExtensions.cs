using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microservices.Security;

/// <summary>Registers the authentication of a service.</summary>
public static class SecurityServiceCollectionExtensions
{
    extension(IServiceCollection services)
    {
        /// <summary>
        /// Accepts access tokens, API keys and sessions of one central site, as the default scheme <c>Central</c>. Calling it twice is the same
        /// as calling it once. The central site registers its own keys and credentials before, and is then not asked over HTTP.
        /// </summary>
        /// <exception cref="OptionsValidationException">The options cannot work; the message names every wrong setting.</exception>
        public IServiceCollection AddServiceAuthentication(CentralSiteOptions options)
        {
            if (services.Any(service => service.ServiceType == typeof(CredentialAuthenticator)))
            {
                return services;
            }

            options.Validate();
            services.AddSingleton(options);
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<CentralSiteHttp>();
            services.AddSingleton<JwksCache>();
            services.AddSingleton<IntrospectionClient>();
            if (!services.Any(service => service.ServiceType == typeof(ISigningKeySource)))
            {
                services.AddSingleton<ISigningKeySource>(provider => provider.GetRequiredService<JwksCache>());
                services.AddHostedService<JwksRefresher>();
            }

            services.TryAddSingleton<ICredentialLookup>(provider => provider.GetRequiredService<IntrospectionClient>());
            services.AddSingleton<OriginRule>();
            services.AddMetrics().AddSingleton<SecurityMetrics>();
            services.AddSingleton<ClientAddress>();
            services.AddSingleton<CredentialAuthenticator>();
            services.AddSingleton(provider => new ServiceTokenProvider(
                options, provider.GetRequiredService<CentralSiteHttp>(), provider.GetRequiredService<JwksCache>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServiceTokenProvider>>()));
            services.AddAuthentication(CentralAuthenticationHandler.SchemeName)
                .AddScheme<AuthenticationSchemeOptions, CentralAuthenticationHandler>(CentralAuthenticationHandler.SchemeName, null);
            services.AddAuthorization();
            return services;
        }
    }
}
