using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

/// <summary>A document to name, and the counters of a tenant.</summary>
internal sealed class TestNaming : NamingContext
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _amended = new(StringComparer.Ordinal);

    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public DateTime Time { get; set; } = new(2026, 3, 7, 9, 5, 1, 234, DateTimeKind.Utc);

    public string? Requested { get; set; }

    public override DateTime Now => Time;

    public override string? RequestedName => Requested;

    public override string? Value(string field) => _values.GetValueOrDefault(field);

    public override ValueTask<long> NextCounterAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Counters[key] = Counters.GetValueOrDefault(key) + 1);

    public override ValueTask<string?> AmendedFromOfAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_amended.GetValueOrDefault(name));

    public TestNaming With(string field, string? value)
    {
        _values[field] = value;
        return this;
    }

    public TestNaming WithAmendment(string name, string amendedFrom)
    {
        _amended[name] = amendedFrom;
        return this;
    }

    public static DocTypeDefinition Order(string autoname, params FieldDefinition[] fields) => new()
    {
        Name = "Order",
        Autoname = autoname,
        Source = "order.json",
        Fields = [.. fields, new() { Name = "customer" }, new() { Name = "lines", Type = FieldType.Table, Options = "Order Line" }],
    };

    public ValueTask<string> NameAsync(string autoname, params FieldDefinition[] fields) => NameAsync(Order(autoname, fields));

    public ValueTask<string> NameAsync(DocTypeDefinition docType) =>
        NamingRule.Parse(docType).NameAsync(this, TestContext.Current.CancellationToken);
}
