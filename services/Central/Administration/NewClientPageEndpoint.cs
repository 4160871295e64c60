using Central.Clients;
using Central.Pages;
using Central.Sessions;

namespace Central.Administration;

/// <summary>What the page shows.</summary>
internal sealed record NewClientModel(OAuthClient Client, IReadOnlyList<FieldDefinition> Fields, string? Error);

/// <summary>A secret of a client, to be shown once.</summary>
internal sealed record ClientSecretModel(string ClientId, string Secret);

/// <summary><c>/admin/clients/new</c>: makes a client, and shows its secret once.</summary>
internal sealed class NewClientPageEndpoint(VisitorDatabase database, AdministrationAccess access, ClientSecretEndpoint secrets, DocTypeRegistry docTypes) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/admin/clients/new";

    private DocType DocType => docTypes.Get(typeof(OAuthClient));

    private IReadOnlyList<FieldDefinition> Fields => DocumentForm.FieldsOf(DocType, isNew: true, "enabled");

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        access.RequirePlatform(page);
        return page.RenderAsync<NewClientPage>(new NewClientModel((OAuthClient)Document.Create(DocType), Fields, Error: null));
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = access.RequirePlatform(page).Member;
        var client = (OAuthClient)Document.Create(DocType);
        var refusal = await FormRefusal.CatchAsync(() => database.WriteAsync(page, db =>
        {
            DocumentForm.Apply(page, db, client, Fields);
            return db.InsertAsync(client, cancellationToken: page.Cancelled);
        }));
        if (refusal is not null)
        {
            return await page.RenderAsync<NewClientPage>(new NewClientModel(client, Fields, refusal.Message), refusal.Status);
        }

        return client.HasSecret
            ? await page.RenderAsync<ClientSecretPage>(new ClientSecretModel(client.ClientId, await secrets.CreateAsync(page.Http, LocalCredentials.OfSession(member), client.ClientId)))
            : page.SeeOther(Notice.After(ClientPageEndpoint.AddressOf(client.ClientId), "made"));
    }
}
