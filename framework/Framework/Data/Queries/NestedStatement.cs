using Microservices.DocTypes;

namespace Microservices.Data.Queries;

/// <summary>The one query for the child rows of a page of documents.</summary>
internal static class NestedStatement
{
    /// <summary>The rows in order; the first column is the document's name, the others are those asked for.</summary>
    public static SqlText Build(TenantDb db, DocType docType, NestedRows rows, IReadOnlyList<string> names)
    {
        var sql = new SqlText().Append("select ").Name(StandardFields.Parent);
        foreach (var column in rows.Columns)
        {
            sql.Append(",").Name(column.Name);
        }

        sql.Append(" from ").Name(rows.Table.Child.TableName)
            .Append(" where ").Name(StandardFields.TenantId).Append("=").Value(db.Tenant.Id)
            .Append(" and ").Name(StandardFields.ParentType).Append("=").Value(docType.Name)
            .Append(" and ").Name(StandardFields.ParentField).Append("=").Value(rows.Table.Name)
            .Append(" and ").Name(StandardFields.Parent).Append(" in (");
        for (var i = 0; i < names.Count; i++)
        {
            sql.Append(i > 0 ? "," : "").Value(names[i]);
        }

        return sql.Append(") order by ").Name(StandardFields.Parent).Append(",").Name(StandardFields.Idx).Append(",").Name(StandardFields.Name);
    }
}
