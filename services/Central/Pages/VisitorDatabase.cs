using Central.Sessions;
using Microservices.Data.Permissions;
using Microservices.Resources.Methods;

namespace Central.Pages;

/// <summary>The database as a visitor's own requests to the API see it: of the visitor's tenant, with the visitor's roles and permissions.</summary>
internal sealed class VisitorDatabase(IServiceProvider services, UserRulesCache rules)
{
    /// <summary>Runs work as the visitor.</summary>
    public Task<T> RunAsync<T>(PageContext page, Func<TenantDb, Task<T>> work) => RunAsync(page.Http, LocalCredentials.OfSession(page.RequireVisitor().Member), work);

    /// <summary>Runs work as the caller of a method, in transactions of its own: that of the request would last until the answer, and nothing could be audited meanwhile.</summary>
    public async Task<T> RunAsync<T>(HttpContext context, CurrentUser user, Func<TenantDb, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        await rules.ApplyAsync(scope.ServiceProvider.GetRequiredService<UnitOfWork>(), user, context.RequestAborted);
        var request = scope.ServiceProvider.GetRequiredService<RequestScope>();
        (request.User, request.Request) = (user, context.Request);
        return await work(scope.ServiceProvider.GetRequiredService<TenantDb>());
    }

    /// <summary>A document that the visitor may read.</summary>
    /// <exception cref="DoesNotExistException">The visitor's tenant has none of this name.</exception>
    public Task<T> ReadAsync<T>(PageContext page, string name)
        where T : Document =>
        RunAsync(page, async db => (T)(await ReadableDocuments.LoadAsync(db, db.DocTypes.Get(typeof(T)), name, Rights.Read, page.Cancelled)).Document);

    /// <summary>Runs writes as the visitor: all are kept, or none.</summary>
    public Task WriteAsync(PageContext page, Func<TenantDb, Task> work) => RunAsync(page, async db =>
    {
        await db.TransactionAsync(() => work(db), page.Cancelled);
        return true;
    });
}
