using System.Text;
using Microservices.Data.Sessions;

namespace Microservices.Data.Queries;

/// <summary>A statement in the making: text, and values that only ever travel as parameters.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new(256);
    private readonly List<object?> _values = [];

    public ReadOnlyMemory<object?> Values => _values.ToArray();

    /// <summary>Parameters so far.</summary>
    public int Count => _values.Count;

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

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

    /// <summary>Appends a column of a table that may have an alias.</summary>
    public SqlText Column(string alias, string name)
    {
        if (alias.Length > 0)
        {
            _text.Append(alias).Append('.');
        }

        return Name(name);
    }

    /// <summary>Appends a parameter.</summary>
    public SqlText Value(object? value)
    {
        _text.Append(ParameterNames.At(_values.Count));
        _values.Add(value);
        return this;
    }

    /// <summary>Moves what was written from a position on to an earlier one. Parameters go by name, so their order in the text is free.</summary>
    public void MoveTail(int from, int to)
    {
        var tail = _text.ToString(from, _text.Length - from);
        _text.Length = from;
        _text.Insert(to, tail);
    }

    public override string ToString() => _text.ToString();
}
