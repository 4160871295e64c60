using System.Text.Json;

namespace Microservices.Security;

/// <summary>Reads what the central site says about a session or API key.</summary>
internal static class IntrospectionAnswer
{
    /// <summary>
    /// The caller, until when, and whether only for the address that was asked about, or null when the credential is not active. Active means the JSON value <c>true</c>, beside a subject,
    /// a tenant, a future <c>exp</c> and our issuer; an answer that says true and lacks one of these is incomplete, and not active.
    /// </summary>
    /// <exception cref="CentralSiteException">It is not a JSON object.</exception>
    /// <remarks>RFC 7662 section 2.2.</remarks>
    public static (CurrentUser User, DateTimeOffset ExpiresAt, bool IsAddressBound)? Read(
        ReadOnlyMemory<byte> json, CredentialKind kind, string issuer, DateTimeOffset now, out bool isIncomplete)
    {
        isIncomplete = false;
        using JsonDocument document = StrictJson.ParseObject(json) ?? throw new CentralSiteException("The introspection answer is not a JSON object.");
        JsonElement root = document.RootElement;
        if (!root.TryGetProperty("active"u8, out JsonElement active) || active.ValueKind != JsonValueKind.True)
        {
            return null;
        }

        if (root.Text("iss"u8) == issuer && root.Time("exp"u8) is { } expires && expires > now && UserClaims.Read(root, kind) is { } user)
        {
            // Who does not say that the answer holds for every address may mean this one alone.
            return (user, expires, !root.TryGetProperty("client_address_bound"u8, out JsonElement isBound) || isBound.ValueKind != JsonValueKind.False);
        }

        isIncomplete = true;
        return null;
    }
}
