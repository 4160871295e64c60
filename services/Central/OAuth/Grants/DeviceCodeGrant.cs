using Central.Clients;
using Central.OAuth.Device;
using Central.OAuth.Tokens;
using Central.Platform;

namespace Central.OAuth.Grants;

/// <summary>The grant of a device code: a device polls until its user has decided elsewhere.</summary>
/// <remarks>RFC 8628 sections 3.4 and 3.5.</remarks>
internal sealed class DeviceCodeGrant(PlatformDatabase platform, FirstTokens firstTokens) : IGrant
{
    /// <inheritdoc/>
    public string Type => GrantTypes.DeviceCode;

    /// <inheritdoc/>
    public async Task<TokenAnswer> RunAsync(HttpContext context, OAuthClient client, OAuthRequest request)
    {
        var presented = request["device_code"] ?? throw OAuthError.InvalidRequest("device_code is missing.");
        var cancellationToken = context.RequestAborted;

        // What the tables say of a code counts whatever the answer is, so nothing is thrown before the transaction has ended.
        var (outcome, answer) = (DevicePoll.Refused, (TokenAnswer?)null);
        await platform.InTransactionAsync(
            async db =>
            {
                (outcome, var grant) = await DeviceCodeStore.PollAsync(db, client, presented, request["resource"], cancellationToken);
                answer = outcome is DevicePoll.Granted ? await firstTokens.IssueAsync(db, client, grant, resource: null, nonce: null, cancellationToken) : null;
            },
            cancellationToken);
        return answer ?? throw (outcome switch
        {
            DevicePoll.Pending => OAuthError.Device("authorization_pending", "The user has not decided yet."),
            DevicePoll.TooFast => OAuthError.Device("slow_down", "The user has not decided yet; wait five seconds longer between two requests."),
            DevicePoll.Denied => OAuthError.Device("access_denied", "The user has declined."),
            DevicePoll.Expired => OAuthError.Device("expired_token", "The device_code has expired; begin again."),
            DevicePoll.OtherResource => OAuthError.InvalidTarget(),
            _ => OAuthError.InvalidGrant(),
        });
    }
}
