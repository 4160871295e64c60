using System.Text.RegularExpressions;

namespace Microservices.DocTypes;

/// <summary>What the DocTypes of one service must hold together. All findings are told at once, so that one start shows them all.</summary>
/// <remarks>Links may point to DocTypes of other services; child rows stand in tables of their own document's service.</remarks>
public static partial class DocTypeChecks
{
    /// <summary>Checks a whole set.</summary>
    /// <exception cref="DocTypeException">Something is wrong; the exception lists all of it.</exception>
    public static void Check(IReadOnlyCollection<DocTypeDefinition> docTypes)
    {
        var findings = new List<string>();
        findings.AddRange(NameFindings(docTypes));
        foreach (var docType in docTypes)
        {
            findings.AddRange(OwnFindings(docType).Concat(TableFindings(docType, docTypes)).Select(finding => $"{docType.Source}: {finding}"));
            if (NamingFinding(docType) is { } naming)
            {
                findings.Add(naming);
            }
        }

        if (findings.Count > 0)
        {
            throw new DocTypeException(findings);
        }
    }

    // Databases do not tell letter case in the names of tables, and a slug has none.
    private static IEnumerable<string> NameFindings(IEnumerable<DocTypeDefinition> docTypes) =>
        from docType in docTypes
        group docType by Names.ToSlug(docType.Name) into same
        where same.Count() > 1
        let sources = string.Join(" and ", same.Select(docType => docType.Source))
        select same.Select(docType => docType.Name).Distinct(StringComparer.Ordinal).Count() == 1
            ? $"the DocType '{same.First().Name}' is declared more than once: in {sources}"
            : $"the DocTypes {string.Join(" and ", same.Select(docType => $"'{docType.Name}'"))} have the same path '{same.Key}': in {sources}";

    private static IEnumerable<string> OwnFindings(DocTypeDefinition docType)
    {
        if (docType.Name.Length > DeclarationRules.DocTypeNameLength)
        {
            yield return $"the name '{docType.Name}' has {docType.Name.Length} characters, and the longest is {DeclarationRules.DocTypeNameLength}";
        }

        if (docType.IsSingle && docType.IsTable)
        {
            yield return $"'{docType.Name}' is a single and a table, and can be one of them";
        }

        // Layout fields have no column, and ERPNext gives some of them names that no column could have.
        foreach (var field in docType.Fields.Where(field => field.Type.Kind is not ValueKind.None || field.Type.IsTable))
        {
            if (!FieldName.IsMatch(field.Name))
            {
                yield return $"'{field.Name}' is not a name for a field: it starts with a letter or '_' and holds letters a-z, digits and '_' only";
            }

            if (field.Name.Length > DeclarationRules.FieldNameLength)
            {
                yield return $"the field '{field.Name}' has {field.Name.Length} characters, and the longest is {DeclarationRules.FieldNameLength}";
            }
        }
    }

    private static IEnumerable<string> TableFindings(DocTypeDefinition docType, IReadOnlyCollection<DocTypeDefinition> docTypes)
    {
        foreach (var field in docType.Fields.Where(field => field.Type.IsTable))
        {
            if (docType.IsTable)
            {
                yield return $"the rows of '{docType.Name}' cannot have rows of their own: make '{field.Name}' something other than a table";
            }
            else if (docTypes.FirstOrDefault(candidate => candidate.Name == field.Options) is not { } rows)
            {
                yield return $"the rows of '{field.Name}' are of the DocType '{field.Options}', which is not here: add its file or class";
            }
            else if (!rows.IsTable)
            {
                yield return $"the rows of '{field.Name}' are of the DocType '{field.Options}', which is not a child DocType: set its istable";
            }
        }
    }

    private static string? NamingFinding(DocTypeDefinition docType)
    {
        try
        {
            NamingRule.Parse(docType);
            return null;
        }
        catch (DocTypeException error)
        {
            return error.Message;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex FieldName { get; }
}
