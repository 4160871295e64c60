using Central.OAuth.Consents;
using Central.OAuth.Grants;
using Central.Pages;
using Central.Platform;

namespace Central.OAuth.Device;

/// <summary><c>/device/decision</c>: keeps what the user answered about a device, and then says that it is done.</summary>
/// <remarks>RFC 8628 section 3.3.</remarks>
internal sealed class DeviceDecisionEndpoint(DeviceRequests requests, PlatformDatabase platform, AuditLog audit) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/device/decision";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        page.RequireVisitor();
        return await page.RenderAsync<DeviceDonePage>();
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        var isAllowed = page.Field("decision") switch
        {
            "allow" => true,
            "deny" => false,
            _ => throw OAuthError.InvalidRequest("Choose whether to allow or to deny."),
        };
        return await requests.FindAsync(page, visitor, page.Field("user_code")) is { } request && await DecideAsync(page, visitor, request, isAllowed)
            ? page.SeeOther(Path)
            : await DevicePageEndpoint.AskAgainAsync(page, page.Field("user_code"));
    }

    private async Task<bool> DecideAsync(PageContext page, Visitor visitor, DeviceRequest request, bool isAllowed)
    {
        var grant = isAllowed ? OAuthGrant.By(visitor, request.Client, request.Code.Scope, request.Code.Resource) : null;
        var isDecided = false;
        await platform.InTransactionAsync(
            async db =>
            {
                isDecided = await DeviceCodeStore.DecideAsync(db, request.Code, grant, page.Cancelled);
                if (isDecided && grant is not null)
                {
                    await ConsentStore.RememberAsync(db, grant.UserId, grant.Tenant, grant.ClientId, grant.Resource, grant.Scope, page.Cancelled);
                }
            },
            page.Cancelled);
        if (isDecided)
        {
            await RecordAsync(page, new(visitor.Member.UserId, visitor.Member.Tenant.Id, request.Client.ClientId, request.Code.Scope), isAllowed);
        }

        return isDecided;
    }

    private Task RecordAsync(PageContext page, AuditSubject subject, bool isAllowed) => isAllowed
        ? audit.DoneAsync(page.Http, AuditEvents.Consent, subject)
        : audit.RefusedAsync(page.Http, AuditEvents.Consent, subject);
}
