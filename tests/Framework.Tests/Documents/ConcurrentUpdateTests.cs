using System.Globalization;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>Several callers change one document at the same time: with <c>modified</c> sent, no change is lost.</summary>
public sealed class ConcurrentUpdateTests(JourneyService journeys) : IClassFixture<JourneyService>
{
    private const int Callers = 6;
    private const int Changes = 5;
    private const string Path = JourneyService.Path + "/J-001";

    private readonly TestCaller _caller = journeys.NewTenant();

    [Fact]
    public async Task ChangesUnderTheLock_AreAllKept()
    {
        await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g" }));

        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var done = 0; done < Changes;)
            {
                var seen = (await _caller.GetAsync(Path)).Data;
                var answer = await _caller.PutAsync(Path, new { miles = seen.GetProperty("miles").GetInt32() + 1, modified = seen.GetProperty("modified").GetString() });
                if (answer.Status == 200)
                {
                    done++;
                }
                else
                {
                    Assert.True(answer.Status is 417 && answer.ErrorType == "TimestampMismatchError", answer.Text);
                    Interlocked.Increment(ref refused);
                }
            }
        })));

        Assert.Equal(Callers * Changes, (await _caller.GetAsync(Path)).Data.GetProperty("miles").GetInt32());
    }

    [Fact]
    public async Task ManyWithTheSameModified_OneWins()
    {
        var created = await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g" }));
        var modified = created.Data.GetProperty("modified").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => _caller.PutAsync(Path, new { miles = i + 1, modified }))));

        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(winner.Data.GetProperty("miles").GetInt32(), (await _caller.GetAsync(Path)).Data.GetProperty("miles").GetInt32());
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal("TimestampMismatchError", answer.ErrorType));
    }

    [Fact]
    public async Task ChangesWithoutTheLock_AreWholeAndInTurn()
    {
        await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g" }));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            _caller.PutAsync(Path, new { miles = i, diary = i.ToString(CultureInfo.InvariantCulture), stops = Enumerable.Range(0, i).Select(_ => new { place = $"{i}" }) }))));

        Assert.All(answers, answer => Assert.True(answer.Status == 200, answer.Text));
        Assert.Equal(20, answers.Select(answer => answer.Data.GetProperty("modified").GetString()).Distinct().Count());
        var stored = (await _caller.GetAsync(Path)).Data;
        var miles = stored.GetProperty("miles").GetInt32();
        Assert.Equal($"{miles}", stored.GetProperty("diary").GetString());
        Assert.Equal(miles, stored.GetProperty("stops").GetArrayLength());
        Assert.All(stored.GetProperty("stops").EnumerateArray(), stop => Assert.Equal($"{miles}", stop.GetProperty("place").GetString()));
    }

    [Fact]
    public async Task SubmitCancelAndDeleteAtOnce_HappenOnce()
    {
        await Isolation.Bank.Created(_caller.PostAsync(JourneyService.Path, new { goal = "g" }));

        Assert.Equal(1, await WinnersAsync(i => _caller.PutAsync(Path, new { docstatus = 1, goal = $"submitted by {i}" })));
        Assert.Equal(1, await WinnersAsync(_ => _caller.PutAsync(Path, new { docstatus = 2 })));
        Assert.Equal(1, await WinnersAsync(_ => _caller.DeleteAsync(Path)));
    }

    private static async Task<int> WinnersAsync(Func<int, Task<Answer>> request)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => request(i))));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 202 or 404 or 417, answer.Text));
        return answers.Count(answer => answer.Status < 300);
    }
}
