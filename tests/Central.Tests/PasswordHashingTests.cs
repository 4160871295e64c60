using System.Buffers.Binary;
using Central.Users;
using Microsoft.AspNetCore.Identity;

namespace Microservices.Central.Tests;

public sealed class PasswordHashingTests
{
    [Fact]
    public async Task Hash_TakesAtLeast210000RoundsOfHmacSha512()
    {
        using var hashing = new PasswordHashing();

        var hash = Convert.FromBase64String(await hashing.HashAsync("a long winding road", TestContext.Current.CancellationToken));

        // Identity's version 3: marker, pseudo-random function, rounds, length of the salt.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.True(BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)) >= 210_000);
    }

    [Fact]
    public async Task HashOfFewerRounds_IsAcceptedAndReplacedAtLogin()
    {
        using var weak = new PasswordHashing(iterations: 1000);
        using var strong = new PasswordHashing(iterations: 2000);
        var hash = await weak.HashAsync("a long winding road", TestContext.Current.CancellationToken);

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await strong.VerifyAsync(hash, "a long winding road", TestContext.Current.CancellationToken));
        Assert.Equal(PasswordVerificationResult.Failed, await strong.VerifyAsync(hash, "a long winding roaD", TestContext.Current.CancellationToken));
    }
}
