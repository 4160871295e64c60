using Microservices.DocTypes;

namespace Microservices.Data;

/// <summary>A DocType's table in a query of one's own, limited to the tenant. Made by <see cref="TenantDb.Table"/>.</summary>
public sealed class TenantTable
{
    internal TenantTable(DocType docType, string alias) => (DocType, Alias) = (docType, alias);

    internal DocType DocType { get; }

    internal string Alias { get; }
}
