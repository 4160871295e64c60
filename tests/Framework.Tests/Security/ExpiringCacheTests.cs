using System.Globalization;
using Microservices.Security;

namespace Microservices.Framework.Tests.Security;

public sealed class ExpiringCacheTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Entry_IsFoundUntilItsTimeIsOver()
    {
        var cache = new ExpiringCache<CredentialHash, CachedCredential>(10);
        cache.Store(Hash("a"), Entry());

        Assert.NotNull(cache.Find(Hash("a"), s_now.AddSeconds(59)));
        Assert.Null(cache.Find(Hash("a"), s_now.AddSeconds(60)));
        Assert.Null(cache.Find(Hash("b"), s_now));
    }

    [Fact]
    public void Flood_StaysWithinTheCapacity_AndKeepsWhatIsInUse()
    {
        var cache = new ExpiringCache<CredentialHash, CachedCredential>(100);
        cache.Store(Hash("in use"), Entry());
        for (int i = 0; i < 10_000; i++)
        {
            cache.Store(Hash(i.ToString(CultureInfo.InvariantCulture)), Entry());
            Assert.NotNull(cache.Find(Hash("in use"), s_now));
            Assert.InRange(cache.Count, 1, 101);
        }
    }

    [Fact]
    public async Task ParallelStores_StayWithinTheCapacity()
    {
        var cache = new ExpiringCache<CredentialHash, CachedCredential>(100);
        await Parallel.ForAsync(0, 10_000, TestContext.Current.CancellationToken, (i, _) =>
        {
            cache.Store(Hash(i.ToString(CultureInfo.InvariantCulture)), Entry());
            return default;
        });
        Assert.InRange(cache.Count, 1, 100 + (4 * Environment.ProcessorCount));
    }

    [Fact]
    public void Hash_DependsOnKindAndEveryLetter_AndTakesAsciiOnly()
    {
        string longText = new('x', 5000);
        Assert.Equal(Hash(longText), Hash(longText));
        Assert.NotEqual(Hash(longText), Hash(longText + "x"));
        Assert.True(CredentialHash.TryCompute(CredentialKind.Session, "a", out CredentialHash session));
        Assert.NotEqual(Hash("a"), session);
        Assert.False(CredentialHash.TryCompute(CredentialKind.Session, "\u00e9", out _));
    }

    private static CachedCredential Entry() => new(null, s_now.AddSeconds(60), null);

    private static CredentialHash Hash(string text)
    {
        Assert.True(CredentialHash.TryCompute(CredentialKind.Bearer, text, out CredentialHash hash));
        return hash;
    }
}
