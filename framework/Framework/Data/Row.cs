using System.Collections;

namespace Microservices.Data;

/// <summary>One row of a list that code asked for: values by column, in the order asked.</summary>
public sealed class Row : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    private readonly string[] _names;
    private readonly object?[] _values;

    internal Row(string[] names, object?[] values) => (_names, _values) = (names, values);

    /// <inheritdoc/>
    public int Count => _names.Length;

    /// <summary>A value: text, <see cref="long"/>, <see cref="bool"/>, <see cref="decimal"/>, <see cref="DateOnly"/>, <see cref="DateTime"/>, <see cref="TimeSpan"/> or null.</summary>
    /// <exception cref="ArgumentException">The list did not ask for this column.</exception>
    public object? this[string name] => Array.IndexOf(_names, name) is var index and >= 0
        ? _values[index]
        : throw new ArgumentException($"The row has no column '{name}'.", nameof(name));

    /// <summary>A value as its type, or the type's default for null.</summary>
    public T? Get<T>(string name) => this[name] is T value ? value : default;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        _names.Select((name, index) => KeyValuePair.Create(name, _values[index])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
