using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A service with <see cref="Journey"/>, for tests that bring a tenant each.</summary>
public sealed class JourneyService : IAsyncLifetime
{
    public const string Path = "/api/resource/Journey";

    internal TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync(service =>
    {
        service.RegisterResource<Journey>();
        service.Services.AddSingleton(new EventLog());
    });

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    internal TestCaller NewTenant() => Service.As("t-" + Guid.NewGuid().ToString("N"));
}
