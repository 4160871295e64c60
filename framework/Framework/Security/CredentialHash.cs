using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Microservices.Security;

/// <summary>
/// SHA-256 of a credential and its kind: what caches are keyed by, so that memory holds no secret, a look-up tells nothing by its
/// time, and a text is never found as a credential of another kind.
/// </summary>
internal readonly record struct CredentialHash
{
    private const int StackBytes = 2048;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private CredentialHash(ReadOnlySpan<ulong> parts) => (_a, _b, _c, _d) = (parts[0], parts[1], parts[2], parts[3]);

    /// <summary>The hash; false when the credential holds anything but ASCII.</summary>
    public static bool TryCompute(CredentialKind kind, ReadOnlySpan<char> credential, out CredentialHash hash)
    {
        int length = credential.Length + 1;
        byte[]? rented = length > StackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> bytes = rented ?? stackalloc byte[StackBytes];
        bytes[0] = (byte)kind;
        bool isAscii = Ascii.FromUtf16(credential, bytes[1..], out _) == OperationStatus.Done;
        Span<ulong> parts = stackalloc ulong[4];
        if (isAscii)
        {
            SHA256.HashData(bytes[..length], MemoryMarshal.AsBytes(parts));
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        hash = new CredentialHash(parts);
        return isAscii;
    }

    /// <summary>Any part of a SHA-256 is as good as a hash of it.</summary>
    public override int GetHashCode() => (int)_a;
}
