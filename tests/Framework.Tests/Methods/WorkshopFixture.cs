using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Methods;

/// <summary>One workshop for all tests of a class.</summary>
public sealed class WorkshopFixture : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync(Workshop.Describe);

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();
}
