using System.Text;
using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.V2;

/// <summary>Rows of a child DocType by their own name: deleting one is a change of its document, and needs the right to that.</summary>
internal sealed class ChildRows(ResourceRegistry resources, DocumentStore store)
{
    /// <exception cref="DoesNotExistException">There is no such row, or the caller may not change its document.</exception>
    public async Task DeleteAsync(HttpContext context, DocType child, string name)
    {
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        var found = await db.GetAllAsync(child.Name, new() { Fields = ["parent", "parenttype", "parentfield", "name"], Filters = [new("name", name)], Limit = 1 }, context.RequestAborted);
        if (found is not [var row] || db.DocTypes.Find(row.Get<string>("parenttype") ?? "") is not { } parent || parent.Table(row.Get<string>("parentfield") ?? "") is not { } table)
        {
            throw DocumentStore.NotFound(child, name);
        }

        ResourceEndpoints.RequireOwn(context, resources.Get(parent.Name), ResourceVerbs.Update, isCollection: false);
        if (!Access.Of(db.User, parent).CanWrite(table.Definition.PermLevel))
        {
            throw DocumentStore.NotFound(child, name);
        }

        try
        {
            await store.UpdateAsync(
                db,
                parent,
                row.Get<string>("parent")!,
                document => table.SetRows(document, table.Rows(document).Cast<Document>().Where(item => item.Name != row.Get<string>("name")).ToList()),
                expectedModified: null,
                ignorePermissions: false,
                context.RequestAborted);
        }
        catch (PermissionException)
        {
            throw DocumentStore.NotFound(child, name);
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = JsonResponse.ContentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"data":"ok"}"""), context.RequestAborted);
    }
}
