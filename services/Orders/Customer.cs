namespace Orders;

[DocType(Naming = "field:customer_name", Description = "Who buys.")]
[Permission("System Manager", Rights.All)]
[Permission("Sales Manager", Rights.All)]
[Permission("Sales User", Rights.Read | Rights.Write | Rights.Create)]
public sealed class Customer : Document
{
    [Field(Required = true, Unique = true)]
    public string CustomerName { get; set; } = "";

    [Field(Index = true)]
    public string? CustomerGroup { get; set; }

    public string? EmailId { get; set; }
}
