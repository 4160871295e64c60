using Microservices.Framework.Tests.Documents;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Contract;

/// <summary>A service whose DocTypes use what Frappe's files can say, filled for one tenant; another tenant has documents of the same names.</summary>
public sealed class ContractFixture : IAsyncLifetime
{
    internal TestService Service { get; private set; } = null!;

    internal TestCaller Acme => Service.As("acme");

    internal TestCaller Rival => Service.As("rival");

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(app =>
        {
            app.RegisterJson(
                """{"doctype":"DocType","name":"Maker","autoname":"field:title","is_tree":1,"nsm_parent_field":"parent_maker","fields":[{"fieldname":"title","fieldtype":"Data"},{"fieldname":"is_group","fieldtype":"Check"},{"fieldname":"parent_maker","fieldtype":"Link","options":"Maker"},{"fieldname":"town","fieldtype":"Data"}],"permissions":[{"role":"System Manager","read":1,"write":1,"create":1,"delete":1},{"role":"Buyer","read":1}]}""",
                """{"doctype":"DocType","name":"Part","istable":1,"fields":[{"fieldname":"label","fieldtype":"Data"},{"fieldname":"weight","fieldtype":"Float"}]}""",
                """
                {"doctype":"DocType","name":"Device","autoname":"prompt","is_submittable":1,"sort_field":"title","sort_order":"ASC","track_seen":1,"track_views":1,"fields":[
                {"fieldname":"title","fieldtype":"Data","not_nullable":1},{"fieldname":"maker","fieldtype":"Link","options":"Maker"},{"fieldname":"by","fieldtype":"Data","default":"__user"},
                {"fieldname":"made_at","fieldtype":"Datetime","default":"Now"},{"fieldname":"made_on","fieldtype":"Date","default":"Today"},{"fieldname":"home","fieldtype":"Link","options":"Maker","default":":Maker"},
                {"fieldname":"origin","fieldtype":"Link","options":"Maker","ignore_user_permissions":1},{"fieldname":"state","fieldtype":"Select","options":"New\nOld"},{"fieldname":"shown","fieldtype":"Data","read_only":1,"hidden":1},
                {"fieldname":"why","fieldtype":"Data","mandatory_depends_on":"eval:doc.title","depends_on":"eval:false","read_only_depends_on":"eval:true"},
                {"fieldname":"serial","fieldtype":"Data","no_copy":1},{"fieldname":"stars","fieldtype":"Rating"},{"fieldname":"story","fieldtype":"Text Editor"},{"fieldname":"veiled","fieldtype":"Data","mask":1},
                {"fieldname":"parts","fieldtype":"Table","options":"Part"}],
                "permissions":[{"role":"System Manager","read":1,"write":1,"create":1,"delete":1,"submit":1,"cancel":1,"amend":1},{"role":"Buyer","read":1,"write":1,"create":1}]}
                """,
                """{"doctype":"DocType","name":"Setup","issingle":1,"fields":[{"fieldname":"motto","fieldtype":"Data","default":"hello"}]}""");
            app.Whitelist("contract.echo", (string text) => text, options => options.AllowGuest = true);
            app.Whitelist("frappe.client.get_time_zone", () => new { time_zone = "Mars" }, options => options.AllowGuest = true);
        });
        foreach (var (caller, town) in ((TestCaller, string)[])[(Acme, "ours"), (Rival, "theirs")])
        {
            foreach (var (title, parent) in ((string, string?)[])[("World", null), ("Delft", "World"), ("Ghent", null)])
            {
                await Isolation.Bank.Created(caller.PostAsync("/api/resource/Maker", new { title, is_group = 1, parent_maker = parent, town }));
            }

            await Isolation.Bank.Created(caller.PostAsync("/api/resource/Device", new object[]
            {
                new { name = "d1", title = "b", maker = "Delft", origin = "Ghent", parts = new[] { new { label = "x", weight = 1.5 } } },
                new { name = "d2", title = "a", maker = "Ghent" },
            }));
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
