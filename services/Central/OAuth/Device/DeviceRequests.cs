using Central.Clients;
using Central.Limits;
using Central.Pages;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth.Device;

/// <summary>A device that waits for a user's decision.</summary>
/// <param name="UserCode">The code that it shows.</param>
/// <param name="Code">What it waits for.</param>
/// <param name="Client">The program on it.</param>
internal sealed record DeviceRequest(string UserCode, DeviceCode Code, OAuthClient Client);

/// <summary>Finds the device of a user code for who is signed in. A code is short enough to be guessed at, so wrong ones are counted.</summary>
/// <remarks>RFC 8628 section 5.1.</remarks>
internal sealed class DeviceRequests(PlatformDatabase platform, ClientAddress addresses, CentralSettings settings, TimeProvider time)
{
    private const int MaxWrongOfSession = 10;

    private static readonly TimeSpan s_lock = TimeSpan.FromMinutes(1);

    private readonly FailureLock _byAddress = new("user codes by address", settings.DeviceRequestsPerIpPerMinute, s_lock, doubles: false, platform, time);
    private readonly FailureLock _bySession = new("user codes by session", MaxWrongOfSession, s_lock, doubles: false, platform, time);

    /// <summary>The device, or null when no device waits that shows this code.</summary>
    /// <exception cref="TooManyRequestsException">Too many wrong codes came from this session or address.</exception>
    /// <exception cref="PermissionException">The client is not for the user's tenant.</exception>
    public async Task<DeviceRequest?> FindAsync(PageContext page, Visitor visitor, string typed)
    {
        var (address, session) = (addresses.LimitKey(page.Http), visitor.Session.Name);

        // Counted before the look, so that parallel guesses are counted too.
        await _bySession.TakeAsync(session, page.Cancelled);
        await _byAddress.TakeAsync(address, page.Cancelled);
        if (UserCode.Normalize(typed) is not { } userCode || await platform.RunAsync(db => FindAsync(db, userCode, page.Cancelled)) is not { } request)
        {
            return null;
        }

        // A right code does not clear the count: whoever guesses could have one of his own.
        await _bySession.GiveBackAsync(session, page.Cancelled);
        await _byAddress.GiveBackAsync(address, page.Cancelled);
        return request.Client.IsForTenant(visitor.Member.Tenant.Id)
            ? request
            : throw new PermissionException("This device's program is not for users of your tenant");
    }

    private static async Task<DeviceRequest?> FindAsync(TenantDb db, string userCode, CancellationToken cancellationToken) =>
        await DeviceCodeStore.FindPendingAsync(db, userCode, cancellationToken) is { } code &&
        await db.FindDocAsync<OAuthClient>(code.ClientId, cancellationToken) is { Enabled: true } client
            ? new DeviceRequest(userCode, code, client)
            : null;
}
