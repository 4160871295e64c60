using System.Collections.Frozen;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary><c>naming_series:</c>: the series that the document's field of that name holds, the field's first option when it is empty.</summary>
/// <remarks>As in Frappe, a client may send a series that is not among the options.</remarks>
internal sealed class NamingSeriesRule : NamingRule
{
    private const string Field = "naming_series";

    private readonly Func<string, bool> _isField;
    private readonly FrozenDictionary<string, NamePattern> _declared;
    private readonly string? _default;

    public NamingSeriesRule(DocTypeDefinition docType, Func<string, bool> isField) : base(docType)
    {
        var field = docType.Fields.FirstOrDefault(declared => declared.Name == Field)
            ?? throw new FormatException($"the DocType has no field '{Field}'");
        var options = field.Options.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _isField = isField;
        _declared = options.Distinct(StringComparer.Ordinal).ToFrozenDictionary(option => option, Pattern, StringComparer.Ordinal);
        _default = options.FirstOrDefault();
    }

    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken)
    {
        var series = Series(context.Value) ?? throw new ValidationException($"Naming Series is required: the {DocType} is named by '{Field}'");
        try
        {
            return PatternRule.NextAsync(DocType, PatternOf(series), context, cancellationToken);
        }
        catch (FormatException error)
        {
            throw new ValidationException($"Invalid naming series: {error.Message}");
        }
    }

    private protected override SeriesPosition? Position(string name, Func<string, string?> value, DateTime creation)
    {
        try
        {
            return Series(value) is { } series ? PatternRule.Position(PatternOf(series), name, value, creation) : null;
        }
        catch (FormatException)
        {
            return null; // The field was changed since, to something that never named a document.
        }
    }

    private string? Series(Func<string, string?> value) => value(Field)?.Trim() is { Length: > 0 } series ? series : _default;

    private NamePattern PatternOf(string series) => _declared.GetValueOrDefault(series) ?? Pattern(series);

    private NamePattern Pattern(string series) => NamePattern.OfSeries(series, _isField);
}
