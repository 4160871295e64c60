using Microservices.Documents;
using Microservices.Files;
using Microservices.Resources;

namespace Microservices.Hosting;

/// <summary>The DocTypes that the framework brings to every service. Each service keeps its own documents of them; a manifest marks them as shared.</summary>
internal static class BuiltInDocTypes
{
    public static void AddTo(Microservice service)
    {
        service.RegisterBuiltIn<DocumentVersion>(options => options.Verbs = ResourceVerbs.List | ResourceVerbs.Get);
        service.RegisterBuiltIn<Comment>();
        service.RegisterBuiltIn<UserPermission>();
        service.RegisterBuiltIn<CustomDocPerm>();
        service.RegisterBuiltIn<DocShare>();
        service.RegisterBuiltIn<FileDocument>(options => options.Verbs = ResourceVerbs.All & ~ResourceVerbs.Create);
        service.RegisterBuiltIn<DeletedDocument>(options => options.Verbs = ResourceVerbs.List | ResourceVerbs.Get | ResourceVerbs.Delete);
        service.PermissionQueryConditions("Deleted Document", DeletedDocuments.Known).HasPermission("Deleted Document", DeletedDocuments.IsKnown);
        service.RegisterBuiltIn<TagLink>(options => options.Verbs = ResourceVerbs.List | ResourceVerbs.Get);
    }
}
