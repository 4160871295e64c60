namespace Orders;

[DocType(Naming = "field:item_code", Description = "What is sold.")]
[Permission("System Manager", Rights.All)]
[Permission("Sales Manager", Rights.All)]
[Permission("Sales User", Rights.Read)]
public sealed class Item : Document
{
    [Field(Required = true, Unique = true)]
    public string ItemCode { get; set; } = "";

    public string? ItemName { get; set; }
}
