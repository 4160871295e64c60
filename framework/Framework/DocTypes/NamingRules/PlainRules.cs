using System.Globalization;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary><c>hash</c>: a name without meaning; of a DocType that every service has, after the name of the service.</summary>
internal sealed class HashRule(DocTypeDefinition docType) : NamingRule(docType)
{
    private readonly string _prefix = docType.BuiltInOf.Length > 0 ? docType.BuiltInOf + "-" : "";

    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_prefix + HashName.Create(context.Now));
}

/// <summary><c>autoincrement</c>: the next whole number of the DocType, amendments included.</summary>
internal sealed class AutoincrementRule(DocTypeDefinition docType) : NamingRule(docType)
{
    public override bool IsAutoincrement => true;

    private protected override bool NamesAmendments => false;

    // A colon cannot stand in a series, so no series shares the counter.
    private protected override async ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken) =>
        (await context.NextCounterAsync("autoincrement:" + DocType, cancellationToken)).ToString(CultureInfo.InvariantCulture);
}

/// <summary><c>UUID</c>: the client's own, or a new one of version 7.</summary>
/// <remarks>RFC 9562 section 5.7.</remarks>
internal sealed class UuidRule(DocTypeDefinition docType) : NamingRule(docType)
{
    private protected override bool NamesAmendments => false;

    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(context.RequestedName))
        {
            var now = new DateTimeOffset(DateTime.SpecifyKind(context.Now, DateTimeKind.Utc));
            return ValueTask.FromResult(Guid.CreateVersion7(now).ToString());
        }

        return Guid.TryParse(context.RequestedName, out var requested)
            ? ValueTask.FromResult(requested.ToString())
            : throw new ValidationException($"The name of a {DocType} must be a UUID");
    }
}

/// <summary><c>prompt</c>: what the client says.</summary>
internal sealed class PromptRule(DocTypeDefinition docType) : NamingRule(docType)
{
    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(context.RequestedName)
            ? throw new ValidationException($"Please set the name of the {DocType}: send it as 'name'")
            : ValueTask.FromResult(context.RequestedName);
}

/// <summary><c>field:x</c>: the value of a field.</summary>
internal sealed class FieldRule(DocTypeDefinition docType, string nameField) : NamingRule(docType)
{
    public override string NameField => nameField;

    private protected override ValueTask<string> NextAsync(NamingContext context, CancellationToken cancellationToken)
    {
        var value = context.Value(nameField);
        return string.IsNullOrWhiteSpace(value)
            ? throw new ValidationException($"{Names.ToTitle(nameField)} is required: the {DocType} is named by '{nameField}'")
            : ValueTask.FromResult(value);
    }
}
