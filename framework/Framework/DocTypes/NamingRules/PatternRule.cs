namespace Microservices.DocTypes;

/// <summary>A series or a <c>format:</c> that the DocType fixes.</summary>
internal sealed class PatternRule(DocTypeDefinition docType, NamePattern pattern) : NamingRule(docType)
{
    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken) =>
        NextAsync(DocType, pattern, context, cancellationToken);

    private protected override SeriesPosition? Position(string name, Func<string, string?> value, DateTime creation) =>
        Position(pattern, name, value, creation);

    internal static async ValueTask<string> NextAsync(string docType, NamePattern pattern, NamingContext context, CancellationToken cancellationToken)
    {
        var (prefix, suffix) = pattern.Evaluate(context.Now, context.Value);
        if (pattern.Width == 0)
        {
            return prefix;
        }

        // A name that is refused for its text must not cost a number, nor make a counter under a key that is too long.
        DocumentName.Check(docType, pattern.Name(prefix, 0, suffix));
        return pattern.Name(prefix, await context.NextCounterAsync(prefix, cancellationToken), suffix);
    }

    internal static SeriesPosition? Position(NamePattern pattern, string name, Func<string, string?> value, DateTime creation)
    {
        var (prefix, suffix) = pattern.Evaluate(creation, value);
        return pattern.NumberIn(name, prefix, suffix) is { } number ? new SeriesPosition(prefix, number) : null;
    }
}
