namespace Microservices.Framework.Tests.Support;

/// <summary>Waits for what other threads bring about, with a limit.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It never came true that {what}.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
