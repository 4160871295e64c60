using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Central.Users;

/// <summary>Hashes and checks passwords: PBKDF2 with HMAC-SHA512 and 210,000 rounds, as many at a time as there are processors.</summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>Longest password that is hashed.</summary>
    public const int MaxLength = 1024;

    /// <summary>Rounds of PBKDF2.</summary>
    public const int Iterations = 210_000;

    private static readonly object s_nobody = new();

    private readonly IPasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private readonly Lazy<string> _decoy;

    /// <param name="iterations">Rounds; fewer are for tests of other things.</param>
    public PasswordHashing(int iterations = Iterations)
        : this(new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = iterations })))
    {
    }

    /// <param name="hasher">What does the work.</param>
    public PasswordHashing(IPasswordHasher<object> hasher)
    {
        _hasher = hasher;
        _decoy = new Lazy<string>(() => _hasher.HashPassword(s_nobody, RandomNumberGenerator.GetHexString(32)));
    }

    /// <summary>Hashes a new password.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        WorkAsync(() => _hasher.HashPassword(s_nobody, password), cancellationToken);

    /// <summary>Whether the password is right. Without a hash the work is the same and the answer no, so that time tells nothing.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        if (password.Length > MaxLength)
        {
            return PasswordVerificationResult.Failed;
        }

        var result = await WorkAsync(() => _hasher.VerifyHashedPassword(s_nobody, hash ?? _decoy.Value, password), cancellationToken);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary>A hash keeps a thread for a tenth of a second: more of them than processors would only make all requests wait.</summary>
    private async Task<T> WorkAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }
}
