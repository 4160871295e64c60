using System.Buffers;

namespace Microservices.Security;

/// <summary>
/// The tenant of a request: typed and immutable. It comes from the validated credential only; no header, path, parameter
/// or body can name or change it.
/// </summary>
public sealed record Tenant
{
    /// <summary>Longest tenant id, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Creates the tenant of an id that a trusted source gave, such as a validated token.</summary>
    /// <exception cref="ArgumentException">The id is empty, longer than <see cref="MaxLength"/>, or holds more than lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</exception>
    public Tenant(string id)
    {
        if (!IsValid(id))
        {
            throw new ArgumentException("A tenant id is 1 to 64 lower-case letters, digits, '-', '_' or '.'.", nameof(id));
        }

        Id = id;
    }

    /// <summary>The id, as it stands in <c>tenant_id</c>.</summary>
    public string Id { get; }

    /// <summary>Tells whether the text can be a tenant id.</summary>
    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(s_allowed);

    /// <inheritdoc/>
    public override string ToString() => Id;
}
