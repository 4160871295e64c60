using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microservices.Data.Dialects;
using Microservices.Data.Sessions;
using Microservices.DocTypes;

namespace Microservices.Data;

/// <summary>The statements of one DocType, written once. The tenant is always the first parameter.</summary>
internal sealed class DocTypeSql
{
    /// <summary>Most rows that one INSERT carries; longer tables go in several, so that statements stay few in shape.</summary>
    public const int MaxRowsPerInsert = 64;

    private static readonly ConditionalWeakTable<DocType, DocTypeSql> s_all = new();
    private readonly DocType _docType;
    private readonly string _table;
    private readonly ConcurrentDictionary<int, string> _inserts = new();

    private DocTypeSql(DocType docType)
    {
        _docType = docType;
        _table = SqlDialect.Quote(docType.TableName);
        Columns = string.Join(',', docType.Columns.Select(column => SqlDialect.Quote(column.Name)));
        SelectOne = $"select {Columns} from {_table} where `tenant_id`=@p0 and `name`=@p1";
        Delete = $"delete from {_table} where `tenant_id`=@p0 and `name`=@p1 and `modified`=@p2";
        if (docType.Definition.IsTable)
        {
            SelectRows = $"select {Columns} from {_table} where `tenant_id`=@p0 and `parent`=@p1 and `parenttype`=@p2 and `parentfield`=@p3 order by `idx`, `name`";
            DeleteRows = $"delete from {_table} where `tenant_id`=@p0 and `parent`=@p1 and `parenttype`=@p2 and `parentfield`=@p3";
            DeleteRow = $"{DeleteRows} and `name`=@p4";
        }
    }

    public static DocTypeSql Of(DocType docType) => s_all.GetValue(docType, static docType => new DocTypeSql(docType));

    /// <summary>All columns, in the order of <see cref="DocType.Columns"/>.</summary>
    public string Columns { get; }

    /// <summary>One document: tenant, name.</summary>
    public string SelectOne { get; }

    /// <summary>Deletes one document in the state that was read: tenant, name, modified.</summary>
    public string Delete { get; }

    /// <summary>The rows of one table of one document: tenant, parent, parenttype, parentfield.</summary>
    public string SelectRows { get; } = "";

    /// <summary>Deletes those rows.</summary>
    public string DeleteRows { get; } = "";

    /// <summary>Deletes one of those rows: and name.</summary>
    public string DeleteRow { get; } = "";

    /// <summary>The statement that inserts a number of rows: for each the tenant, then its columns.</summary>
    public string Insert(int rows) => _inserts.GetOrAdd(rows, static (rows, self) =>
    {
        var width = self._docType.Columns.Length + 1;
        var tuples = Enumerable.Range(0, rows).Select(row => "(" + string.Join(',', Enumerable.Range(row * width, width).Select(ParameterNames.At)) + ")");
        return $"insert into {self._table} (`tenant_id`,{self.Columns}) values {string.Join(',', tuples)}";
    }, this);

    /// <summary>The statement that changes some columns of one document in the state that was read: the columns' values, tenant, name, modified.</summary>
    public string Update(IReadOnlyList<DocField> changed)
    {
        var sets = changed.Select((column, i) => $"{SqlDialect.Quote(column.Name)}={ParameterNames.At(i)}");
        var next = changed.Count;
        return $"update {_table} set {string.Join(',', sets)} where `tenant_id`={ParameterNames.At(next)} and `name`={ParameterNames.At(next + 1)} and `modified`={ParameterNames.At(next + 2)}";
    }

    /// <summary>Splits a number of rows into INSERTs of a power of two each, so that there are few shapes to prepare.</summary>
    public static IEnumerable<int> Chunks(int rows)
    {
        while (rows > 0)
        {
            var chunk = Math.Min(MaxRowsPerInsert, 1 << BitOperations.Log2((uint)rows));
            yield return chunk;
            rows -= chunk;
        }
    }
}
