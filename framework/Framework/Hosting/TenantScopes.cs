using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Hosting;

/// <summary>Work outside a request: a scope whose services, such as <see cref="Data.TenantDb"/>, belong to one caller.</summary>
public static class TenantScopes
{
    /// <summary>Opens a scope for work of the service itself in one tenant. Never pass a tenant that came from a request's data.</summary>
    public static AsyncServiceScope CreateTenantScope(this IServiceProvider services, Tenant tenant)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<RequestScope>().User = CurrentUser.Service(tenant);
        return scope;
    }
}
