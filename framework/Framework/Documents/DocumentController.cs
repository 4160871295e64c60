namespace Microservices.Documents;

/// <summary>
/// Code of a DocType that comes from a JSON file: override the events that matter. The class is found at start-up by its name
/// (<c>SalesOrder</c> or <c>SalesOrderController</c> serves "Sales Order") or by <see cref="ControllerOfAttribute"/>. One instance serves one operation
/// and its constructor may take services.
/// </summary>
public abstract class DocumentController : DocumentEvents;

/// <summary>Names the DocType of a controller whose class name does not follow it, such as <c>POS Invoice</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ControllerOfAttribute(string docType) : Attribute
{
    /// <summary>The DocType's name.</summary>
    public string DocType { get; } = docType;
}
