namespace Orders;

[DocType("Sales Order", Naming = "SO-.YYYY.-.#####", IsSubmittable = true, Description = "What a customer has ordered.")]
[Permission("System Manager", Rights.All)]
[Permission("Sales Manager", Rights.All)]
[Permission("Sales User", Rights.Read | Rights.Write | Rights.Create)]
public sealed class SalesOrder : Document
{
    [Field(Required = true, Index = true), Link("Customer")]
    public string Customer { get; set; } = "";

    [Field(Default = "Today", Index = true)]
    public DateOnly? OrderDate { get; set; }

    [Field(Default = "Draft", Index = true, AllowOnSubmit = true), Select("Draft", "Confirmed", "Shipped", "Cancelled")]
    public string? Status { get; set; }

    /// <summary>Empty: that of the tenant's selling settings.</summary>
    [Field(Length = 64)]
    public string? Currency { get; set; }

    [Field(AllowOnSubmit = true), Text]
    public string? Remarks { get; set; }

    [Field(ReadOnly = true), Currency]
    public decimal GrandTotal { get; set; }

    [Field(Required = true), Table]
    public List<SalesOrderItem> Items { get; set; } = [];

    protected override async ValueTask Validate(DocumentContext context)
    {
        if (string.IsNullOrEmpty(Currency))
        {
            Currency = (await context.Db.GetSingleAsync<SellingSettings>(context.CancellationToken)).DefaultCurrency;
        }

        foreach (var item in Items)
        {
            item.Amount = item.Qty * item.Rate;
        }

        GrandTotal = Items.Sum(item => item.Amount);
    }
}

[DocType("Sales Order Item")]
public sealed class SalesOrderItem : Document
{
    [Field(Required = true), Link("Item")]
    public string ItemCode { get; set; } = "";

    [Field(Default = "1", NonNegative = true)]
    public decimal Qty { get; set; }

    [Field(NonNegative = true), Currency]
    public decimal Rate { get; set; }

    [Field(ReadOnly = true), Currency]
    public decimal Amount { get; set; }
}
