using Central.Clients;
using Central.Pages;
using Central.Sessions;

namespace Central.Administration;

/// <summary>What the page shows.</summary>
internal sealed record ClientModel(OAuthClient Client, IReadOnlyList<FieldDefinition> Fields, string? Error);

/// <summary><c>/admin/clients/edit?client=</c>: one client; changes it, gives it a new secret, disables, enables or deletes it.</summary>
internal sealed class ClientPageEndpoint(VisitorDatabase database, AdministrationAccess access, ClientSecretEndpoint secrets, DocTypeRegistry docTypes) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/clients/edit";

    private const string DocTypeName = "OAuth Client";

    private IReadOnlyList<FieldDefinition> Fields => DocumentForm.FieldsOf(docTypes.Get(typeof(OAuthClient)), isNew: false, "enabled");

    /// <summary>The address of one client's page.</summary>
    public static string AddressOf(string client) => $"{Path}?client={Uri.EscapeDataString(client)}";

    /// <inheritdoc/>
    public async Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        return await FormAsync(page, await ReadAsync(page), refusal: null);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = access.RequirePlatform(page).Member;
        var (client, address) = (await ReadAsync(page), AddressOf(page.Parameter("client")));
        switch (page.Field("action"))
        {
            case "secret":
                return await page.RenderAsync<ClientSecretPage>(
                    new ClientSecretModel(client.ClientId, await secrets.CreateAsync(page.Http, LocalCredentials.OfSession(member), client.ClientId)));
            case "delete":
                return await DoAsync(page, client, Notice.After(ClientsPageEndpoint.Path, "deleted"), db => db.DeleteAsync(DocTypeName, client.Name, cancellationToken: page.Cancelled));
            case ("disable" or "enable") and var action:
                return await DoAsync(page, client, Notice.After(address, action + "d"), db => db.UpdateAsync<OAuthClient>(client.Name, stored => stored.Enabled = action is "enable", cancellationToken: page.Cancelled));
            case "save":
                return await DoAsync(page, client, Notice.After(address, "saved"), async db =>
                {
                    DocumentForm.Apply(page, db, client, Fields); // what was typed is shown again where it is refused
                    await db.UpdateAsync<OAuthClient>(client.Name, stored => DocumentForm.Apply(page, db, stored, Fields), cancellationToken: page.Cancelled);
                });
            default:
                throw new BadRequestException("Choose what to do");
        }
    }

    private async Task<IResult> DoAsync(PageContext page, OAuthClient client, string next, Func<TenantDb, Task> work) =>
        await FormRefusal.CatchAsync(() => database.WriteAsync(page, work)) is { } refusal ? await FormAsync(page, client, refusal) : page.SeeOther(next);

    private Task<OAuthClient> ReadAsync(PageContext page) => database.ReadAsync<OAuthClient>(page, page.Parameter("client"));

    private Task<IResult> FormAsync(PageContext page, OAuthClient client, FormRefusal? refusal) =>
        page.RenderAsync<ClientPage>(new ClientModel(client, Fields, refusal?.Message), refusal?.Status ?? StatusCodes.Status200OK);
}
