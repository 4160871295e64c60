using System.Runtime.CompilerServices;
using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>Copies values of linked documents into fields with <c>fetch_from</c>, on every write: one query for each link that is fetched from.</summary>
internal static class FetchFrom
{
    /// <summary>One field that is fetched: from which column of the document that a link names.</summary>
    private sealed record Fetch(DocField Target, DocField Source);

    private sealed record Plan(DocField Link, DocType Linked, Fetch[] Fetches);

    private static readonly ConditionalWeakTable<DocType, Plan[]> s_plans = new();

    public static async ValueTask ApplyAsync(TenantDb db, Document document, CancellationToken cancellationToken)
    {
        await ApplyToAsync(db, document, document.DocStatus, cancellationToken);
        foreach (var table in document.DocType!.Tables)
        {
            if (PlansOf(db, table.Child).Length > 0)
            {
                foreach (Document row in table.Rows(document))
                {
                    await ApplyToAsync(db, row, document.DocStatus, cancellationToken);
                }
            }
        }
    }

    private static async ValueTask ApplyToAsync(TenantDb db, Document document, DocStatus status, CancellationToken cancellationToken)
    {
        foreach (var plan in PlansOf(db, document.DocType!))
        {
            var wanted = plan.Fetches.Where(fetch => IsWanted(fetch.Target, document, status)).ToList();
            if (wanted.Count == 0 || plan.Link.Get(document) is not string name)
            {
                continue;
            }

            var sql = new SqlText().Append("select ");
            for (var i = 0; i < wanted.Count; i++)
            {
                sql.Append(i > 0 ? "," : "").Name(wanted[i].Source.Name);
            }

            sql.Append(" from ").Name(plan.Linked.TableName).Append(" where `tenant_id`=").Value(db.Tenant.Id).Append(" and `name`=").Value(name);
            await using var result = await db.UnitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
            if (result.Read())
            {
                for (var i = 0; i < wanted.Count; i++)
                {
                    var value = db.UnitOfWork.Dialect.Read(result.Row, i, wanted[i].Source.Kind);
                    wanted[i].Target.Set(document, FieldValue.From(value, wanted[i].Target));
                }
            }
        }
    }

    private static bool IsWanted(DocField field, Document document, DocStatus status) =>
        (!field.Definition.FetchIfEmpty || Equals(FieldValue.From(field.Get(document), field), FieldValue.Empty(field)))
        && (status is DocStatus.Draft || (status is DocStatus.Submitted && (document.IsNew || field.Definition.AllowOnSubmit)));

    private static Plan[] PlansOf(TenantDb db, DocType docType) => s_plans.GetValue(docType, docType => Compile(db.DocTypes, docType));

    // What names no Link of this service, or a password, fetches nothing: published DocTypes hold such leftovers.
    private static Plan[] Compile(DocTypeRegistry docTypes, DocType docType) =>
    [
        .. from target in docType.Columns
        let parts = target.Definition.FetchFrom.Split('.', 2, StringSplitOptions.TrimEntries)
        where parts.Length == 2
        let link = docType.Links.FirstOrDefault(link => link.Name == parts[0])
        where link is not null
        let linked = docTypes.Find(link.Definition.Options)
        where linked is not null && !linked.Definition.IsVirtual
        let source = linked.Column(parts[1])
        where source is not null && source.Definition.Type is not FieldType.Password
        group new Fetch(target, source) by (link, linked) into fetches
        select new Plan(fetches.Key.link, fetches.Key.linked, [.. fetches]),
    ];
}
