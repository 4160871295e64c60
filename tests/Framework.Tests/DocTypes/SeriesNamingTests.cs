using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class SeriesNamingTests
{
    private readonly TestNaming _naming = new();

    [Theory]
    [InlineData("SO-.YYYY.-.#####", "SO-2026-00001")]
    [InlineData("SO-.YY.-.MM.-.DD.-.###", "SO-26-03-07-001")]
    [InlineData("SO-.JJJ.-.##", "SO-066-01")]
    [InlineData("SO-.WW.-.##", "SO-10-01")]
    [InlineData("ABC/.########", "ABC/00000001")]
    [InlineData(".####", "0001")]
    [InlineData("A..-..##", "A-01")]
    [InlineData("A.##.-B", "A01-B")]
    [InlineData("A.##.-.###", "A01-")]
    [InlineData("{customer}.-.####", "Ada-0001")]
    [InlineData("customer.-.####", "Ada-0001")]
    [InlineData("X-{customer}-{YY}.-.##", "X-Ada-26-01")]
    [InlineData("X.FY.-.##", "XFY-01")]
    [InlineData("{owner}/.##", "ada@example.com/01")]
    public async Task Series_GivesItsParts(string series, string expected) =>
        Assert.Equal(expected, await _naming.With("customer", "Ada").With("owner", "ada@example.com").NameAsync(series));

    [Fact]
    public async Task TimestampPart_IsTheTimeToTheMicrosecond() =>
        Assert.Equal("T 2026-03-07 09:05:01.234000 01", await _naming.NameAsync("T .timestamp. .##"));

    [Fact]
    public async Task SecondDocument_GetsTheNextNumber()
    {
        await _naming.NameAsync("SO-.YYYY.-.###");
        Assert.Equal("SO-2026-002", await _naming.NameAsync("SO-.YYYY.-.###"));
    }

    [Fact]
    public async Task NewYear_StartsOver()
    {
        await _naming.NameAsync("SO-.YYYY.-.###");
        _naming.Time = _naming.Time.AddYears(1);
        Assert.Equal("SO-2027-001", await _naming.NameAsync("SO-.YYYY.-.###"));
    }

    [Fact]
    public async Task Counter_IsFoundByTheTextBeforeIt()
    {
        await _naming.NameAsync("SO-.YYYY.-.###.-X");
        Assert.Equal("SO-2026-", Assert.Single(_naming.Counters).Key);
    }

    [Fact]
    public async Task NumberWiderThanItsDigits_IsWrittenWhole()
    {
        _naming.Counters["SO-"] = 99;
        Assert.Equal("SO-100", await _naming.NameAsync("SO-.##"));
    }

    [Theory]
    [InlineData(2025, 1, 1, 1)]
    [InlineData(2027, 1, 1, 0)] // ISO week 53 of 2026
    [InlineData(2024, 12, 30, 53)] // ISO week 1 of 2025
    [InlineData(2026, 12, 31, 53)]
    [InlineData(2023, 1, 1, 0)]
    public void Week_StaysInItsYear(int year, int month, int day, int expected) =>
        Assert.Equal(expected, SeriesDate.Week(new DateTime(year, month, day)));

    [Fact]
    public void Weeks_NeverGoBackWithinAYear()
    {
        for (var day = new DateTime(2000, 1, 2); day.Year < 2060; day = day.AddDays(1))
        {
            var step = SeriesDate.Week(day) - SeriesDate.Week(day.AddDays(-1));
            Assert.True(day is { Month: 1, Day: 1 } ? step < 0 : step is 0 or 1, $"{day:d}: {step}");
        }
    }

    [Theory]
    [InlineData("SO#####", "no dot")]
    [InlineData("SO-.YYYY-####", "write dots between")]
    [InlineData("SO-.<x>.##", "something other than letters")]
    [InlineData("SO-.{nothing}.##", "'{nothing}' is neither a field")]
    [InlineData("SO-.{customer.##", "braces")]
    [InlineData("SO-.}customer{.##", "braces")]
    [InlineData("SO-.{lines}.##", "'{lines}' is neither a field")]
    [InlineData("SO-.{tenant_id}.##", "'{tenant_id}' is neither a field")]
    public void BadSeries_StopsTheStartWithSourceAndReason(string series, string reason)
    {
        var error = Assert.Throws<DocTypeException>(() => NamingRule.Parse(TestNaming.Order(series)));
        Assert.StartsWith("order.json: Order cannot be named by", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NameThatWouldBeTooLong_CostsNoNumber()
    {
        _naming.With("customer", new string('x', 139));
        await Assert.ThrowsAsync<CharacterLengthExceededException>(async () => await _naming.NameAsync("{customer}.-.##"));
        Assert.Empty(_naming.Counters);
    }

    [Fact]
    public async Task FieldWithForbiddenText_CostsNoNumber()
    {
        _naming.With("customer", "<b>");
        await Assert.ThrowsAsync<NameException>(async () => await _naming.NameAsync("{customer}.-.##"));
        Assert.Empty(_naming.Counters);
    }

    [Fact]
    public async Task AnySeriesOfKnownParts_IsTheSumOfItsParts()
    {
        (string Part, string Text)[] parts = [("AB", "AB"), ("-", "-"), ("YYYY", "2026"), ("MM", "03"), ("{customer}", "Ada"), ("customer", "Ada"), ("/", "/"), ("", ""), ("WW", "10"), ("9", "9")];
        var random = new Random(20260307);
        for (var i = 0; i < 500; i++)
        {
            var before = random.GetItems(parts, random.Next(0, 5));
            var after = random.GetItems(parts, random.Next(0, 3));
            var width = random.Next(1, 9);
            var naming = new TestNaming().With("customer", "Ada");
            var series = string.Join('.', [.. before.Select(part => part.Part), new string('#', width), .. after.Select(part => part.Part)]);
            series = series.Contains('.') ? series : "." + series;

            var name = await naming.NameAsync(series);

            var prefix = string.Concat(before.Select(part => part.Text));
            Assert.Equal(prefix + "1".PadLeft(width, '0') + string.Concat(after.Select(part => part.Text)), name);
            Assert.Equal(prefix, Assert.Single(naming.Counters).Key);
            var rule = NamingRule.Parse(TestNaming.Order(series));
            Assert.Equal(new SeriesPosition(prefix, 1), rule.StepBack(name, naming.Value, naming.Now));
        }
    }

    [Fact]
    public void AnyText_IsReadOrRefusedWithAReason()
    {
        var random = new Random(7);
        const string Alphabet = "##..{}AY-YYYYMM <\0é";
        for (var i = 0; i < 2000; i++)
        {
            var text = new string(random.GetItems<char>(Alphabet, random.Next(0, 30)));
            try
            {
                NamePattern.OfSeries(text, _ => true);
                NamePattern.OfFormat(text, _ => true);
            }
            catch (FormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }
}
