using System.Security.Cryptography;
using System.Text;

namespace Central.Limits;

/// <summary>
/// What was counted of one key. Never served. The name is SHA-256 of what is counted and of whom, so that the table is no list of addresses
/// and user names.
/// </summary>
[DocType("Limit Counter", Naming = "prompt")]
public sealed class LimitCounter : Document
{
    public int Count { get; set; }

    /// <summary>UTC; the count is forgotten then.</summary>
    [Field(Index = true)]
    public DateTime Until { get; set; }

    /// <summary>UTC; until then the key is locked.</summary>
    public DateTime? LockedUntil { get; set; }

    /// <summary>The DocType's name.</summary>
    internal const string DocTypeName = "Limit Counter";

    /// <summary>The name of a counter.</summary>
    /// <param name="kind">What is counted.</param>
    /// <param name="key">Of whom.</param>
    internal static string NameOf(string kind, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{key}")));
}
