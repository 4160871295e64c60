using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class FormatNamingTests
{
    private readonly TestNaming _naming = new TestNaming().With("customer", " Ada ");

    [Theory]
    [InlineData("format:ORD-{MM}-{customer}-{####}", "ORD-03-Ada-0001")]
    [InlineData("format: ORD-{#####}", "ORD-00001")]
    [InlineData("format:{####} {customer}", "0001 Ada")]
    [InlineData("format:{customer}-{YYYY}", "Ada-2026")]
    [InlineData("FORMAT:A.B-{ ## }", "A.B-01")]
    public async Task Format_EvaluatesEveryBrace(string format, string expected) => Assert.Equal(expected, await _naming.NameAsync(format));

    [Fact]
    public async Task FormatsWithDifferentText_CountApart()
    {
        await _naming.NameAsync("format:A-{###}");
        Assert.Equal("B-001", await _naming.NameAsync("format:B-{###}"));
    }

    [Fact]
    public async Task EmptyResult_IsAValidationError() =>
        await Assert.ThrowsAsync<ValidationException>(async () => await new TestNaming().NameAsync("format:{customer}"));

    [Theory]
    [InlineData("format:{nothing}-{##}", "'{nothing}' is neither a field")]
    [InlineData("format:A-{##", "braces")]
    [InlineData("format:A-##}", "braces")]
    [InlineData("format:A-{}", "braces")]
    [InlineData("format:{{##}}", "braces")]
    [InlineData("format:{##}-{##}", "two counters")]
    public void BadFormat_StopsTheStart(string format, string reason) =>
        Assert.Contains(reason, Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order(format))).Message, StringComparison.Ordinal);
}
