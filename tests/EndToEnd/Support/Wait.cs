namespace Microservices.EndToEnd.Support;

/// <summary>Waits for what another process brings about, with a limit.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> complaint)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, complaint());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
