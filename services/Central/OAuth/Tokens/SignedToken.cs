using System.Text.Json;

namespace Central.OAuth.Tokens;

/// <summary>Opens tokens that are not access tokens: ID tokens of this site, and what clients sign to prove who they are.</summary>
/// <remarks>RFC 7515 section 5.2, RFC 8725 section 3.</remarks>
internal static class SignedToken
{
    /// <summary>The claims of a token whose form, algorithm, type and signature are good, to be disposed by the caller; otherwise null.</summary>
    /// <param name="compact">The token.</param>
    /// <param name="keys">The keys that may have signed it.</param>
    /// <param name="types">The header's <c>typ</c>, one of these; null among them stands for a header without one.</param>
    public static JsonDocument? Open(ReadOnlySpan<char> compact, SigningKeySet keys, params ReadOnlySpan<string?> types) =>
        Open(compact, keyId => keyId is null ? null : keys.Find(keyId), types);

    /// <inheritdoc cref="Open(ReadOnlySpan{char}, SigningKeySet, ReadOnlySpan{string?})"/>
    /// <param name="compact">The token.</param>
    /// <param name="find">The key of a <c>kid</c>, or of a header without one.</param>
    /// <param name="types">The header's <c>typ</c>, one of these; null among them stands for a header without one.</param>
    public static JsonDocument? Open(ReadOnlySpan<char> compact, Func<string?, SigningKey?> find, params ReadOnlySpan<string?> types)
    {
        if (!JsonWebToken.TryParse(compact, out var token))
        {
            return null;
        }

        using (token)
        {
            return IsGoodHeader(token.Header, types, out var keyId) && find(keyId) is { } key && key.Verify(token.SigningInput, token.Signature)
                ? StrictJson.ParseObject(token.Payload.ToArray()) // a copy, since the token's buffer goes back to its pool here
                : null;
        }
    }

    private static bool IsGoodHeader(ReadOnlyMemory<byte> json, ReadOnlySpan<string?> types, out string? keyId)
    {
        keyId = null;
        using var document = StrictJson.ParseObject(json);
        if (document is null)
        {
            return false;
        }

        var header = document.RootElement;
        var type = header.Text("typ"u8);
        var isExpected = header.Text("alg"u8) == "ES256" && types.Contains(type) && (type is not null || !header.Has("typ"u8));
        keyId = header.Text("kid"u8);
        return isExpected && !TokenHeader.BringsKeyOrDemand(header) && (keyId is null ? !header.Has("kid"u8) : keyId.Length <= TokenHeader.MaxKeyIdLength);
    }
}
