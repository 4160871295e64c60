namespace Central.OAuth.Tokens;

/// <summary>The access tokens that were revoked before their end, by <c>jti</c>. Works in the platform tenant.</summary>
internal static class RevokedTokenStore
{
    private const string DocType = "Revoked Token";

    /// <summary>Revokes a token; again is the same as once.</summary>
    public static async Task RevokeAsync(TenantDb platform, IssuedToken token, CancellationToken cancellationToken)
    {
        try
        {
            await platform.InsertAsync(new RevokedToken { Name = token.Jti, ExpiresAt = token.ExpiresAt.UtcDateTime }, ignorePermissions: true, cancellationToken);
        }
        catch (DuplicateEntryException)
        {
            // It is revoked already.
        }
    }

    /// <summary>Whether a token was revoked.</summary>
    public static Task<bool> IsRevokedAsync(TenantDb platform, IssuedToken token, CancellationToken cancellationToken) => platform.ExistsAsync(DocType, token.Jti, cancellationToken);
}
