namespace Microservices.DocTypes;

/// <summary>An object whose fields are described by a <see cref="DocType"/>: the values that no property of its class holds.</summary>
public abstract class FieldBag
{
    /// <summary>Values of fields without a property, by slot.</summary>
    internal object?[] Slots { get; set; } = [];
}
