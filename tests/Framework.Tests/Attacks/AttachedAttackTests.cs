using Microservices.DocTypes;
using Microservices.Framework.Tests.Permissions;

namespace Microservices.Framework.Tests.Attacks;

/// <summary>What hangs on a document follows the document, also where somebody hangs it strangely.</summary>
public sealed class AttachedAttackTests : IAsyncLifetime
{
    private readonly Vault _vault = new();

    public ValueTask InitializeAsync() => _vault.InitializeAsync();

    public ValueTask DisposeAsync() => _vault.DisposeAsync();

    [Fact]
    public async Task CommentsInACircle_EndInNotFound()
    {
        await Isolation.Bank.Created(_vault.Manager.PostAsync("/api/resource/Custom DocPerm", new[]
        {
            new { parent_doctype = "Comment", role = "All", read = 1, if_owner = 1 }, new { parent_doctype = "Comment", role = "System Manager", read = 1, if_owner = 0 },
        }));
        await Isolation.Bank.Created(_vault.Manager.PostAsync("/api/resource/Custom DocPerm", new { parent_doctype = "Comment", role = "System Manager", create = 1 }));
        foreach (var (name, about) in ((string, string)[])[("c1", "c1"), ("c2", "c3"), ("c3", "c2")])
        {
            var made = await _vault.Manager.PostAsync("/api/v2/document/Comment", new { name, reference_doctype = "Comment", reference_name = about, content = "round" });
            Assert.True(made.Status == 200, made.Text);
        }

        foreach (var name in (string[])["c1", "c2"])
        {
            Assert.Equal(404, (await _vault.Bob.GetAsync("/api/resource/Comment/" + name)).Status);
            Assert.Equal("404 DoesNotExistError", await Archive.NamesAsync(_vault.Bob, $$"""/api/resource/Comment?filters={"reference_doctype":"Comment","reference_name":"{{name}}"}"""));
            Assert.Equal(404, (await _vault.Bob.PostAsync("/api/resource/Comment", new { reference_doctype = "Comment", reference_name = name, content = "x" })).Status);
        }
    }

    [Fact]
    public async Task ShareThatAllowsToSubmitOne_SubmitsNoNewOnes()
    {
        await Isolation.Bank.Created(_vault.Manager.PostAsync("/api/resource/DocShare", new { share_doctype = "Deal", share_name = "free", user = Archive.Ann, write = 1, submit = 1 }));

        Assert.Equal(403, (await _vault.Ann.PostAsync(Vault.Deals, new { title = "new", docstatus = 1 })).Status);
        Assert.Equal(403, (await Vault.CallAsync(_vault.Ann, "submit", new { doc = new { doctype = "Deal", title = "new" } })).Status);
        Assert.Equal(403, (await _vault.Ann.PostAsync("/api/v2/document/Deal", new { name = "free", title = "free", docstatus = 1 })).Status);
        Assert.Equal(200, (await _vault.Ann.PutAsync(Vault.Deals + "/free", new { docstatus = 1 })).Status);
    }

    [Fact]
    public async Task NewSubmittedDocument_IsAskedOfTheServicesCheck()
    {
        await using var service = await Archive.StartAsync(service =>
        {
            service.RegisterResource<Deal>();
            service.HasPermission("Deal", check => check.Right is not Rights.Submit || check.User.Roles.Contains("System Manager"));
        });
        var mole = service.As("acme", "mole@example.com", "Mole");

        Assert.Equal(403, (await mole.PostAsync(Vault.Deals, new { title = "a", docstatus = 1 })).Status);
        Assert.Equal(201, (await mole.PostAsync(Vault.Deals, new { title = "a" })).Status);
        Assert.Equal(403, (await mole.PutAsync(Vault.Deals + "/a", new { docstatus = 1 })).Status);
    }

    [Fact]
    public async Task VersionsCommentsAndTags_OfADocumentThatIsNoLongerReadable_AreNotThere()
    {
        await _vault.Manager.PutAsync(Vault.Deals + "/open", new { title = "open", branch = "South", code = "code two" });
        var version = (await _vault.Manager.GetAsync("""/api/resource/Version?filters={"ref_doctype":"Deal","docname":"open"}""")).Data[0].GetProperty("name").GetString();
        var comment = (await Isolation.Bank.Created(_vault.Manager.PostAsync("/api/resource/Comment", new { reference_doctype = "Deal", reference_name = "open", content = "said" }))).Data.GetProperty("name").GetString();
        Assert.Equal(200, (await _vault.Ann.GetAsync("/api/resource/Version/" + version)).Status);
        Assert.DoesNotContain("code two", (await _vault.Ann.GetAsync("/api/resource/Version/" + version)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("code two", (await _vault.Ann.GetAsync("""/api/resource/Version?filters={"ref_doctype":"Deal","docname":"open"}&fields=["*"]""")).Text, StringComparison.Ordinal);

        await Archive.RestrictAsync(_vault.Manager, Archive.Ann, "North");

        foreach (var path in (string[])
        [
            $"/api/resource/Version/{version}", $"/api/resource/Comment/{comment}", $"/api/v2/document/Version/{version}", $"/api/v2/document/Comment/{comment}/copy",
            $"/api/method/frappe.client.get?doctype=Version&name={version}", """/api/resource/Version?filters={"ref_doctype":"Deal","docname":"open"}""",
            """/api/method/frappe.client.get_list?doctype=Comment&filters={"reference_doctype":"Deal","reference_name":"open"}""",
            """/api/method/frappe.client.get_value?doctype=Comment&fieldname=content&filters={"reference_doctype":"Deal","reference_name":"open"}""",
            """/api/v2/doctype/Comment/count?filters={"reference_doctype":"Deal","reference_name":"open"}""",
        ])
        {
            var answer = await _vault.Ann.GetAsync(path);
            Assert.True(answer.Status is 403 or 404, $"{path} {answer.Text}");
            Assert.DoesNotContain("said", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(404, (await _vault.Rival.GetAsync("/api/resource/Version/" + version)).Status);
        Assert.Equal(404, (await _vault.Rival.GetAsync("/api/resource/Comment/" + comment)).Status);
    }
}
