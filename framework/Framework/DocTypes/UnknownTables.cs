using System.Collections.Immutable;

namespace Microservices.DocTypes;

/// <summary>
/// Published DocTypes hold tables of DocTypes that belong to another app: ERPNext's <c>Call Log</c> has rows of Frappe's own
/// <c>Dynamic Link</c>. A service that takes some files of an app serves them without such tables.
/// </summary>
public static class UnknownTables
{
    /// <summary>
    /// Leaves the tables out whose rows are of a DocType that is not in the set, or is no child DocType. DocTypes from classes stay as
    /// they are: there a missing class of rows is a slip, and <see cref="DocTypeChecks"/> tells it.
    /// </summary>
    /// <param name="docTypes">All DocTypes of the service.</param>
    /// <param name="report">Told of each table that was left out, in a sentence for the log.</param>
    public static IReadOnlyList<DocTypeDefinition> LeaveOut(IReadOnlyCollection<DocTypeDefinition> docTypes, Action<string> report)
    {
        var rows = docTypes.Where(docType => docType.IsTable).Select(docType => docType.Name).ToHashSet(StringComparer.Ordinal);
        return [.. docTypes.Select(docType => docType.DocumentClass is null ? docType with { Fields = Known(docType) } : docType)];

        ImmutableArray<FieldDefinition> Known(DocTypeDefinition docType) => docType.Fields.RemoveAll(field =>
        {
            var isUnknown = field.Type.IsTable && !rows.Contains(field.Options);
            if (isUnknown)
            {
                report($"{docType.Source}: '{field.Name}' is not served, because '{field.Options}' is not a child DocType of this service");
            }

            return isUnknown;
        });
    }
}
