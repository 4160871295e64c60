using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Microservices.Central.Tests.Attacks;

/// <summary>A thief has the whole database of a site on which everything has been used, and finds nothing in it that opens a door.</summary>
public sealed partial class DatabaseTheftTests
{
    private const string NewPassword = "a stone that rolls and gathers nothing";

    [Fact]
    public async Task EveryColumnOfEveryTable_HoldsHashesAndCiphersOnly()
    {
        await using var storage = new SiteStorage();
        await using var mail = new MailServer();
        var clock = new ManualTimeProvider();
        var seed = TestSeed.Of("alice", "bob", "root");
        seed["settings"]!["login_link_enabled"] = true;
        seed["users"]!.AsArray().Single(user => (string?)user!["username"] == "alice")!["totp_secret"] = FactorFixture.Secret;
        await using var site = await storage.StartAsync(new SiteOptions
        {
            Clock = clock,
            Seed = seed,
            Settings = new Dictionary<string, string> { ["CENTRAL_SMTP_URL"] = mail.Url, ["CENTRAL_MAIL_FROM"] = "no-reply@site.example" },
        });
        var secrets = new Dictionary<string, string>();
        await UseEverythingAsync(site, clock, mail, secrets);

        var cells = await CellsAsync(storage);

        Assert.InRange(cells.Count, 300, 1_000_000);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secrets["sid"]))), cells, StringComparer.OrdinalIgnoreCase); // what is looked through is the right database
        foreach (var (name, secret) in secrets)
        {
            var forms = Forms(secret).ToList();
            Assert.DoesNotContain(cells, cell => forms.Any(form => cell.Contains(form, StringComparison.OrdinalIgnoreCase)) && Fail(name, cell));
        }

        foreach (var cell in cells.Where(cell => cell.Length > 60))
        {
            Assert.False(IsPrivateKey(cell), "A private key stands in clear: " + cell[..20]);
        }

        Assert.All(storage.DatabaseSettings["DATABASE"] == "sqlite" ? FilesOf(storage) : [], content =>
            Assert.All(secrets.Values, secret => Assert.DoesNotContain(secret, content, StringComparison.Ordinal)));
        await NothingThatIsStored_OpensADoorAsync(site, cells);
    }

    /// <summary>Every flow that gives or takes a secret.</summary>
    private static async Task UseEverythingAsync(TestSite site, ManualTimeProvider clock, MailServer mail, Dictionary<string, string> secrets)
    {
        foreach (var name in (string[])["alice", "bob", "root"])
        {
            secrets["password of " + name] = TestSeed.PasswordOf(name);
        }

        (secrets["client secret"], secrets["api secret"], secrets["seed of the app"]) = (TestSeed.SecretOf("web"), "secret-of-bob-key", FactorFixture.Secret);

        // Sessions, second factors and passkeys.
        var bob = new Browser(site);
        using var authenticator = await PasskeyFlow.RegisterAsync(bob, "bob");
        (secrets["sid"], secrets["device cookie"], secrets["form cookie"]) = (bob.Sid, bob.Cookies["device"], bob.Cookies["__Host-form"]);
        secrets["passkey challenge"] = (await PasskeyFlow.OptionsAsync(bob)).GetProperty("challenge").GetString()!;
        secrets["passkey cookie"] = bob.Cookies["__Host-passkey"];
        var setUp = await bob.GetAsync("/account/two-factor");
        secrets["new seed"] = SeedOfAnApp().Match(setUp.Text).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        var codes = await bob.SubmitAsync(setUp, ("otp", new AuthenticatorApp(secrets["new seed"], clock).Code()));
        foreach (Match code in RecoveryCode().Matches(codes.Text))
        {
            secrets["recovery code " + code.Groups[1].Value] = code.Groups[1].Value;
        }

        Assert.InRange(secrets.Count(secret => secret.Key.StartsWith("recovery code", StringComparison.Ordinal)), 10, 10);
        var alice = await site.TryLoginAsync("alice", TestSeed.PasswordOf("alice"));
        secrets["tmp_id"] = alice.Json.GetProperty("tmp_id").GetString()!;

        // Codes and tokens: used, spent and unused ones.
        var root = new Browser(site);
        await root.LoginAsync("root");
        secrets["sid of root"] = root.Sid;
        var flow = new CodeFlow(site);
        (secrets["code"], secrets["verifier"]) = (await flow.CodeAsync(root), flow.Verifier);
        var tokens = (await flow.ExchangeAsync(secrets["code"])).Json;
        var next = (await flow.RefreshAsync(Text(tokens, "refresh_token"))).Json;
        secrets["unused code"] = await flow.CodeAsync(root);
        (secrets["refresh token"], secrets["next refresh token"]) = (Text(tokens, "refresh_token"), Text(next, "refresh_token"));
        (secrets["access token"], secrets["id token"]) = (Text(next, "access_token").Split('.')[2], Text(next, "id_token").Split('.')[2]);
        var device = await new DeviceFlow(site).StartAsync();
        (secrets["device code"], secrets["user code"]) = (device.DeviceCode, device.UserCode);
        var assertion = AssertionKey.Registered.Sign("signing", clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await site.PostFormAsync("/oauth/token", "grant_type=client_credentials&" + AssertionKey.Form(assertion))).Status);
        secrets["assertion"] = assertion.Split('.')[2];
        await site.PostFormAsync("/oauth/revoke", "token=" + Text(tokens, "access_token"), Credentials.Basic("web", TestSeed.SecretOf("web")));

        // Keys, secrets and links.
        var key = (await site.PostFormAsync("/api/method/frappe.core.doctype.user.user.generate_keys", "", Credentials.Sid(root.Sid))).Json.GetProperty("message");
        secrets["new api secret"] = Text(key, "api_secret");
        secrets["new client secret"] = Text((await site.PostJsonAsync("/api/method/central.clients.create_secret", new { client_id = "web" }, Credentials.Sid(root.Sid))).Json.GetProperty("message"), "client_secret");
        await site.PostJsonAsync("/api/method/frappe.www.login.send_login_link", new { email = "alice@acme.example" });
        await site.PostJsonAsync("/api/method/frappe.core.doctype.user.user.reset_password", new { user = "alice@acme.example" });
        await Wait.UntilAsync(() => KeysIn(mail).Count == 2, "both links were sent");
        (secrets["login link"], secrets["reset link"]) = (KeysIn(mail)[0], KeysIn(mail)[1]);

        // What was wrong is not kept either, and neither is a password that was changed.
        secrets["wrong password"] = "a wrong password, perhaps that of another site";
        await site.TryLoginAsync("bob", secrets["wrong password"]);
        await site.TryLoginAsync(secrets["password in the wrong field"] = "my-password-typed-as-a-name", "x");
        secrets["new password"] = NewPassword;
        var changed = await root.FillInAsync("/account/password", ("current_password", TestSeed.PasswordOf("root")), ("new_password", NewPassword), ("repeated_password", NewPassword));
        Assert.True((int)changed.Status < 400, changed.Text);
    }

    private static async Task NothingThatIsStored_OpensADoorAsync(TestSite site, IReadOnlyCollection<string> cells)
    {
        var hashes = cells.Where(cell => Hash().IsMatch(cell)).Distinct(StringComparer.Ordinal).ToList();
        Assert.InRange(hashes.Count, 10, 10_000);
        foreach (var hash in hashes)
        {
            Assert.NotEqual(HttpStatusCode.OK, (await site.GetAsync("/api/method/frappe.auth.get_logged_user", Credentials.Sid(hash))).Status);
            Assert.NotEqual(HttpStatusCode.OK, (await new CodeFlow(site).RefreshAsync(hash)).Status);
        }
    }

    private static async Task<List<string>> CellsAsync(SiteStorage storage)
    {
        var isMariaDb = storage.DatabaseSettings["DATABASE"] == "mariadb";
        var cells = new List<string>();
        foreach (var table in await storage.SqlAsync(isMariaDb ? "select table_name from information_schema.tables where table_schema = database()" : "select name from sqlite_master where type = 'table'"))
        {
            var columns = await storage.SqlAsync(
                isMariaDb ? $"select column_name from information_schema.columns where table_schema = database() and table_name = '{table}'" : $"select name from pragma_table_info('{table}')");
            foreach (var column in columns)
            {
                cells.AddRange(await storage.SqlAsync($"select cast(`{column}` as char) from `{table}` where `{column}` is not null"));
            }
        }

        return [.. cells.Where(cell => cell.Length > 0)];
    }

    /// <summary>The ways in which a secret could stand somewhere and still be read: as it is, in hex, in base64, and a base32 or base64url text as the bytes that it means.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        byte[][] values = [Encoding.UTF8.GetBytes(secret), .. Meant(secret)];
        return values.SelectMany(bytes => (string[])[Convert.ToHexStringLower(bytes), Convert.ToBase64String(bytes).TrimEnd('='), Base64Url.EncodeToString(bytes)]).Append(secret).Distinct();
    }

    private static IEnumerable<byte[]> Meant(string secret)
    {
        if (secret.Length == FactorFixture.Secret.Length && secret.All(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Contains(c, StringComparison.Ordinal)))
        {
            yield return global::Central.Factors.Totp.FromBase32(secret);
        }

        if (secret.Length == 43 && Base64Url.IsValid(secret))
        {
            yield return Base64Url.DecodeFromChars(secret);
        }
    }

    private static bool IsPrivateKey(string cell)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(cell), out _);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The files of the database as they lie on the disk, deleted rows and all.</summary>
    private static IEnumerable<string> FilesOf(SiteStorage storage)
    {
        var file = storage.DatabaseSettings["DATABASE_CONNECTION"]!["Data Source=".Length..];
        return Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*").Select(part => Encoding.Latin1.GetString(File.ReadAllBytes(part)));
    }

    private static List<string> KeysIn(MailServer mail) => [.. mail.Mails.Select(sent => LinkKey().Match(sent.Data)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    private static bool Fail(string name, string cell) => throw new Xunit.Sdk.XunitException($"The {name} stands in '{cell}'.");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [GeneratedRegex(@"\?key=([A-Za-z0-9_-]{43})")]
    private static partial Regex LinkKey();

    [GeneratedRegex("<code id=\"totp-secret\">([A-Z2-7 ]+)</code>")]
    private static partial Regex SeedOfAnApp();

    [GeneratedRegex("<li><code>([a-z2-7-]+)</code></li>")]
    private static partial Regex RecoveryCode();

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z")]
    private static partial Regex Hash();
}
