using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microservices.Security;

namespace Microservices.Benchmarks.Tokens;

/// <summary>What no check of a token can do without, on the same tokens and key, and nothing else.</summary>
internal sealed class BareChecks
{
    private readonly SigningKey _key;
    private readonly (byte[] Input, byte[] Signature)[] _tokens;
    private readonly byte[] _whole;
    private readonly Dictionary<UInt128, object> _known = [];

    public BareChecks(SigningKey key, string[] tokens)
    {
        _key = key;
        _tokens = [.. tokens.Select(Split)];
        _whole = Encoding.ASCII.GetBytes(tokens[0]);
        foreach (string token in tokens)
        {
            _known.Add(Key(Encoding.ASCII.GetBytes(token)), token);
        }
    }

    public void Verify(int token)
    {
        if (!_key.Verify(SignatureAlgorithm.ES256, _tokens[token].Input, _tokens[token].Signature))
        {
            throw new InvalidOperationException("A good signature did not verify.");
        }
    }

    public void LookUp()
    {
        if (!_known.ContainsKey(Key(_whole)))
        {
            throw new InvalidOperationException("A known token was not found.");
        }
    }

    private static (byte[] Input, byte[] Signature) Split(string token)
    {
        int end = token.LastIndexOf('.');
        return (Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)));
    }

    private static UInt128 Key(byte[] token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        return BitConverter.ToUInt128(hash);
    }
}
