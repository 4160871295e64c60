using Central.Clients;
using Central.Limits;
using Central.OAuth.Grants;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth.Device;

/// <summary><c>POST /oauth/device_authorization</c>: gives a device, which has no browser, the codes to wait and to show.</summary>
/// <remarks>RFC 8628 sections 3.1 and 3.2.</remarks>
internal sealed class DeviceAuthorizationEndpoint(
    ClientAuthentication clients, DeviceCodeStore codes, Audiences audiences, ClientAddress addresses, PlatformDatabase platform, AuditLog audit,
    CentralSettings settings, TimeProvider time)
{
    private readonly RequestWindow _byAddress = new("device codes by address", settings.DeviceRequestsPerIpPerMinute, TimeSpan.FromMinutes(1), platform, time);

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        await _byAddress.CountAsync(addresses.LimitKey(context), context.RequestAborted);
        var request = await OAuthRequest.ReadAsync(context);
        var client = await clients.AuthenticateAsync(context, request);
        if (!client.MayUse(GrantTypes.DeviceCode))
        {
            throw OAuthError.UnauthorizedClient();
        }

        var scope = Scopes.ChooseForUser(client, request["scope"]);
        var resource = audiences.Choose(client, request["resource"]);
        var (deviceCode, userCode) = await platform.RunAsync(db => codes.IssueAsync(db, client, scope, resource, context.RequestAborted));
        await audit.DoneAsync(context, AuditEvents.DeviceAuthorization, new(ClientId: client.ClientId, Reference: scope));
        var page = settings.Issuer + DevicePageEndpoint.Path;
        return TypedResults.Json(new Dictionary<string, object>
        {
            ["device_code"] = deviceCode,
            ["user_code"] = userCode,
            ["verification_uri"] = page,
            ["verification_uri_complete"] = $"{page}?user_code={userCode}",
            ["expires_in"] = (long)settings.DeviceCodeLifetime.TotalSeconds,
            ["interval"] = (long)settings.DevicePollInterval.TotalSeconds,
        });
    }
}
