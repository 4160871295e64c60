using Microservices.Data;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;

namespace Microservices.Framework.Tests.Methods;

[DocType(Naming = "prompt")]
[Permission("System Manager", Rights.All)]
[Permission("Viewer", Rights.Read)]
[Permission("Owner", Rights.Read | Rights.Write | Rights.Create, IfOwner = true)]
public sealed class JobCard : Document
{
    public string? Title { get; set; }

    public int Hours { get; set; }

    [Field(PermLevel = 1)]
    public string? Secret { get; set; }

    [Whitelist]
    public string Describe(Tenant tenant, string greeting = "Job") => $"{greeting} {Name} of {tenant}: {Title}";

    [Whitelist(Methods = "POST")]
    public async Task<int> AddHoursAsync(TenantDb db, int hours)
    {
        var card = await db.UpdateAsync<JobCard>(Name, card => card.Hours += hours);
        return Hours = card.Hours;
    }

    [Whitelist(Name = "fail")]
    public async Task FailAfterWriting(TenantDb db)
    {
        await db.UpdateAsync<JobCard>(Name, card => card.Title = "changed");
        throw new ValidationException("Failed");
    }

    [Whitelist]
    public object[][] Table() => [["name", "hours"], [Name, Hours]];

    public string NotForTheApi() => Title + "secret";

    [Whitelist]
    public static string Motto(CurrentUser user, int times = 1) => string.Concat(Enumerable.Repeat("measure twice;", times)) + user.Name;

    [Whitelist(AllowGuest = true, Methods = "GET")]
    public static string Hello() => "hello";

    public static string Hidden() => "secret";
}
