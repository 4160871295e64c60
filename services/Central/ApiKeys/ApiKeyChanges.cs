using Central.Platform;

namespace Central.ApiKeys;

/// <summary>What users do with their own keys, audited: behind the pages and the methods alike.</summary>
internal sealed class ApiKeyChanges(PlatformDatabase platform, AuditLog audit)
{
    /// <summary>Makes a key. Its secret is told here and never again.</summary>
    /// <exception cref="ValidationException">A choice is not possible.</exception>
    public async Task<(string Key, string Secret)> CreateAsync(HttpContext context, CurrentUser user, NewApiKey choice)
    {
        if (choice.Roles.FirstOrDefault(role => !user.AssignedRoles.Contains(role, StringComparer.Ordinal)) is { } foreign)
        {
            throw new ValidationException($"You do not have the role {foreign}, so a key of yours cannot have it");
        }

        var (key, secret) = ("", "");
        await platform.InTransactionAsync(
            async db => (key, secret) = await ApiKeyStore.CreateAsync(db, user.Subject, user.Tenant.Id, choice, context.RequestAborted), context.RequestAborted);
        await audit.DoneAsync(context, AuditEvents.ApiKeyCreated, new(user.Subject, user.Tenant.Id, Reference: key));
        return (key, secret);
    }

    /// <summary>Gives a key a new secret, which is told here and never again; the old one goes on for a while.</summary>
    /// <exception cref="DoesNotExistException">The user has no such key.</exception>
    /// <exception cref="ValidationException">The old one would go on for too long.</exception>
    public async Task<string> RotateAsync(HttpContext context, CurrentUser user, string key, TimeSpan overlap)
    {
        string? secret = null;
        await platform.InTransactionAsync(async db => secret = await ApiKeyStore.RotateAsync(db, user.Subject, key, overlap, context.RequestAborted), context.RequestAborted);
        if (secret is null)
        {
            throw NoSuchKey();
        }

        await audit.DoneAsync(context, AuditEvents.ApiKeyRotated, new(user.Subject, user.Tenant.Id, Reference: key));
        return secret;
    }

    /// <summary>Ends a key at once.</summary>
    /// <exception cref="DoesNotExistException">The user has no such key.</exception>
    public async Task RevokeAsync(HttpContext context, CurrentUser user, string key)
    {
        var isRevoked = false;
        await platform.InTransactionAsync(async db => isRevoked = await ApiKeyStore.RevokeAsync(db, user.Subject, key, context.RequestAborted), context.RequestAborted);
        if (!isRevoked)
        {
            throw NoSuchKey();
        }

        await audit.DoneAsync(context, AuditEvents.ApiKeyRevoked, new(user.Subject, user.Tenant.Id, Reference: key));
    }

    /// <summary>What whoever asks for a key of somebody else is told, as if there were none.</summary>
    public static DoesNotExistException NoSuchKey() => new("You have no such API key");
}
