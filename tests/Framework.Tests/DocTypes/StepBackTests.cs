using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class StepBackTests
{
    private readonly TestNaming _naming = new();

    [Theory]
    [InlineData("SO-.YYYY.-.###", "SO-2026-007", "SO-2026-", 7)]
    [InlineData("SO-.###.-X", "SO-007-X", "SO-", 7)]
    [InlineData("SO-.###", "SO-1007", "SO-", 1007)]
    [InlineData("format:A-{MM}-{##}", "A-03-07", "A-03-", 7)]
    [InlineData("{customer}.-.##", "Ada-07", "Ada-", 7)]
    [InlineData(".YYYY.###", "2026123", "2026", 123)]
    public void NameOfTheSeries_GivesItsCounterAndNumber(string rule, string name, string key, long number) =>
        Assert.Equal(new SeriesPosition(key, number), StepBack(rule, name));

    [Theory]
    [InlineData("SO-.YYYY.-.###", "SO-2025-007")] // renamed, or moved between years
    [InlineData("SO-.###", "SO-07")]
    [InlineData("SO-.###", "SO-0007")]
    [InlineData("SO-.###", "SO-+07")]
    [InlineData("SO-.###", "SO-99999999999999999999")]
    [InlineData("SO-.###.-X", "SO-007")]
    [InlineData("format:A-{customer}", "A-Ada")]
    [InlineData("field:customer", "Ada")]
    [InlineData("autoincrement", "7")]
    [InlineData("hash", "0123456789")]
    public void OtherName_StandsInNoSeries(string rule, string name) => Assert.Null(StepBack(rule, name));

    [Fact]
    public void Amendment_StandsInNoSeries()
    {
        _naming.With("amended_from", "SO-007");
        var rule = NamingRule.Parse(TestNaming.Order("SO-.###") with { IsSubmittable = true });
        Assert.Null(rule.StepBack("SO-007", _naming.Value, _naming.Now));
    }

    private SeriesPosition? StepBack(string rule, string name) =>
        NamingRule.Parse(TestNaming.Order(rule)).StepBack(name, _naming.With("customer", "Ada").Value, _naming.Now);
}
