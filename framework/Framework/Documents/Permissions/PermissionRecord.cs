using Microservices.Data.Permissions;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>A record that decides about access: what is remembered of the tenant's callers ends with each change.</summary>
public abstract class PermissionRecord : Document
{
    /// <inheritdoc/>
    protected override ValueTask OnChange(DocumentContext context)
    {
        var cache = context.Services.GetRequiredService<UserRulesCache>();
        context.AfterCommit(_ =>
        {
            cache.Forget(context.Db.Tenant);
            return Task.CompletedTask;
        });
        return default;
    }
}
