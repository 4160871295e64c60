using Microservices.Errors;
using Microsoft.AspNetCore.Http;

namespace Microservices.Security;

/// <summary>Whose request or job a service scope belongs to. Set once, before anything of the scope is used.</summary>
internal sealed class RequestScope
{
    private CurrentUser? _user;

    /// <exception cref="PermissionException">Nobody is signed in, so there is no tenant.</exception>
    public CurrentUser User
    {
        get => _user ?? throw new PermissionException("This needs a signed-in caller with a tenant");
        set => _user = _user is null ? value : throw new InvalidOperationException("The caller of a scope does not change.");
    }

    /// <summary>The request, for calls in the caller's name; null outside one.</summary>
    public HttpRequest? Request { get; set; }
}
