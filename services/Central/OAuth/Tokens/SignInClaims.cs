using System.Text.Json;
using Central.Sessions;

namespace Central.OAuth.Tokens;

/// <summary>How and when a user signed in, as tokens tell it.</summary>
/// <param name="Username">The user name.</param>
/// <param name="Locale">The user's language; empty when none is set.</param>
/// <param name="AuthTime">When the user proved who it is.</param>
/// <param name="Amr">How, in the words of RFC 8176, separated by spaces.</param>
/// <param name="SessionHash">SHA-256 of the <c>sid</c>; empty when no browser had part in it.</param>
/// <remarks>OpenID Connect Core section 2, RFC 9068 section 2.2.1.</remarks>
internal sealed record SignInClaims(string Username, string Locale, DateTimeOffset AuthTime, string Amr, string SessionHash)
{
    /// <summary>Writes <c>auth_time</c>, <c>amr</c>, <c>acr</c> and <c>sid</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("auth_time", AuthTime.ToUnixTimeSeconds());
        writer.WriteTexts("amr", Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        writer.WriteString("acr", AuthenticationMethods.LevelOf(Amr));
        if (SessionHash.Length > 0)
        {
            writer.WriteString("sid", SessionHash);
        }
    }
}
