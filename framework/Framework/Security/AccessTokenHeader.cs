using System.Text.Json;

namespace Microservices.Security;

/// <summary>Which headers access tokens may have: of the given algorithms and types, with a key's id, and without a key or a demand of their own.</summary>
/// <remarks>RFC 9068 section 2.1, RFC 8725 sections 3.1 and 3.11.</remarks>
internal sealed class AccessTokenHeader(IReadOnlyList<string> algorithms, IReadOnlyList<string> types)
{
    /// <summary>The type of access tokens, which nothing else has.</summary>
    public const string AccessTokenType = "at+jwt";

    /// <summary>The type of any token, ID tokens among them.</summary>
    public const string AnyTokenType = "JWT";

    private const string MediaTypePrefix = "application/";

    /// <summary>What the settings may allow.</summary>
    public static IReadOnlyList<string> AllTypes { get; } = [AccessTokenType, AnyTokenType];

    /// <summary>What is allowed unless the settings say otherwise.</summary>
    public static IReadOnlyList<string> DefaultTypes { get; } = [AccessTokenType];

    /// <summary>The headers that the central site writes.</summary>
    public static AccessTokenHeader Default { get; } = new(SignatureAlgorithm.Default, DefaultTypes);

    /// <summary>The algorithm and key id of an acceptable header, else null.</summary>
    public (string Algorithm, string KeyId)? Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument? document = StrictJson.ParseObject(json);
        if (document is null)
        {
            return null;
        }

        JsonElement header = document.RootElement;
        return !TokenHeader.BringsKeyOrDemand(header) && header.Text("alg"u8) is { } algorithm && algorithms.Contains(algorithm) && header.Text("typ"u8) is { } type && IsAccepted(type) &&
            header.Text("kid"u8) is { Length: <= TokenHeader.MaxKeyIdLength } keyId
            ? (algorithm, keyId)
            : null;
    }

    private bool IsAccepted(string type)
    {
        // RFC 7515 section 4.1.9: the prefix may be left out.
        string name = type.StartsWith(MediaTypePrefix, StringComparison.OrdinalIgnoreCase) ? type[MediaTypePrefix.Length..] : type;
        return types.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
