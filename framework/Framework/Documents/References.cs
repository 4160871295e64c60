using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>Every place in the tables of this service that holds the name of a document of one DocType, and the statements that change them.</summary>
internal static class References
{
    // Of the framework's own DocTypes: the fields that name a document without being Link fields, and whether a record goes with its document.
    private static readonly (string DocTypeField, string NameField, bool GoesAlong)[] s_attached =
    [
        ("ref_doctype", "docname", true),
        ("reference_doctype", "reference_name", true),
        ("document_type", "document_name", true),
        ("share_doctype", "share_name", true),
        ("attached_to_doctype", "attached_to_name", true),
        ("allow", "for_value", false),
    ];

    /// <summary>A column that holds names, of the DocType that another column says; null: of one DocType only.</summary>
    private readonly record struct Place(DocType Source, string Field, string? DocTypeField);

    // The only records that are more than a row: their bytes go by the events of their deletion.
    private const string FileDocType = "File";

    /// <summary>Makes everything that points to one document point to another.</summary>
    public static async ValueTask RepointAsync(TenantDb db, DocType target, string from, string to)
    {
        foreach (var (source, field, docTypeField) in Places(db.DocTypes, target))
        {
            var (table, column) = (SqlDialect.Quote(source.TableName), SqlDialect.Quote(field));
            var sql = $"update {table} set {column}=@p0 where `tenant_id`=@p1 and {column}=@p2";
            await (docTypeField is null
                ? db.UnitOfWork.ExecuteAsync(sql, new object?[] { to, db.Tenant.Id, from })
                : db.UnitOfWork.ExecuteAsync($"{sql} and {SqlDialect.Quote(docTypeField)}=@p3", new object?[] { to, db.Tenant.Id, from, target.Name }));
        }
    }

    /// <summary>Deletes the shares of a document that is merged into another: they were given for this one, by who may not be allowed to share the other.</summary>
    public static async ValueTask DeleteSharesAsync(TenantDb db, DocType target, string name) =>
        await db.UnitOfWork.ExecuteAsync("delete from `tabDocShare` where `tenant_id`=@p0 and `share_doctype`=@p1 and `share_name`=@p2", new object?[] { db.Tenant.Id, target.Name, name });

    /// <summary>Deletes what hangs on a document that goes: its comments, versions, tags and shares.</summary>
    public static async ValueTask DeleteAttachedAsync(TenantDb db, DocType target, string name, CancellationToken cancellationToken)
    {
        var places = Attached(db.DocTypes).Where(place => place.GoesAlong).Select(place => place.Place).ToList();
        // Most documents have none of them: one question finds that out.
        var question = string.Join(" union all ", places.Select((place, i) => $"select {i} from (select 1 as `x` {Rows(place)} limit 1) as `t{i}`"));
        var found = new List<Place>();
        var values = new object?[] { db.Tenant.Id, name, target.Name };
        await using (var result = await db.UnitOfWork.QueryAsync(question, values, cancellationToken))
        {
            while (result.Read())
            {
                found.Add(places[(int)result.Row.GetInt64(0)]);
            }
        }

        foreach (var place in found)
        {
            if (place.Source.Name == FileDocType)
            {
                await DeleteFilesAsync(db, place, target, name, cancellationToken);
            }
            else
            {
                await db.UnitOfWork.ExecuteAsync("delete " + Rows(place), values);
            }
        }

        static string Rows(Place place) =>
            $"from {SqlDialect.Quote(place.Source.TableName)} where `tenant_id`=@p0 and {SqlDialect.Quote(place.Field)}=@p1 and {SqlDialect.Quote(place.DocTypeField!)}=@p2";
    }

    private static async ValueTask DeleteFilesAsync(TenantDb db, Place place, DocType target, string name, CancellationToken cancellationToken)
    {
        var files = await db.GetAllAsync(
            FileDocType, new() { Filters = [new(place.Field, name), new(place.DocTypeField!, target.Name)], Limit = int.MaxValue }, cancellationToken);
        foreach (var file in files)
        {
            await db.DeleteAsync(FileDocType, (string)file["name"]!, ignorePermissions: true, cancellationToken);
        }
    }

    private static IEnumerable<Place> Places(DocTypeRegistry docTypes, DocType target) =>
        docTypes.LinksTo(target).Where(link => !link.Source.Definition.IsVirtual).Select(link => new Place(link.Source, link.Field.Name, null))
            .Concat(docTypes.DynamicLinks.Select(link => new Place(link.Source, link.Field.Name, link.DocTypeField.Name)))
            .Concat(Attached(docTypes).Select(attached => attached.Place))
            .Distinct();

    private static IEnumerable<(Place Place, bool GoesAlong)> Attached(DocTypeRegistry docTypes) =>
        from source in docTypes.All
        where source.Definition.BuiltInOf.Length > 0
        from fields in s_attached
        where source.Column(fields.DocTypeField) is not null && source.Column(fields.NameField) is not null
        select (new Place(source, fields.NameField, fields.DocTypeField), fields.GoesAlong);
}
