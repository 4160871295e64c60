namespace Microservices.Gateway.Tests.Support;

/// <summary>Waits for a condition, with a limit that only a defect reaches.</summary>
public static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (!await condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    public static Task<T> ForAsync<T>(TaskCompletionSource<T> source) => source.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
