using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Permissions;

/// <summary>A service of regions, branches and dossiers, and callers with few rights.</summary>
internal static class Archive
{
    public const string Ann = "ann@example.com";
    public const string Boss = "boss@example.com";
    public const string Bob = "bob@example.com";

    public static Task<TestService> StartAsync(Action<Microservice>? describe = null, params (string Key, string Value)[] settings) => TestService.StartAsync(
        service =>
        {
            Describe(service);
            describe?.Invoke(service);
        },
        configuration =>
        {
            foreach (var (key, value) in settings)
            {
                configuration[key] = value;
            }
        });

    public static void Describe(Microservice service)
    {
        service.RegisterResource<Branch>();
        service.RegisterResource<Dossier>();
        service.PermissionQueryConditions("Dossier", query => query.User.Roles.Contains("Outsider") ? [new Filter("secret", false)] : []);
        service.HasPermission("Dossier", check => !(check.User.Roles.Contains("Outsider") && check.Document["secret"] is true));
    }

    /// <summary>Branches North, South and East, and a dossier of each: D-1, D-2, D-3; D-4 has no branch.</summary>
    public static async Task FillAsync(TestCaller manager)
    {
        foreach (var branch in (string[])["North", "South", "East"])
        {
            await Isolation.Bank.Created(manager.PostAsync("/api/resource/Branch", new { branch_name = branch }));
        }

        foreach (var branch in (string?[])["North", "South", "East", null])
        {
            await Isolation.Bank.Created(manager.PostAsync("/api/resource/Dossier", new { subject = branch ?? "none", branch }));
        }
    }

    public static async Task<string> NamesAsync(TestCaller caller, string path = "/api/resource/Dossier?order_by=name")
    {
        var answer = await caller.GetAsync(path);
        return answer.Status == 200 ? string.Join(' ', answer.Data.EnumerateArray().Select(row => row.GetProperty("name").GetString())) : $"{answer.Status} {answer.ErrorType}";
    }

    public static async Task RestrictAsync(TestCaller manager, string user, string branch, object? more = null) =>
        await Isolation.Bank.Created(manager.PostAsync("/api/resource/User Permission", new[]
        {
            new Dictionary<string, object?>(Properties(more)) { ["user"] = user, ["allow"] = "Branch", ["for_value"] = branch },
        }));

    private static IEnumerable<KeyValuePair<string, object?>> Properties(object? source) =>
        source?.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(source))) ?? [];
}

[DocType(Naming = "field:branch_name")]
[Permission("System Manager", Rights.All)]
[Permission("Clerk", Rights.Read)]
public sealed class Branch : Document
{
    [Field(Required = true)]
    public string BranchName { get; set; } = "";
}

[DocType(Naming = "D-.#")]
[Permission("System Manager", Rights.All)]
[Permission("Clerk", Rights.Read | Rights.Write | Rights.Create | Rights.Delete | Rights.Share)]
[Permission("Outsider", Rights.Read | Rights.Write)]
[Permission("Author", Rights.Read | Rights.Write | Rights.Create, IfOwner = true)]
public sealed class Dossier : Document
{
    [Field(Required = true)]
    public string Subject { get; set; } = "";

    [Link("Branch")]
    public string? Branch { get; set; }

    public bool Secret { get; set; }

    [Table]
    public List<DossierPage> Pages { get; set; } = [];
}

[DocType("Dossier Page")]
public sealed class DossierPage : Document
{
    [Link("Branch")]
    public string? Branch { get; set; }
}
