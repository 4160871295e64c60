using Central.Settings;

namespace Central.Platform;

/// <summary>
/// Audits what people make, change and delete of the site's documents, in the transaction of the change. What the site does by itself is
/// audited by the endpoint or command that has it done.
/// </summary>
internal static class AdministrationAudit
{
    /// <summary>Watches DocTypes.</summary>
    public static void Watch(Microservice app, params IEnumerable<string> docTypes)
    {
        foreach (var docType in docTypes)
        {
            app.On(docType, DocumentEvent.AfterInsert, (DocumentContext context) => WriteAsync(context, AuditEvents.RecordCreated));
            app.On(docType, DocumentEvent.AfterUpdate, (DocumentContext context) => WriteAsync(context, AuditEvents.RecordChanged));
            app.On(docType, DocumentEvent.AfterDelete, (DocumentContext context) => WriteAsync(context, AuditEvents.RecordDeleted));
        }
    }

    private static async Task WriteAsync(DocumentContext context, string happening)
    {
        if (context.User.Kind is CredentialKind.Service || context.Services.GetRequiredService<RequestScope>().Request is not { } request)
        {
            return;
        }

        var platform = context.Services.GetRequiredService<CentralSettings>().PlatformTenant;
        var db = context.Db.Tenant == platform ? context.Db : context.Db.InTenant(platform, "An administrative act is audited");
        await context.Services.GetRequiredService<AuditLog>().DoneAsync(
            db, request.HttpContext, happening, new(context.User.Subject, context.Db.Tenant.Id, Reference: $"{context.DocType.Name} {context.Document.Name}"));
    }
}
