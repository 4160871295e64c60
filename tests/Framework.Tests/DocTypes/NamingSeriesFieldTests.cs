using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class NamingSeriesFieldTests
{
    private static readonly FieldDefinition s_series = new() { Name = "naming_series", Type = FieldType.Select, Options = "\nSAL-.YYYY.-\nRET-.YYYY.-.###" };

    private readonly TestNaming _naming = new();

    [Fact]
    public async Task SeriesWithoutCounter_GetsFiveDigits() =>
        Assert.Equal("SAL-2026-00001", await _naming.With("naming_series", "SAL-.YYYY.-").NameAsync("naming_series:", s_series));

    [Fact]
    public async Task EmptyField_TakesTheFirstOption() =>
        Assert.Equal("SAL-2026-00001", await _naming.NameAsync("naming_series:", s_series));

    [Fact]
    public async Task SecondOption_KeepsItsOwnWidthAndCounter()
    {
        await _naming.NameAsync("naming_series:", s_series);
        Assert.Equal("RET-2026-001", await _naming.With("naming_series", "RET-.YYYY.-.###").NameAsync("naming_series:", s_series));
    }

    [Fact]
    public async Task SeriesOfTheClient_IsTakenThoughItIsNoOption() =>
        Assert.Equal("MINE00001", await _naming.With("naming_series", "MINE").NameAsync("naming_series:", s_series));

    [Theory]
    [InlineData("SO-<b>-.##")]
    [InlineData("SO\0.##")]
    [InlineData("SO##")]
    [InlineData("{nothing}.##")]
    [InlineData("SO-'; drop table x; --.##")]
    public async Task BadSeriesOfTheClient_IsAValidationError(string series)
    {
        _naming.With("naming_series", series);
        var error = await Assert.ThrowsAsync<ValidationException>(async () => await _naming.NameAsync("naming_series:", s_series));
        Assert.Equal(417, error.StatusCode);
        Assert.Empty(_naming.Counters);
    }

    [Fact]
    public async Task CounterOfAMillionDigits_IsAValidationError()
    {
        _naming.With("naming_series", "A." + new string('#', 1_000_000));
        await Assert.ThrowsAsync<ValidationException>(async () => await _naming.NameAsync("naming_series:", s_series));
    }

    [Fact]
    public async Task NoSeriesAndNoOption_IsAValidationError() =>
        await Assert.ThrowsAsync<ValidationException>(async () => await _naming.NameAsync("naming_series:", s_series with { Options = "" }));

    [Fact]
    public void DocTypeWithoutTheField_StopsTheStart() =>
        Assert.Contains("no field 'naming_series'", Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order("naming_series:"))).Message, StringComparison.Ordinal);

    [Fact]
    public void BadOption_StopsTheStart() =>
        Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order("naming_series:", s_series with { Options = "[Select]" })));

    [Fact]
    public void DeletedDocument_IsFoundInTheSeriesOfItsField()
    {
        _naming.With("naming_series", "RET-.YYYY.-.###");
        var rule = NamingRule.Parse(TestNaming.Order("naming_series:", s_series));
        Assert.Equal(new SeriesPosition("RET-2026-", 12), rule.StepBack("RET-2026-012", _naming.Value, _naming.Now));
    }

    [Fact]
    public void DeletedDocumentWithABrokenSeries_StandsInNone()
    {
        _naming.With("naming_series", "<>");
        Assert.Null(NamingRule.Parse(TestNaming.Order("naming_series:", s_series)).StepBack("RET-2026-012", _naming.Value, _naming.Now));
    }
}
