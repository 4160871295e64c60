namespace Microservices.Framework.Tests.Permissions;

/// <summary>The roles toward a document are given for one question, never by a credential.</summary>
public sealed class ReservedRoleTests
{
    [Theory]
    [InlineData("Reader of the document")]
    [InlineData("Writer of the document")]
    [InlineData("READER of the document")]
    public async Task CredentialThatNamesOne_GetsNothingByIt(string role)
    {
        await using var service = await Archive.StartAsync();
        var manager = service.As("acme", Archive.Boss);
        await Archive.FillAsync(manager);
        await Isolation.Bank.Created(manager.PostAsync("/api/resource/Comment", new { reference_doctype = "Dossier", reference_name = "D-1", content = "between us" }));
        var stranger = service.As("acme", "eve@example.com", role);

        Assert.Equal(403, (await stranger.GetAsync("/api/resource/Comment?fields=*")).Status);
        Assert.Equal(404, (await stranger.GetAsync("/api/resource/Comment?reference_doctype=Dossier&reference_name=D-1")).Status);
        Assert.DoesNotContain(role, (await stranger.GetAsync("/api/method/auth.whoami")).Text, StringComparison.OrdinalIgnoreCase);
    }
}
