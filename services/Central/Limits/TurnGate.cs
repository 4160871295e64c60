namespace Central.Limits;

/// <summary>
/// Lets the holders of one key pass one after the other, so that guesses sent at the same time are counted one by one, and right
/// passwords sent at the same time all pass.
/// </summary>
internal sealed class TurnGate
{
    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    /// <summary>Waits for the key's turn, until the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(key, out turn!))
            {
                _turns.Add(key, turn = new Turn(this, key));
            }

            turn.Holders++;
        }

        try
        {
            await turn.Gate.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Holders == 0)
            {
                _turns.Remove(turn.Key);
            }
        }
    }

    private sealed class Turn(TurnGate owner, string key) : IDisposable
    {
        public readonly SemaphoreSlim Gate = new(1);

        public int Holders;

        public string Key => key;

        public void Dispose()
        {
            Gate.Release();
            owner.Leave(this);
        }
    }
}
