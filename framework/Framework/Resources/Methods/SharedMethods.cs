using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>The methods that the framework brings to every service. A gateway picks the service by the DocType that a call names.</summary>
internal static class SharedMethods
{
    /// <summary>All of them. <c>login</c>, <c>logout</c> and what else belongs to users is the central site's.</summary>
    public static IEnumerable<(string Name, Delegate Handler, MethodOptions Options)> All(IServiceProvider services)
    {
        yield return ("ping", () => "pong", new MethodOptions { AllowGuest = true });
        yield return ("run_doc_method", services.GetRequiredService<DocumentMethodEndpoints>().RunDocMethodAsync, new MethodOptions { Verbs = ["GET", "POST"] });
    }
}
