using Central.Clients;
using Central.OAuth.Grants;
using Central.Platform;
using Central.Settings;

namespace Central.OAuth.Device;

/// <summary>What a poll finds.</summary>
internal enum DevicePoll
{
    /// <summary>The code is unknown, used or another client's.</summary>
    Refused,

    /// <summary>The code's time is over.</summary>
    Expired,

    /// <summary>The user has declined.</summary>
    Denied,

    /// <summary>The client asks for another audience than before.</summary>
    OtherResource,

    /// <summary>Nobody has decided yet.</summary>
    Pending,

    /// <summary>Nobody has decided yet, and the device asks too often.</summary>
    TooFast,

    /// <summary>The user has agreed; the code is used up now.</summary>
    Granted,
}

/// <summary>Issues device codes, takes the decisions of users, and answers polls. Works in the platform tenant.</summary>
/// <remarks>RFC 8628 sections 3.2 to 3.5.</remarks>
internal sealed class DeviceCodeStore(CentralSettings settings)
{
    private const string DocType = "Device Code";

    /// <summary>Seconds by which the interval grows.</summary>
    /// <remarks>RFC 8628 section 3.5.</remarks>
    private const int SlowDown = 5;

    /// <summary>Issues the codes of a device.</summary>
    public async Task<(string DeviceCode, string UserCode)> IssueAsync(TenantDb platform, OAuthClient client, string scope, string resource, CancellationToken cancellationToken)
    {
        var (deviceCode, end) = (SecretStore.Generate(), platform.Now + settings.DeviceCodeLifetime);
        while (true)
        {
            var userCode = UserCode.Generate();
            try
            {
                await platform.InsertAsync(
                    new DeviceCode
                    {
                        Name = SecretStore.HashOf(deviceCode),
                        ClientId = client.ClientId,
                        UserCodeHash = SecretStore.HashOf(userCode),
                        Scope = scope,
                        Resource = resource,
                        Interval = (int)settings.DevicePollInterval.TotalSeconds,
                        UsableUntil = end,
                        ExpiresAt = end + settings.DeviceCodeLifetime,
                    },
                    ignorePermissions: true,
                    cancellationToken);
                return (deviceCode, userCode);
            }
            catch (UniqueValidationException)
            {
                // Another device has this user code: one in billions.
            }
        }
    }

    /// <summary>What a device waits for whose user code is this; null when there is none, or nobody may decide any more.</summary>
    /// <param name="platform">The platform tenant.</param>
    /// <param name="userCode">In the form of <see cref="UserCode.Normalize"/>.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public static async Task<DeviceCode?> FindPendingAsync(TenantDb platform, string userCode, CancellationToken cancellationToken)
    {
        var names = await platform.NamesAsync(DocType, new("user_code_hash", SecretStore.HashOf(userCode)), limit: 1, cancellationToken);
        return names is [var name] && await platform.FindDocAsync<DeviceCode>(name, cancellationToken) is { } known && known.IsPending(platform.Now) ? known : null;
    }

    /// <summary>Keeps what a user decided. Returns whether it counts: the first decision does, within the code's time.</summary>
    /// <param name="platform">The platform tenant, within the caller's transaction.</param>
    /// <param name="code">What the device waits for.</param>
    /// <param name="grant">What the user gives; null when the user declines.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<bool> DecideAsync(TenantDb platform, DeviceCode code, OAuthGrant? grant, CancellationToken cancellationToken)
    {
        var (now, isFirst) = (platform.Now, false);
        try
        {
            // The row stays locked until the transaction ends, so a second decision finds the first.
            await platform.UpdateAsync<DeviceCode>(
                code.Name,
                stored =>
                {
                    isFirst = stored.IsPending(now);
                    if (isFirst)
                    {
                        (stored.Grant, stored.Denied) = (grant?.Name ?? "", grant is null);
                    }
                },
                ignorePermissions: true,
                cancellationToken);
        }
        catch (DoesNotExistException)
        {
            return false;
        }

        if (isFirst && grant is not null)
        {
            grant.EndsAt = code.UsableUntil;
            await platform.InsertAsync(grant, ignorePermissions: true, cancellationToken);
        }

        return isFirst;
    }

    /// <summary>Answers a poll. Of several at once that find a grant, one gets it. Within the caller's transaction.</summary>
    public static async Task<(DevicePoll Outcome, string Grant)> PollAsync(
        TenantDb platform, OAuthClient client, string deviceCode, string? resource, CancellationToken cancellationToken)
    {
        var (now, outcome) = (platform.Now, DevicePoll.Refused);
        try
        {
            var known = await platform.UpdateAsync<DeviceCode>(
                SecretStore.HashOf(deviceCode), stored => outcome = Poll(stored, client, resource, now), ignorePermissions: true, cancellationToken);
            if (outcome is DevicePoll.Granted)
            {
                await platform.TryDeleteAsync(DocType, known.Name, cancellationToken);
            }

            return (outcome, known.Grant);
        }
        catch (DoesNotExistException)
        {
            return (DevicePoll.Refused, "");
        }
    }

    private static DevicePoll Poll(DeviceCode code, OAuthClient client, string? resource, DateTime now)
    {
        if (code.ClientId != client.ClientId)
        {
            return DevicePoll.Refused;
        }

        if (now >= code.UsableUntil)
        {
            return DevicePoll.Expired;
        }

        if (code.Denied)
        {
            return DevicePoll.Denied;
        }

        if (resource is not null && resource != code.Resource)
        {
            return DevicePoll.OtherResource;
        }

        if (code.Grant.Length > 0)
        {
            return DevicePoll.Granted;
        }

        var isTooFast = now - code.PolledAt < TimeSpan.FromSeconds(code.Interval);
        code.Interval += isTooFast ? SlowDown : 0;
        code.PolledAt = now;
        return isTooFast ? DevicePoll.TooFast : DevicePoll.Pending;
    }
}
