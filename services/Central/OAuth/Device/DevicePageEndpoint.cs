using Central.OAuth.Consents;
using Central.OAuth.Grants;
using Central.Pages;

namespace Central.OAuth.Device;

/// <summary>What the page for a device's code shows.</summary>
/// <param name="UserCode">What was typed before.</param>
/// <param name="Error">Why that does not help.</param>
internal sealed record DeviceModel(string UserCode, string? Error);

/// <summary>What a user is asked about a device.</summary>
/// <param name="UserCode">The code that the device must show.</param>
/// <param name="Client">The program's name.</param>
/// <param name="IsFirstParty">Whether it is a program of the platform's own.</param>
/// <param name="Username">Whose data.</param>
/// <param name="Tenant">Of which tenant.</param>
/// <param name="Terms">What the program may do then.</param>
internal sealed record DeviceConfirmationModel(string UserCode, string Client, bool IsFirstParty, string Username, string Tenant, GrantTerms Terms);

/// <summary>
/// <c>/device</c>: takes the code that a device shows, typed or in the address, and asks about the device. Nothing is granted here: whoever
/// made somebody open an address would have it granted for himself.
/// </summary>
/// <remarks>RFC 8628 sections 3.3 and 5.4.</remarks>
internal sealed class DevicePageEndpoint(DeviceRequests requests, GrantLifetimes lifetimes) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/device";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        var visitor = page.RequireVisitor();
        return page.Parameter("user_code") is { Length: > 0 } userCode ? AskAsync(page, visitor, userCode) : page.RenderAsync<DevicePage>(new DeviceModel("", Error: null));
    }

    /// <inheritdoc/>
    public Task<IResult> SubmitAsync(PageContext page) => AskAsync(page, page.RequireVisitor(), page.Field("user_code"));

    /// <summary>Asks for the code again.</summary>
    public static Task<IResult> AskAgainAsync(PageContext page, string typed) =>
        page.RenderAsync<DevicePage>(new DeviceModel(typed, "No device shows this code, or its time is over. Compare it letter by letter, or start again on the device."), StatusCodes.Status400BadRequest);

    private async Task<IResult> AskAsync(PageContext page, Visitor visitor, string typed)
    {
        if (await requests.FindAsync(page, visitor, typed) is not { } request)
        {
            return await AskAgainAsync(page, typed);
        }

        var terms = GrantTerms.Of(request.Client, request.Code.Scope, request.Code.Resource, lifetimes);
        return await page.RenderAsync<DeviceConfirmationPage>(
            new DeviceConfirmationModel(request.UserCode, request.Client.DisplayName, request.Client.FirstParty, visitor.Member.Username, visitor.Member.Tenant.Id, terms));
    }
}
