using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class PlainNamingTests
{
    private readonly TestNaming _naming = new();

    [Theory]
    [InlineData("")]
    [InlineData("hash")]
    [InlineData("Hash")]
    [InlineData("country-rate")] // Words of a published file that are no rule.
    public async Task NoRule_GivesAHash(string autoname) => Assert.Matches("^[0-9a-v]{10}$", await _naming.NameAsync(autoname));

    [Fact]
    public void WordsThatAreNoRuleOnAClass_StopTheStart() =>
        Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order("SO-.YYYY.-") with { DocumentClass = typeof(object) }));

    [Fact]
    public async Task Autoincrement_CountsPerDocTypeAndIgnoresTheClientsName()
    {
        _naming.Requested = "mine";
        Assert.Equal("1", await _naming.NameAsync("autoincrement"));
        Assert.Equal("1", await _naming.NameAsync(TestNaming.Order("autoincrement") with { Name = "Other" }));
        Assert.Equal("2", await _naming.NameAsync("autoincrement"));
        Assert.True(NamingRule.Parse(TestNaming.Order("autoincrement")).IsAutoincrement);
    }

    [Fact]
    public async Task Uuid_IsOfVersion7AndOfItsTime()
    {
        var name = Guid.ParseExact(await _naming.NameAsync("UUID"), "D");
        Assert.Equal(7, name.Version);
        var milliseconds = Convert.ToInt64(name.ToString("N")[..12], 16);
        Assert.Equal(_naming.Now, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime);
    }

    [Fact]
    public async Task UuidOfTheClient_IsTakenInItsOneSpelling()
    {
        _naming.Requested = "0192F0C1-2B3C-7D4E-8F50-112233445566";
        Assert.Equal("0192f0c1-2b3c-7d4e-8f50-112233445566", await _naming.NameAsync("uuid"));
    }

    [Fact]
    public async Task TextForAUuid_IsAValidationError()
    {
        _naming.Requested = "not a uuid";
        await Assert.ThrowsAsync<ValidationException>(async () => await _naming.NameAsync("UUID"));
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("Prompt")]
    public async Task Prompt_TakesTheClientsName(string autoname)
    {
        _naming.Requested = "  Köln/№1 ";
        Assert.Equal("Köln/№1", await _naming.NameAsync(autoname));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task PromptWithoutAName_IsAValidationError(string? requested)
    {
        _naming.Requested = requested;
        Assert.Equal(417, (await Assert.ThrowsAsync<ValidationException>(async () => await _naming.NameAsync("prompt"))).StatusCode);
    }

    [Fact]
    public async Task Field_GivesItsTrimmedValue() => Assert.Equal("Ada", await _naming.With("customer", " Ada ").NameAsync("field:customer"));

    [Fact]
    public async Task EmptyField_IsAValidationErrorWithItsName()
    {
        var error = await Assert.ThrowsAsync<ValidationException>(async () => await _naming.With("customer", " ").NameAsync("field:customer"));
        Assert.Contains("'customer'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FieldRule_TellsTheFieldThatFollowsTheName() => Assert.Equal("customer", NamingRule.Parse(TestNaming.Order("field:customer")).NameField);

    [Theory]
    [InlineData("field:nothing")]
    [InlineData("field:lines")]
    [InlineData("field:")]
    public void FieldThatHoldsNoValue_StopsTheStart(string autoname) =>
        Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order(autoname)));

    [Fact]
    public async Task Single_IsCalledAsItsDocType() =>
        Assert.Equal("Order", await _naming.NameAsync(TestNaming.Order("field:customer") with { IsSingle = true }));

    [Theory]
    [InlineData("SO-00001", null, "SO-00001-1")]
    [InlineData("SO-00001-1", "SO-00001", "SO-00001-2")]
    [InlineData("SO-00001-9", "SO-00001", "SO-00001-10")]
    [InlineData("Renamed", "SO-00001", "Renamed-1")]
    [InlineData("-9999999999999999999999", "SO-00001", "-9999999999999999999999-1")]
    public async Task Amendment_GetsTheNameOfItsSourceAndANumber(string source, string? sourceAmends, string expected)
    {
        if (sourceAmends is not null)
        {
            _naming.WithAmendment(source, sourceAmends);
        }

        var docType = TestNaming.Order("SO-.#####") with { IsSubmittable = true };
        Assert.Equal(expected, await _naming.With("amended_from", source).NameAsync(docType));
        Assert.Empty(_naming.Counters);
    }

    [Fact]
    public async Task AmendmentOfANumberedDocument_GetsTheNextNumber()
    {
        var docType = TestNaming.Order("autoincrement") with { IsSubmittable = true };
        Assert.Equal("1", await _naming.With("amended_from", "7").NameAsync(docType));
    }

    [Fact]
    public async Task AmendedFromOfADocTypeThatIsNotSubmitted_IsJustAField() =>
        Assert.Equal("SO-01", await _naming.With("amended_from", "SO-09").NameAsync("SO-.##"));
}
