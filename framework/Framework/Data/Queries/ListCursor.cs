using System.Buffers.Text;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>
/// A place in a list: the values of its order in the last row of a page. It is bound to the DocType, the order and the tenant. It
/// grants nothing: what it points past is still looked up with the tenant and the permissions of whoever sends it.
/// </summary>
internal sealed class ListCursor
{
    private const int MaxLength = 8192;

    private readonly OrderKey[] _keys;
    private readonly string _binding;

    /// <summary>The cursors of an order. The name is made its last key, so that no two rows are in the same place.</summary>
    /// <exception cref="DataException">The order is not one of columns of the listed DocType that are short enough to travel.</exception>
    public ListCursor(QueryScope scope, OrderKey[] keys)
    {
        var root = scope.Root;
        if (Array.Exists(keys, key => key.Column is not { } column || column.Source != root || column.Field.Kind is ValueKind.LongText or ValueKind.Json))
        {
            throw new DataException($"A cursor needs an order of short fields of {root.DocType.Name} itself");
        }

        var isNamed = Array.FindIndex(keys, key => key.Column!.Value.Field == root.DocType.NameField);
        _keys = isNamed >= 0 ? keys[..(isNamed + 1)] : [.. keys, new OrderKey(new ColumnRef(root, root.DocType.NameField), null, keys[^1].IsDescending)];
        var order = string.Join(',', _keys.Select(key => $"{key.Column!.Value.Field.Name} {key.IsDescending}"));
        _binding = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope.TenantId}\n{root.DocType.Name}\n{order}")).AsSpan(0, 8));
    }

    /// <summary>The order, whose values are selected after the columns of the answer.</summary>
    public IReadOnlyList<OrderKey> Keys => _keys;

    /// <summary>The cursor of the current row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">Where the values of the order begin in it.</param>
    /// <param name="dialect">How they are read.</param>
    public string After(DbDataReader row, int first, SqlDialect dialect)
    {
        var parts = new string?[_keys.Length + 1];
        parts[0] = _binding;
        for (var i = 0; i < _keys.Length; i++)
        {
            parts[i + 1] = dialect.Read(row, first + i, _keys[i].Column!.Value.Field.Kind) switch
            {
                null => null,
                DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
                DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                TimeSpan time => time.ToString(@"hh\:mm\:ss\.ffffff", CultureInfo.InvariantCulture),
                bool flag => flag ? "1" : "0",
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
        }

        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));
    }

    /// <summary>Appends the condition of the rows that come after a cursor, written so that an index on the order serves it.</summary>
    /// <exception cref="DataException">It is no cursor of this list.</exception>
    public void AppendAfter(SqlText sql, string cursor)
    {
        var values = Read(cursor);
        var (first, value) = (_keys[0], values[0]);
        if (value is not null && (!first.IsDescending || IsNeverNull(first)))
        {
            // The range of the first key bounds what is read; the rest says where in it to begin.
            first.Column!.Value.AppendTo(sql.Append(" and ")).Append(first.IsDescending ? "<=" : ">=").Value(value);
        }

        sql.Append(" and (");
        for (var i = 0; i < _keys.Length; i++)
        {
            sql.Append(i > 0 ? " or (" : "(");
            for (var j = 0; j < i; j++)
            {
                AppendEqual(sql, _keys[j], values[j]);
                sql.Append(" and ");
            }

            AppendBeyond(sql, _keys[i], values[i]);
            sql.Append(")");
        }

        sql.Append(")");
    }

    private static void AppendEqual(SqlText sql, OrderKey key, object? value)
    {
        key.Column!.Value.AppendTo(sql);
        _ = value is null ? sql.Append(" is null") : sql.Append("=").Value(value);
    }

    // NULL comes first when ascending and last when descending, on both databases.
    private static void AppendBeyond(SqlText sql, OrderKey key, object? value)
    {
        var column = key.Column!.Value;
        switch (value)
        {
            case null when key.IsDescending:
                sql.Append("1=0");
                break;
            case null:
                column.AppendTo(sql).Append(" is not null");
                break;
            case not null when key.IsDescending && !IsNeverNull(key):
                column.AppendTo(column.AppendTo(sql.Append("(")).Append("<").Value(value).Append(" or ")).Append(" is null)");
                break;
            default:
                column.AppendTo(sql).Append(key.IsDescending ? "<" : ">").Value(value);
                break;
        }
    }

    private static bool IsNeverNull(OrderKey key) =>
        key.Column!.Value.Field is { Name: StandardFields.Name or StandardFields.Creation or StandardFields.Modified } or { Definition.Type.IsNeverNull: true };

    private object?[] Read(string cursor)
    {
        string?[]? parts = null;
        if (cursor.Length <= MaxLength && Base64Url.IsValid(cursor))
        {
            try
            {
                parts = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor));
            }
            catch (JsonException)
            {
                // Told below.
            }
        }

        if (parts is null || parts.Length != _keys.Length + 1 || parts[0] != _binding)
        {
            throw new DataException("The cursor is not one of this list: begin again with an empty cursor");
        }

        var values = new object?[_keys.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = parts[i + 1] is { } text ? FieldValue.From(text, _keys[i].Column!.Value.Field) : null;
        }

        return values[^1] is null ? throw new DataException("The cursor is not one of this list: begin again with an empty cursor") : values;
    }
}
