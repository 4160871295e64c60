namespace Orders;

[DocType("Selling Settings", IsSingle = true, Description = "What a tenant sells by.")]
[Permission("System Manager", Rights.All)]
[Permission("Sales Manager", Rights.Read | Rights.Write)]
[Permission("Sales User", Rights.Read)]
public sealed class SellingSettings : Document
{
    [Field(Default = "EUR", Length = 64)]
    public string DefaultCurrency { get; set; } = "EUR";
}
