using System.Collections.Frozen;
using System.Globalization;
using Microservices.Data;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>
/// Names new documents by the rule of their DocType. Counters belong to the tenant and are counted in the transaction of the
/// document: a write that fails gives its number back, so a series has no gaps, and two writers of one series of one tenant wait for each other.
/// </summary>
internal sealed class DocumentNaming(DocTypeRegistry docTypes)
{
    private readonly FrozenDictionary<DocType, NamingRule> _rules = docTypes.All.ToFrozenDictionary(docType => docType, docType => NamingRule.Parse(docType.Definition));

    /// <summary>The name of a new document: the one it was given, where that is to be kept, or the one its DocType's rule makes.</summary>
    public ValueTask<string> NameAsync(TenantDb db, Document document, CancellationToken cancellationToken)
    {
        var docType = document.DocType!;
        if (!document.KeepsName || document.Name.Length == 0 || docType.Definition.IsSingle || IsAutoincrement(docType))
        {
            return _rules[docType].NameAsync(new Context(db, document), cancellationToken);
        }

        document.Name = DocumentName.Check(docType.Name, document.Name);
        KeepNameField(document);
        return ValueTask.FromResult(document.Name);
    }

    /// <summary>Whether the names of a DocType are whole numbers.</summary>
    public bool IsAutoincrement(DocType docType) => _rules[docType].IsAutoincrement;

    /// <summary>Where a field is the name, gives it the name again, whatever an update made of it: a document changes its name only by a rename.</summary>
    public void KeepNameField(Document document)
    {
        if (_rules[document.DocType!].NameField is { } field && document.DocType!.Column(field) is { } column)
        {
            column.Set(document, FieldValue.From(document.Name, column));
        }
    }

    /// <summary>Steps the counter back when the newest document of its series is deleted.</summary>
    public async ValueTask StepBackAsync(TenantDb db, Document document)
    {
        if (_rules[document.DocType!].StepBack(document.Name, field => TextOf(document, field), document.Creation) is { } newest)
        {
            await db.UnitOfWork.ExecuteAsync(
                "update `tabSeries` set `current`=`current`-1 where `tenant_id`=@p0 and `name`=@p1 and `current`=@p2",
                new object?[] { db.Tenant.Id, newest.Key, newest.Number });
        }
    }

    private static string? TextOf(Document document, string field) =>
        document.DocType!.Column(field) is { } column ? Convert.ToString(column.Get(document), CultureInfo.InvariantCulture) : null;

    private sealed class Context(TenantDb db, Document document) : NamingContext
    {
        public override DateTime Now { get; } = db.Now;

        public override string? RequestedName { get; } = document.Name.Length > 0 ? document.Name : null;

        public override string? Value(string field) => TextOf(document, field);

        public override async ValueTask<long> NextCounterAsync(string key, CancellationToken cancellationToken)
        {
            await using var result = await db.UnitOfWork.QueryAsync(db.UnitOfWork.Dialect.NextCounter, new object?[] { db.Tenant.Id, key }, cancellationToken);
            return result.Read() ? result.Row.GetInt64(0) : throw new InvalidOperationException("The counter did not answer.");
        }

        public override async ValueTask<string?> AmendedFromOfAsync(string name, CancellationToken cancellationToken) =>
            await db.GetValueAsync(document.DocType!.Name, name, "amended_from", cancellationToken) as string;
    }
}
