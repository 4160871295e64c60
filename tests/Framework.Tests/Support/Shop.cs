using Microservices.Documents;
using Microservices.DocTypes;

namespace Microservices.Framework.Tests.Support;

/// <summary>A small shop: the DocTypes that tests of documents and resources share.</summary>
internal static class Shop
{
    public static void Describe(Microservice service)
    {
        service.RegisterResource<Customer>();
        service.RegisterResource<Item>();
        service.RegisterResource<SalesOrder>();
    }
}

[DocType(Naming = "field:customer_name")]
[Permission("System Manager", Rights.All)]
[Permission("Sales User", Rights.Read | Rights.Write | Rights.Create)]
[Permission("Owner Only", Rights.All, IfOwner = true)]
[Permission("Credit Manager", Rights.Read | Rights.Write, PermLevel = 1)]
public sealed class Customer : Document
{
    [Field(Required = true, Unique = true)]
    public string CustomerName { get; set; } = "";

    [Field(Index = true)]
    public string? Territory { get; set; }

    [Field(PermLevel = 1), Currency]
    public decimal CreditLimit { get; set; }

    public DateOnly? Since { get; set; }

    public DateTime? LastSeen { get; set; }

    public TimeOnly? OpensAt { get; set; }

    public bool Active { get; set; }

    public int Rank { get; set; }

    [Field(Unique = true)]
    public string? TaxId { get; set; }
}

[DocType(Naming = "field:item_code")]
public sealed class Item : Document
{
    [Field(Required = true)]
    public string ItemCode { get; set; } = "";

    public string? ItemName { get; set; }
}

[DocType("Sales Order", Naming = "SO-.#####", IsSubmittable = true)]
[Permission("System Manager", Rights.All)]
[Permission("Sales User", Rights.Read | Rights.Write | Rights.Create)]
public sealed class SalesOrder : Document
{
    [Field(Required = true), Link("Customer")]
    public string Customer { get; set; } = "";

    [Field(Default = "Draft"), Select("Draft", "Confirmed", "Shipped")]
    public string? Status { get; set; }

    [Field(Default = "Today")]
    public DateOnly? OrderDate { get; set; }

    [Text, Field(AllowOnSubmit = true)]
    public string? Remarks { get; set; }

    [Currency]
    public decimal GrandTotal { get; set; }

    [Field(Required = true), Table]
    public List<SalesOrderItem> Items { get; set; } = [];

    protected override ValueTask Validate(DocumentContext context)
    {
        GrandTotal = Items.Sum(item => item.Qty * item.Rate);
        return default;
    }
}

[DocType("Sales Order Item")]
public sealed class SalesOrderItem : Document
{
    [Field(Required = true), Link("Item")]
    public string ItemCode { get; set; } = "";

    [Field(Default = "1", NonNegative = true)]
    public decimal Qty { get; set; }

    [Currency]
    public decimal Rate { get; set; }
}
