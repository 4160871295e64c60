using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Data.Queries;

/// <summary>Conditions on the place in a tree: by the <c>name</c> of a tree DocType, or by a Link to one.</summary>
internal static class TreeCondition
{
    /// <exception cref="DataException">The column is neither.</exception>
    /// <exception cref="PermissionException">The caller may see nothing of the tree.</exception>
    public static void Append(SqlText sql, QueryScope scope, ColumnRef column, string relation, string node, bool negated)
    {
        var tree = TreeOf(column);
        scope.RequireSight(tree);
        var isTextNull = negated && scope.Rules is ListRules.V1 && column.Field.Name != StandardFields.Name;
        column.AppendTo(sql.Append(isTextNull ? "(" : "")).Append(negated ? " not in (" : " in (");
        sql.Append("select n.`name` from ").Name(tree.TableName).Append(" x join ").Name(tree.TableName)
            .Append(" n on n.`tenant_id`=x.`tenant_id` and ").Append(relation switch
            {
                "ancestors of" => "n.`lft`<x.`lft` and n.`rgt`>x.`rgt`",
                "descendants of" => "n.`lft`>x.`lft` and n.`rgt`<x.`rgt`",
                _ => "n.`lft`>=x.`lft` and n.`rgt`<=x.`rgt`",
            })
            .Append(" where x.`tenant_id`=").Value(scope.TenantId).Append(" and x.`name`=").Value(node).Append(")");
        if (isTextNull)
        {
            column.AppendTo(sql.Append(" or ")).Append(" is null)");
        }
    }

    private static DocType TreeOf(ColumnRef column)
    {
        var tree = column.Field.Name == StandardFields.Name ? column.Source.DocType
            : column.Field.Definition.Type is FieldType.Link ? QueryScope.LinkTarget(column.Field)
            : null;
        return tree is { Definition.IsTree: true } ? tree : throw new DataException($"{column.Field.Name} is no place in a tree");
    }
}
