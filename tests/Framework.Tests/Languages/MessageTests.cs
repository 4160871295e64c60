using Microservices.Errors;

namespace Microservices.Framework.Tests.Languages;

public sealed class MessageTests
{
    private static readonly Dictionary<string, string> s_dutch = new()
    {
        ["Could not find {0}: {1}"] = "{1} niet gevonden als {0}",
        ["Customer"] = "Klant",
        ["Too large {0}"] = "Te groot {0} {1} {x} {",
        ["a"] = "één",
    };

    [Fact]
    public void InterpolatedText_IsKeyAndArguments()
    {
        var error = new DataException($"Could not find {(Message)"Customer"}: {"x{0}"}");

        Assert.Equal("Could not find {0}: {1}", error.Text.Key);
        Assert.Equal("Could not find Customer: x{0}", error.Message);
        Assert.Equal("x{0} niet gevonden als Klant", error.Text.In(Dutch));
    }

    [Fact]
    public void NumbersAndDates_AreWrittenTheSameEverywhere()
    {
        Message message = $"At {new DateOnly(2026, 2, 1):yyyy-MM-dd} it was {1234.5m}";

        Assert.Equal("At 2026-02-01 it was 1234.5", message.ToString());
    }

    [Fact]
    public void PlacesThatDoNotExist_StayAsText()
    {
        Message message = $"Too large {1}";

        Assert.Equal("Te groot 1 {1} {x} {", message.In(Dutch));
    }

    [Fact]
    public void JoinedTexts_AreTranslatedEach()
    {
        Message message = $"[{Message.Join(", ", ["a", "b"])}]";

        Assert.Equal("[één, b]", message.In(Dutch));
    }

    [Fact]
    public void PlainText_IsItsOwnKey()
    {
        Message message = "100 {0} %";

        Assert.Equal(("100 {0} %", "100 {0} %"), (message.Key, message.ToString()));
    }

    private static string? Dutch(string key) => s_dutch.GetValueOrDefault(key);
}
