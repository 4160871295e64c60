namespace Microservices.Security;

/// <summary>The signature algorithms that access tokens can be checked with. The central site signs with ES256 and nothing else.</summary>
/// <remarks>RFC 7518 section 3.1.</remarks>
internal static class SignatureAlgorithm
{
    public const string ES256 = "ES256";
    public const string RS256 = "RS256";
    public const string PS256 = "PS256";

    /// <summary>What the settings may allow.</summary>
    public static IReadOnlyList<string> All { get; } = [ES256, RS256, PS256];

    /// <summary>What is allowed unless the settings say otherwise.</summary>
    public static IReadOnlyList<string> Default { get; } = [ES256];
}
