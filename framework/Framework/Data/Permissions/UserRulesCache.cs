using System.Collections.Concurrent;
using Microservices.Security;
using Microsoft.Extensions.Options;

namespace Microservices.Data.Permissions;

/// <summary>Remembers for a short time what the tenants' records say about callers.</summary>
internal sealed class UserRulesCache(IOptions<PermissionOptions> options, TimeProvider time)
{
    private sealed record Entry(UserRules Rules, DateTimeOffset ExpiresAt, int Version) : IExpires;

    private readonly ExpiringCache<(string Tenant, string User), Entry> _entries = new(options.Value.CacheSize);
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);

    /// <summary>Gives a caller the rules of now. Administrators have none.</summary>
    public async ValueTask ApplyAsync(UnitOfWork unitOfWork, CurrentUser user, CancellationToken cancellationToken)
    {
        if (user.IsAdministrator)
        {
            return;
        }

        var (key, now) = ((user.Tenant.Id, user.Name), time.GetUtcNow());
        // Taken before the records are read: a change meanwhile makes the entry one of the past.
        var version = _versions.GetValueOrDefault(user.Tenant.Id);
        if (_entries.Find(key, now) is not { } entry || entry.Version != version)
        {
            entry = new Entry(await UserRulesReader.ReadAsync(unitOfWork, user, options.Value.Strict, cancellationToken), now + options.Value.CacheDuration, version);
            _entries.Store(key, entry);
        }

        user.Rules = entry.Rules;
    }

    /// <summary>Forgets what is remembered of a tenant.</summary>
    public void Forget(Tenant tenant) => _versions.AddOrUpdate(tenant.Id, 1, static (_, version) => version + 1);
}
