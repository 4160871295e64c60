using System.Globalization;
using Central.Requests;
using Central.Sessions;

namespace Central.ApiKeys;

/// <summary>A signed-in user's own API keys.</summary>
internal sealed class ApiKeyEndpoints(ApiKeyChanges keys, AccountChanges changes)
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

        var (key, secret) = await keys.CreateAsync(context, user, NewApiKey.Plain);
        return TypedResults.Json(Told(key, secret));
    }

    /// <summary>
    /// <c>POST /api/method/central.api_keys.rotate</c> {api_key, overlap_s}: a new secret of one of the user's own keys, shown this once; the
    /// old one goes on for that many seconds.
    /// </summary>
    public async Task<IResult> RotateAsync(HttpContext context, CurrentUser user)
    {
        await changes.RequireRecentLoginAsync(context, user);
        var parameters = await MethodParameters.ReadAsync(context);
        if (!int.TryParse(parameters["overlap_s"] is { Length: > 0 } text ? text : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            throw new ValidationException("overlap_s is a whole number of seconds");
        }

        var key = parameters["api_key"];
        return TypedResults.Json(Told(key, await keys.RotateAsync(context, user, key, TimeSpan.FromSeconds(seconds))));
    }

    /// <summary><c>POST /api/method/central.api_keys.revoke</c> {api_key}: ends one of the user's own keys at once.</summary>
    public async Task<IResult> RevokeAsync(HttpContext context, CurrentUser user)
    {
        AccountChanges.RequireSession(user);
        await keys.RevokeAsync(context, user, (await MethodParameters.ReadAsync(context))["api_key"]);
        return TypedResults.Json(new { message = "ok" });
    }

    private static object Told(string key, string secret) => new { message = new { api_key = key, api_secret = secret } };
}
