using System.Globalization;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>How the documents of a DocType get their names.</summary>
/// <remarks>
/// Counters belong to a tenant and are found by the text before the number, in a series and in a <c>format:</c> rule alike: the format
/// <c>SO-{YYYY}-{####}</c> counts under <c>SO-2026-</c> and starts over each year. Two rules that make the same text before the number share
/// a counter. A counter steps within the transaction of the insert, so a refused document leaves no gap; a deleted one does, unless it is
/// the newest of its series (<see cref="StepBack"/>).
/// </remarks>
public abstract class NamingRule
{
    private readonly DocTypeDefinition _docType;

    private protected NamingRule(DocTypeDefinition docType) => _docType = docType;

    /// <summary>The DocType whose documents are named.</summary>
    private protected string DocType => _docType.Name;

    /// <summary>Whether the names are whole numbers.</summary>
    public virtual bool IsAutoincrement => false;

    /// <summary>The field that is the name, and follows it. Null: no field is.</summary>
    public virtual string? NameField => null;

    /// <summary>Whether an amendment gets the name of the amended document and a number.</summary>
    private protected virtual bool NamesAmendments => true;

    /// <summary>Reads the rule of a DocType.</summary>
    /// <exception cref="DocTypeException">The rule cannot be read, or needs a field that the DocType does not have.</exception>
    public static NamingRule Parse(DocTypeDefinition docType)
    {
        try
        {
            return Read(docType);
        }
        catch (FormatException error)
        {
            throw new DocTypeException(docType.Source, $"{docType.Name} cannot be named by '{docType.Autoname}': {error.Message}", innerException: error);
        }
    }

    /// <summary>Names a new document.</summary>
    /// <exception cref="ValidationException">What the rule needs is missing or malformed.</exception>
    /// <exception cref="NameException">The name is not allowed.</exception>
    /// <exception cref="CharacterLengthExceededException">The name is longer than 140 characters.</exception>
    public async ValueTask<string> NameAsync(NamingContext context, CancellationToken cancellationToken)
    {
        if (_docType.IsSingle)
        {
            return DocType;
        }

        var source = NamesAmendments && _docType.IsSubmittable ? context.Value(ImpliedFields.AmendedFrom) : null;
        var name = string.IsNullOrEmpty(source)
            ? await NextAsync(context, cancellationToken)
            : Amended(source, isAmendment: await context.AmendedFromOfAsync(source, cancellationToken) is { Length: > 0 });
        return DocumentName.Check(DocType, name);
    }

    /// <summary>
    /// Where a document that is being deleted stands in its series: when that counter is still at that number, the document is the
    /// newest, and the caller sets the counter one back, so that the next document fills the gap.
    /// </summary>
    /// <param name="name">The document's name.</param>
    /// <param name="value">A field of the document as text.</param>
    /// <param name="creation">When the document was created, UTC.</param>
    /// <returns>Null when the name was not made by a series, as that of an amendment or a renamed document.</returns>
    public SeriesPosition? StepBack(string name, Func<string, string?> value, DateTime creation) =>
        _docType.IsSubmittable && !string.IsNullOrEmpty(value(ImpliedFields.AmendedFrom)) ? null : Position(name, value, creation);

    private protected abstract ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken);

    private protected virtual SeriesPosition? Position(string name, Func<string, string?> value, DateTime creation) => null;

    private static NamingRule Read(DocTypeDefinition docType)
    {
        var rule = docType.Autoname;
        switch (rule.ToLowerInvariant())
        {
            case "" or "hash":
                return new HashRule(docType);
            case "autoincrement":
                return new AutoincrementRule(docType);
            case "uuid":
                return new UuidRule(docType);
            case "prompt":
                return new PromptRule(docType);
        }

        if (After("field:") is { } field)
        {
            return IsField(field) ? new FieldRule(docType, field) : throw new FormatException($"the DocType has no field '{field}'");
        }

        if (After("naming_series:") is not null)
        {
            return new NamingSeriesRule(docType, IsField);
        }

        if (After("format:") is { } format)
        {
            return new PatternRule(docType, NamePattern.OfFormat(format, IsField));
        }

        if (rule.Contains('#'))
        {
            return new PatternRule(docType, NamePattern.OfSeries(rule, IsField));
        }

        // Published files hold words that mean nothing to Frappe either; in a class they are a slip of its author.
        return docType.DocumentClass is null
            ? new HashRule(docType)
            : throw new FormatException("it is not a rule; a series needs # for its counter");

        string? After(string keyword) => rule.StartsWith(keyword, StringComparison.OrdinalIgnoreCase) ? rule[keyword.Length..].Trim() : null;

        bool IsField(string name) => docType.Fields.Any(declared => declared.Name == name && declared.Type.Kind is not ValueKind.None)
            || (StandardFields.Reserved.Contains(name) && name is not (StandardFields.Name or StandardFields.TenantId));
    }

    private static string Amended(string source, bool isAmendment)
    {
        var dash = source.LastIndexOf('-');
        return isAmendment && long.TryParse(source.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && dash > 0
            ? $"{source[..dash]}-{number + 1}"
            : $"{source}-1";
    }
}
