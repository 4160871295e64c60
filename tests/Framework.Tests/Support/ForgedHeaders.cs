namespace Microservices.Framework.Tests.Support;

/// <summary>Headers by which other systems let a proxy say who asks. Here they say nothing.</summary>
internal static class ForgedHeaders
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "X-User", "X-User-Id", "X-Frappe-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Preferred-Username", "X-Forwarded-Groups", "Remote-User", "X-Remote-User",
        "X-Auth-Request-User", "X-Auth-Request-Email", "X-Auth-Request-Groups", "X-Auth-Request-Access-Token", "X-Internal-Token", "X-Tenant-Id", "X-Tenant", "X-Roles",
        "X-Frappe-SID", "X-Frappe-Site-Name", "X-Original-User", "X-Authenticated-User", "X-MS-Client-Principal", "X-Amzn-Oidc-Data", "X-Api-Key", "Proxy-Authorization",
        "Frappe-Authorization-Source", "X-Forwarded-Host", "X-Forwarded-Access-Token", "X-HTTP-Method-Override",
    ];
}
