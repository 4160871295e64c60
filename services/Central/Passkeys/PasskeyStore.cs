using System.Buffers.Text;
using System.Security.Cryptography;
using Central.Platform;
using Microsoft.AspNetCore.Identity;

namespace Central.Passkeys;

/// <summary>Keeps passkeys. Works in the platform tenant.</summary>
internal static class PasskeyStore
{
    /// <summary>Passkeys that one user may have.</summary>
    public const int MaxOfUser = 20;

    private const string DocType = "Passkey";

    /// <summary>The name under which a credential is kept.</summary>
    public static string NameOf(byte[] credentialId) => Convert.ToHexStringLower(SHA256.HashData(credentialId));

    /// <summary>Whether a user has one.</summary>
    public static async Task<bool> HasAnyAsync(TenantDb platform, string userId, CancellationToken cancellationToken) =>
        (await platform.NamesAsync(DocType, new("user_id", userId), limit: 1, cancellationToken)).Count > 0;

    /// <summary>The passkeys of a user.</summary>
    public static async Task<IReadOnlyList<Passkey>> OfUserAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        var passkeys = new List<Passkey>();
        foreach (var name in await platform.NamesAsync(DocType, new("user_id", userId), MaxOfUser, cancellationToken))
        {
            if (await platform.FindDocAsync<Passkey>(name, cancellationToken) is { } passkey)
            {
                passkeys.Add(passkey);
            }
        }

        return passkeys;
    }

    /// <summary>Keeps a new passkey of a user.</summary>
    /// <exception cref="DuplicateEntryException">The credential is registered already.</exception>
    public static Task<Passkey> AddAsync(TenantDb platform, string userId, string label, UserPasskeyInfo passkey, CancellationToken cancellationToken) => platform.InsertAsync(
        new Passkey
        {
            Name = NameOf(passkey.CredentialId),
            UserId = userId,
            Label = label,
            CredentialId = Base64Url.EncodeToString(passkey.CredentialId),
            PublicKey = Base64Url.EncodeToString(passkey.PublicKey),
            SignCount = passkey.SignCount,
            Transports = string.Join(' ', (passkey.Transports ?? []).Where(transport => transport.All(c => char.IsAsciiLetter(c) || c == '-')).Take(10)),
            IsBackupEligible = passkey.IsBackupEligible,
            IsBackedUp = passkey.IsBackedUp,
        },
        ignorePermissions: true,
        cancellationToken);

    /// <summary>Notes a use. Returns whether the counter has grown since the last one, or is none: of two uses at once with one count one is refused.</summary>
    public static async Task<bool> UseAsync(TenantDb platform, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var isGrown = false;
        try
        {
            await platform.UpdateAsync<Passkey>(
                NameOf(passkey.CredentialId),
                stored =>
                {
                    isGrown = passkey.SignCount > stored.SignCount || (passkey.SignCount == 0 && stored.SignCount == 0);
                    if (isGrown)
                    {
                        (stored.SignCount, stored.IsBackedUp, stored.LastUsed) = (passkey.SignCount, passkey.IsBackedUp, platform.Now);
                    }
                },
                ignorePermissions: true,
                cancellationToken);
        }
        catch (DoesNotExistException)
        {
            return false;
        }

        return isGrown;
    }

    /// <summary>Takes a passkey of a user away. Returns whether the user had it.</summary>
    public static async Task<bool> RemoveAsync(TenantDb platform, string userId, string name, CancellationToken cancellationToken) =>
        await platform.FindDocAsync<Passkey>(name, cancellationToken) is { } passkey && passkey.UserId == userId && await platform.TryDeleteAsync(DocType, name, cancellationToken);

    /// <summary>Takes all passkeys of a user away.</summary>
    public static async Task RemoveAllAsync(TenantDb platform, string userId, CancellationToken cancellationToken)
    {
        foreach (var passkey in await OfUserAsync(platform, userId, cancellationToken))
        {
            await platform.TryDeleteAsync(DocType, passkey.Name, cancellationToken);
        }
    }

    /// <summary>The same in the terms of ASP.NET Core Identity. What the authenticator said at registration is not kept.</summary>
    public static UserPasskeyInfo ToInfo(Passkey passkey) => new(
        Base64Url.DecodeFromChars(passkey.CredentialId),
        Base64Url.DecodeFromChars(passkey.PublicKey),
        Sessions.SessionStore.Utc(passkey.Creation),
        (uint)passkey.SignCount,
        passkey.Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isUserVerified: true,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);
}
