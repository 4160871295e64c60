using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class HashNameTests
{
    private static readonly DateTime s_now = new(2026, 3, 7, 9, 5, 1, DateTimeKind.Utc);

    [Fact]
    public void LaterName_SortsAfterAnEarlierOne()
    {
        var earlier = HashName.Create(s_now);
        Assert.True(string.CompareOrdinal(HashName.Create(s_now.AddMilliseconds(100)), earlier) > 0, earlier);
    }

    [Fact]
    public void NamesOfOneMoment_ShareTheirTimeAndDifferInTheRest()
    {
        var names = HashName.CreateMany(s_now, 20_000);
        Assert.Single(names.Select(name => name[..4]).Distinct());
        Assert.Equal(20_000, names.Distinct().Count());
    }

    [Fact]
    public void EveryDigit_TakesEveryValue()
    {
        var names = HashName.CreateMany(s_now, 5_000);
        for (var i = 4; i < HashName.Length; i++)
        {
            Assert.Equal(32, names.Select(name => name[i]).Distinct().Count());
        }
    }

    [Fact]
    public void NoNames_AreNone() => Assert.Empty(HashName.CreateMany(s_now, 0));

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void CountOutOfRange_IsRefused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HashName.CreateMany(s_now, count));
}
