using System.Text.Json.Serialization;
using Microservices.Errors;
using Microservices.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Microservices.Security;

/// <summary>What <c>auth.whoami</c> tells about the validated credential.</summary>
internal sealed record WhoAmI(
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("user")] string User,
    [property: JsonPropertyName("tenant")] string Tenant,
    [property: JsonPropertyName("roles")] IReadOnlyList<string> Roles,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("kind")] string Kind);

/// <summary>Frappe's envelope of a method's result.</summary>
internal sealed record WhoAmIAnswer([property: JsonPropertyName("message")] WhoAmI Message);

[JsonSerializable(typeof(WhoAmIAnswer))]
internal sealed partial class WhoAmIJsonContext : JsonSerializerContext;

/// <summary>The endpoint that tells callers who they are.</summary>
internal static class WhoAmIEndpoint
{
    /// <summary>Maps <c>GET|POST /api/method/auth.whoami</c>.</summary>
    public static IEndpointConventionBuilder MapWhoAmI(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapDeferred("/api/method/auth.whoami", [HttpMethods.Get, HttpMethods.Post], AnswerAsync)
            .WithSummary("Tells whom the credential speaks for.")
            .WithTags("auth");

    /// <exception cref="AuthenticationException">No credentials came, or they are not accepted.</exception>
    private static async Task<JsonHttpResult<WhoAmIAnswer>> AnswerAsync(HttpContext context, CredentialAuthenticator authenticator)
    {
        CurrentUser? user = context.Features.Get<CurrentUserFeature>() is { } feature ? feature.User : await authenticator.AuthenticateAsync(context);
        return user is null
            ? throw AuthenticationErrors.Missing()
            : TypedResults.Json(new WhoAmIAnswer(Describe(user)), WhoAmIJsonContext.Default.WhoAmIAnswer);
    }

    private static WhoAmI Describe(CurrentUser user) => new(
        user.Subject, user.Name, user.Tenant.Id, user.AssignedRoles, string.Join(' ', user.GrantedScopes), user.Kind switch
        {
            CredentialKind.Bearer => "bearer",
            CredentialKind.ApiKey => "api_key",
            CredentialKind.Session => "session",
            _ => "service",
        });
}
