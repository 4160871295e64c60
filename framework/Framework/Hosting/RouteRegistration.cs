using Microsoft.AspNetCore.Builder;

namespace Microservices.Hosting;

/// <summary>A route of the service's own.</summary>
internal sealed record RouteRegistration(string Pattern, string[] Methods, Delegate Handler, bool IsOpen, Action<RouteHandlerBuilder>? Configure)
{
    private const string MethodPrefix = "/api/method/";

    /// <summary>The name under <c>/api/method/</c>, or null for a route elsewhere.</summary>
    public string? MethodName => Pattern.StartsWith(MethodPrefix, StringComparison.OrdinalIgnoreCase) ? Pattern[MethodPrefix.Length..] : null;
}
