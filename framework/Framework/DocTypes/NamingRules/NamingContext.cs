namespace Microservices.DocTypes;

/// <summary>What a naming rule may ask of the document it names and of the tenant's counters.</summary>
public abstract class NamingContext
{
    /// <summary>The time of the insert, UTC.</summary>
    public abstract DateTime Now { get; }

    /// <summary>The name that the client asked for, its <c>name</c> or <c>__newname</c>. Null: none. Only the rules prompt and UUID look at it.</summary>
    public virtual string? RequestedName => null;

    /// <summary>The value of a declared or standard field as text; null when empty.</summary>
    public abstract string? Value(string field);

    /// <summary>
    /// Steps a counter of the tenant and returns its new value; the first value of a counter is 1. Part of the transaction of the
    /// insert: a rollback takes it back, so counters of this kind have no gaps but those of deleted documents.
    /// </summary>
    public abstract ValueTask<long> NextCounterAsync(string key, CancellationToken cancellationToken);

    /// <summary>The value of <c>amended_from</c> of a stored document of the same DocType; null when it has none, or is not there.</summary>
    public abstract ValueTask<string?> AmendedFromOfAsync(string name, CancellationToken cancellationToken);
}
