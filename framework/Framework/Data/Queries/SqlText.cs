using System.Text;
using Microservices.Data.Sessions;

namespace Microservices.Data.Queries;

/// <summary>A statement in the making: text, and values that only ever travel as parameters.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new(256);
    private readonly List<object?> _values = [];

    public ReadOnlyMemory<object?> Values => _values.ToArray();

    public SqlText Append(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Appends a name as an identifier.</summary>
    public SqlText Name(string identifier)
    {
        _text.Append('`');
        foreach (var character in identifier)
        {
            _text.Append(character).Append(character == '`' ? "`" : "");
        }

        _text.Append('`');
        return this;
    }

    /// <summary>Appends a parameter.</summary>
    public SqlText Value(object? value)
    {
        _text.Append(ParameterNames.At(_values.Count));
        _values.Add(value);
        return this;
    }

    public override string ToString() => _text.ToString();
}
