using System.Threading.RateLimiting;
using Microservices.Central;
using Microservices.Client;

namespace Signup;

/// <summary>Makes tenants: an example of a service that acts at the central site with rights of its own, and only those.</summary>
public static class SignupService
{
    public static Microservice Create(string[] args)
    {
        var app = Microservice.Create("signup", args);
        var signups = new FixedWindowRateLimiter(new()
        {
            PermitLimit = app.Configuration.GetValue("SIGNUPS_PER_MINUTE", 30),
            Window = TimeSpan.FromMinutes(1),
        });

        app.Route("POST", "/signup/tenant", async (SignupRequest request, CentralSiteClient central, CancellationToken cancellationToken) =>
        {
            using var permit = signups.AttemptAcquire();
            if (!permit.IsAcquired)
            {
                throw new TooManyRequestsException("Too many sign-ups at the moment; try again in a minute") { RetryAfter = TimeSpan.FromMinutes(1) };
            }

            return TypedResults.Created((string?)null, new { data = await ProvisionAsync(request, central, cancellationToken) });
        });
        return app;
    }

    /// <summary>The tenant and its first administrator are made together at the central site, or not at all.</summary>
    private static async Task<Provisioned> ProvisionAsync(SignupRequest request, CentralSiteClient central, CancellationToken cancellationToken)
    {
        try
        {
            return await central.Api.CallAsync<Provisioned>("central.provision_tenant", request, cancellationToken);
        }
        catch (FrappeClientException refusal) when (refusal.StatusCode is StatusCodes.Status409Conflict)
        {
            throw new DuplicateEntryException(refusal.Message);
        }
        catch (FrappeClientException refusal) when (refusal.StatusCode is StatusCodes.Status417ExpectationFailed)
        {
            throw new ValidationException(refusal.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or FrappeClientException { StatusCode: >= 500 } && !cancellationToken.IsCancellationRequested)
        {
            throw new AuthServiceUnavailableException("Signing up is not possible at the moment", TimeSpan.FromSeconds(5));
        }
    }

    private sealed record SignupRequest(string? Tenant, string? TenantName, string? Email, string? FullName, string? Password);

    private sealed record Provisioned(string Tenant, string User);
}
