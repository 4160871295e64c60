using Microservices.Data.Dialects;

namespace Central.Limits;

/// <summary>
/// Tries again what the database gave up for another's sake, a deadlock or a lock that was held too long. What fails every time fails: it is
/// answered 503, and nothing passes uncounted.
/// </summary>
internal static class BusyRetry
{
    private const int Attempts = 3;

    /// <summary>Runs work that is a transaction of its own.</summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (DatabaseException exception) when (exception.Fault.Kind is FaultKind.Busy && attempt < Attempts)
            {
                // The transaction was undone as a whole.
            }
        }
    }
}
