using Central.Sessions;
using Microservices.Data.Permissions;
using Microservices.Resources.Methods;

namespace Central.Pages;

/// <summary>The database as a visitor's own requests to the API see it: of the visitor's tenant, with the visitor's roles and permissions.</summary>
internal sealed class VisitorDatabase(IServiceProvider services, UserRulesCache rules)
{
    /// <summary>Runs work as the visitor.</summary>
    public async Task<T> RunAsync<T>(PageContext page, Func<TenantDb, Task<T>> work)
    {
        var user = LocalCredentials.OfSession(page.RequireVisitor().Member);
        await using var scope = services.CreateAsyncScope();
        await rules.ApplyAsync(scope.ServiceProvider.GetRequiredService<UnitOfWork>(), user, page.Cancelled);
        var request = scope.ServiceProvider.GetRequiredService<RequestScope>();
        (request.User, request.Request) = (user, page.Http.Request);
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
