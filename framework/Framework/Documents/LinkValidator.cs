using System.Globalization;
using System.Numerics;
using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>
/// Checks that what a document and its rows link to is there, in this tenant: one statement for all links of a write. A link to a
/// DocType of another service is kept as text.
/// </summary>
internal static class LinkValidator
{
    private sealed record Link(Document Holder, DocField Field, DocType Target, string Value, int Row);

    private readonly record struct Found(string Name, bool IsCancelled);

    public static async ValueTask CheckAsync(TenantDb db, Document document, Document? before, CancellationToken cancellationToken)
    {
        var links = Links(db, document, before).ToList();
        if (links.Count == 0)
        {
            return;
        }

        var stored = await FindAsync(db, links, cancellationToken);
        foreach (var link in links)
        {
            var target = stored[link.Target].FirstOrDefault(target => target.Name == link.Value);
            target = target.Name is null ? stored[link.Target].FirstOrDefault(target => SqliteText.Compare(target.Name, link.Value) == 0) : target;
            if (target.Name is null)
            {
                throw new LinkValidationException($"Could not find {RowPrefix.Of(link.Row)}{link.Field.Definition.Caption}: {link.Value}");
            }

            if (target.IsCancelled && document.DocType!.Definition.IsSubmittable && document.DocStatus is not DocStatus.Cancelled && link.Field.Name != ImpliedFields.AmendedFrom)
            {
                throw new CancelledLinkException($"Cannot link cancelled document: {RowPrefix.Of(link.Row)}{link.Field.Definition.Caption}: {link.Value}");
            }

            if (target.Name != link.Value)
            {
                link.Field.Set(link.Holder, target.Name); // the spelling of the document that is linked to
            }
        }
    }

    private static IEnumerable<Link> Links(TenantDb db, Document document, Document? before)
    {
        foreach (var link in Of(document, before, 0))
        {
            yield return link;
        }

        foreach (var table in document.DocType!.Tables.Where(table => table.Child.Links.Length + table.Child.DynamicLinks.Length > 0))
        {
            var known = before is null ? [] : table.Rows(before).Cast<Document>().ToDictionary(row => row.Name, StringComparer.Ordinal);
            foreach (Document row in table.Rows(document))
            {
                foreach (var link in Of(row, known.GetValueOrDefault(row.Name), row.Idx))
                {
                    yield return link;
                }
            }
        }

        IEnumerable<Link> Of(Document holder, Document? stored, int row)
        {
            foreach (var field in holder.DocType!.Links)
            {
                if (db.DocTypes.Find(field.Definition.Options) is { Definition.IsVirtual: false } target && field.Get(holder) is string value && IsNew(value, field, stored))
                {
                    yield return new Link(holder, field, target, value, row);
                }
            }

            foreach (var (field, docTypeField) in holder.DocType.DynamicLinks)
            {
                if (field.Get(holder) is not string value)
                {
                    continue;
                }

                if (docTypeField.Get(holder) is not string docType)
                {
                    throw new ValidationException($"{RowPrefix.Of(row)}{docTypeField.Definition.Caption} must be set first");
                }

                if (db.DocTypes.Find(docType) is { Definition.IsVirtual: false } target && (IsNew(value, field, stored) || IsNew(docType, docTypeField, stored)))
                {
                    yield return new Link(holder, field, target, value, row);
                }
            }
        }
    }

    private static bool IsNew(string value, DocField field, Document? stored) => stored is null || !value.Equals(field.Get(stored) as string, StringComparison.Ordinal);

    private static async ValueTask<Dictionary<DocType, List<Found>>> FindAsync(TenantDb db, List<Link> links, CancellationToken cancellationToken)
    {
        var targets = links.GroupBy(link => link.Target).ToList();
        var sql = new SqlText();
        for (var i = 0; i < targets.Count; i++)
        {
            var values = targets[i].Select(link => link.Value).Distinct(StringComparer.Ordinal).ToList();
            sql.Append(i > 0 ? " union all " : "").Append("select ").Append(i.ToString(CultureInfo.InvariantCulture))
                .Append(",`name`,`docstatus` from ").Name(targets[i].Key.TableName).Append(" where `tenant_id`=").Value(db.Tenant.Id).Append(" and `name` in (");
            // Padded to a power of two: few shapes to prepare.
            for (var n = 0; n < BitOperations.RoundUpToPowerOf2((uint)values.Count); n++)
            {
                sql.Append(n > 0 ? "," : "").Value(values[Math.Min(n, values.Count - 1)]);
            }

            sql.Append(")");
        }

        var found = targets.ToDictionary(target => target.Key, _ => new List<Found>());
        await using var result = await db.UnitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
        while (result.Read())
        {
            found[targets[(int)result.Row.GetInt64(0)].Key].Add(new Found(result.Row.GetString(1), result.Row.GetInt64(2) == (long)DocStatus.Cancelled));
        }

        return found;
    }

    /// <summary>Refuses to delete or cancel what a document or row of this service still links to.</summary>
    /// <param name="db">The database.</param>
    /// <param name="document">The document.</param>
    /// <param name="action">What is refused, for the message.</param>
    /// <param name="submittedOnly">Whether only submitted documents hold it back.</param>
    /// <param name="cancellationToken">Ends the wait for a session.</param>
    /// <exception cref="LinkExistsException">Something links to it.</exception>
    public static async ValueTask CheckNothingLinksToAsync(TenantDb db, Document document, Message action, bool submittedOnly, CancellationToken cancellationToken)
    {
        var links = db.DocTypes.LinksTo(document.DocType!).Where(link => !link.Source.Definition.IsVirtual)
            .Select(link => (link.Source, link.Field, DocTypeField: (DocField?)null))
            .Concat(db.DocTypes.DynamicLinks.Select(link => (link.Source, link.Field, DocTypeField: (DocField?)link.DocTypeField)))
            .Where(link => link.Source.Definition.BuiltInOf.Length == 0 || link.DocTypeField is null)
            .ToList();
        if (links.Count == 0)
        {
            return;
        }

        var sql = new SqlText();
        for (var i = 0; i < links.Count; i++)
        {
            var (source, field, docTypeField) = links[i];
            var isRow = source.Definition.IsTable;
            sql.Append(i > 0 ? " union all " : "").Append("select * from (select ").Append(i.ToString(CultureInfo.InvariantCulture)).Append(",").Append(isRow ? "`parent`" : "`name`")
                .Append(" from ").Name(source.TableName).Append(" where `tenant_id`=").Value(db.Tenant.Id).Append(" and ").Name(field.Name).Append("=").Value(document.Name);
            sql.Append(submittedOnly ? " and `docstatus`=1" : "");
            if (docTypeField is not null)
            {
                sql.Append(" and ").Name(docTypeField.Name).Append("=").Value(document.DocType!.Name);
            }

            // The document itself and its own rows do not hold it back.
            if (isRow)
            {
                sql.Append(" and not (`parent`=").Value(document.Name).Append(" and `parenttype`=").Value(document.DocType!.Name).Append(")");
            }
            else if (source == document.DocType)
            {
                sql.Append(" and `name`<>").Value(document.Name);
            }

            sql.Append(" limit 1) as l").Append(i.ToString(CultureInfo.InvariantCulture));
        }

        await using var result = await db.UnitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
        if (result.Read())
        {
            var (source, field, _) = links[(int)result.Row.GetInt64(0)];
            throw new LinkExistsException(
                $"Cannot {action} {document.DocType!.Name} {document.Name}: {source.Name} {result.Row.GetString(1)} links to it by {field.Definition.Caption}");
        }
    }
}
