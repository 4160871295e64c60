using System.Collections.Immutable;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microservices.Resources.Methods;

/// <summary>A method that the API answers.</summary>
/// <param name="Name">What clients call.</param>
/// <param name="Handler">The code.</param>
/// <param name="Verbs">Verbs that it takes, in capitals.</param>
/// <param name="AllowsGuests">Whether callers need not be signed in.</param>
/// <param name="Roles">Roles of which the caller needs one; none means every caller.</param>
/// <param name="Summary">A line for the documentation.</param>
/// <param name="IsShared">Whether the framework brings it to every service.</param>
internal sealed record Method(
    string Name, MethodHandler Handler, ImmutableArray<string> Verbs, bool AllowsGuests, ImmutableArray<string> Roles, string Summary, bool IsShared)
{
    /// <summary>Answers it.</summary>
    public RouteEndpoint Endpoint => field ??= MethodEndpoints.Of(this);

    /// <summary>Of a static method of a document class: its DocType; null for any other.</summary>
    public string? DocType => Name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? Name[..slash] : null;

    /// <summary>Whether the DocType that a call names tells which service it is for.</summary>
    public bool IsByDocType => IsShared && Handler.Parameters.Any(parameter => parameter.IsArgument && parameter.Name is "doctype" or "dt" or "doc" or "docs");

    /// <summary>That it is deprecated; null when it is not.</summary>
    public DocTypes.Deprecation? Deprecation { get; init; }

    /// <summary>Makes a method of what its author said.</summary>
    /// <exception cref="ArgumentException">The name or a verb is none.</exception>
    public static Method Of(string name, MethodHandler handler, MethodOptions options, bool isShared)
    {
        if (name.Length == 0 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-'))
        {
            throw new ArgumentException($"'{name}' is no name of a method: use letters, digits, '_', '.' and '-'.", nameof(name));
        }

        ImmutableArray<string> verbs = [.. options.Verbs.Select(verb => verb.Trim().ToUpperInvariant())];
        if (verbs.IsEmpty || verbs.Any(verb => verb is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE")))
        {
            throw new ArgumentException($"{name}: '{string.Join(", ", verbs)}' are no verbs of a method.", nameof(options));
        }

        return new Method(name, handler, verbs, options.AllowGuest, [.. options.Roles], options.Summary, isShared) { Deprecation = options.Deprecation };
    }

    /// <exception cref="PermissionException">The method does not take the verb.</exception>
    public void RequireVerb(string verb)
    {
        if (!Verbs.Contains(HttpMethods.IsHead(verb) ? HttpMethods.Get : verb, StringComparer.OrdinalIgnoreCase))
        {
            throw new PermissionException($"{Name} takes {string.Join(", ", Verbs)}, not {verb}");
        }
    }

    /// <exception cref="PermissionException">The caller has none of the roles.</exception>
    public void RequireRole(CurrentUser? user)
    {
        if (!Roles.IsEmpty && user?.IsAdministrator != true && !Roles.Any(role => user?.Roles.Contains(role) == true))
        {
            throw new PermissionException($"{Name} is for {string.Join(", ", Roles)} only");
        }
    }
}
