using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class DocumentNameTests
{
    [Theory]
    [InlineData("SO-1")]
    [InlineData("a/b'c\"d;--%_`\\")]
    [InlineData("名前 😀")]
    [InlineData("order")]
    [InlineData("New Year")]
    public void OrdinaryName_IsTaken(string name) => Assert.Equal(name, DocumentName.Check("Order", name));

    [Fact]
    public void BlanksAround_AreTakenAway() => Assert.Equal("a b", DocumentName.Check("Order", " a b\t"));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void EmptyName_IsAValidationError(string name) =>
        Assert.Equal(417, Assert.Throws<ValidationException>(() => DocumentName.Check("Order", name)).StatusCode);

    [Theory]
    [InlineData("<b>")]
    [InlineData("a>b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u007fb")]
    [InlineData("Order")]
    [InlineData("New Order")]
    [InlineData("New Order 1")]
    public void NameThatIsNotAllowed_IsAConflict(string name) =>
        Assert.Equal(409, Assert.Throws<NameException>(() => DocumentName.Check("Order", name)).StatusCode);

    [Fact]
    public void HalfACharacter_IsAConflict() => Assert.Throws<NameException>(() => DocumentName.Check("Order", "a" + '\ud83d'));

    [Fact]
    public void Longest_Is140CharactersOfAnyKind()
    {
        var name = string.Concat(Enumerable.Repeat("😀", 140));
        Assert.Equal(name, DocumentName.Check("Order", name));
    }

    [Fact]
    public void OneMore_IsTooLong() =>
        Assert.Equal("CharacterLengthExceededError", Assert.Throws<CharacterLengthExceededException>(() => DocumentName.Check("Order", new string('x', 141))).Type);
}
