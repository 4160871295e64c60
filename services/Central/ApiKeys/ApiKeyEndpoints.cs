using Central.Platform;
using Central.Requests;
using Central.Sessions;

namespace Central.ApiKeys;

/// <summary>A signed-in user's own API keys.</summary>
internal sealed class ApiKeyEndpoints(PlatformDatabase platform, AccountChanges changes, AuditLog audit)
{
    /// <summary><c>POST /api/method/frappe.core.doctype.user.user.generate_keys</c>: a new key; its secret is shown this once.</summary>
    public async Task<IResult> GenerateAsync(HttpContext context, CurrentUser user)
    {
        await changes.RequireRecentLoginAsync(context, user);
        var parameters = await MethodParameters.ReadAsync(context);
        if (parameters["user"] is { Length: > 0 } other && !other.Equals(user.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new PermissionException("API keys are made by their own user");
        }

        var (key, secret) = ("", "");
        await platform.InTransactionAsync(
            async db => (key, secret) = await ApiKeyStore.CreateAsync(db, user.Subject, user.Tenant.Id, context.RequestAborted), context.RequestAborted);
        await audit.DoneAsync(context, AuditEvents.ApiKeyCreated, new(user.Subject, user.Tenant.Id, Reference: key));
        return TypedResults.Json(new { message = new { api_key = key, api_secret = secret } });
    }

    /// <summary><c>POST /api/method/central.api_keys.revoke</c> {api_key}: ends one of the user's own keys at once.</summary>
    public async Task<IResult> RevokeAsync(HttpContext context, CurrentUser user)
    {
        AccountChanges.RequireSession(user);
        var key = (await MethodParameters.ReadAsync(context))["api_key"];
        var isRevoked = false;
        await platform.InTransactionAsync(async db => isRevoked = await ApiKeyStore.RevokeAsync(db, user.Subject, key, context.RequestAborted), context.RequestAborted);
        if (!isRevoked)
        {
            throw new DoesNotExistException("You have no such API key");
        }

        await audit.DoneAsync(context, AuditEvents.ApiKeyRevoked, new(user.Subject, user.Tenant.Id, Reference: key));
        return TypedResults.Json(new { message = "ok" });
    }
}
