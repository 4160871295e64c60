using Microservices.Central;

namespace Orders;

/// <summary>Customers, items and sales orders: an example of DocTypes that serve themselves, with one route and one hook of its own.</summary>
public static class OrdersService
{
    private const int MaxDays = 3660;

    public static Microservice Create(string[] args)
    {
        var app = Microservice.Create("orders", args);

        app.RegisterResource<Customer>();
        app.RegisterResource<Item>();
        app.RegisterResource<SalesOrder>();
        app.RegisterResource<SellingSettings>();

        app.SecureRoute("GET", "/orders/summary", SummaryAsync);
        app.On("Sales Order", DocumentEvent.AfterInsert, NotifyAfterCommit);
        return app;
    }

    /// <summary>Orders of the last days by status, of the caller's tenant.</summary>
    private static async Task<IReadOnlyList<Summary>> SummaryAsync(TenantDb db, CurrentUser user, CancellationToken cancellationToken, int days = 7)
    {
        Access.Of(user, db.DocTypes.Get(typeof(SalesOrder))).Require(Rights.Read);
        if (days is < 1 or > MaxDays)
        {
            throw new ValidationException($"days is a number from 1 to {MaxDays}");
        }

        return await db.QueryAsync<Summary>(
            $"""
            select status, count(*) as count, sum(grand_total) as total
            from {db.Table("Sales Order")}
            where order_date > {DateOnly.FromDateTime(db.Now).AddDays(-days)}
            group by status order by status
            """,
            cancellationToken);
    }

    /// <summary>Tells the notifications service of a new order, in the name of whoever made it, once the order is stored.</summary>
    private static void NotifyAfterCommit(SalesOrder order, DocumentContext context, ServiceClients services) =>
        context.AfterCommit(async cancellationToken => await services.For("notifications").InsertAsync<Note>(
            "Notification",
            new { subject = $"New order {order.Name} of {order.Customer}", document_type = "Sales Order", document_name = order.Name },
            cancellationToken));

    private sealed record Summary(string? Status, long Count, decimal Total);

    private sealed record Note(string Name);
}
