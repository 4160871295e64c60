using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Central.Users;

namespace Microservices.Central.Tests.Support;

/// <summary>Two tenants with users, clients and keys. Limits are out of the way; tests of limits set their own.</summary>
internal static class TestSeed
{
    public const int PasswordIterations = 100;

    public static string PasswordOf(string user) => $"a long winding road of {user}";

    /// <summary>Hashing takes its time on purpose: each user's password is hashed once for all sites. On a thread of its own, as those of the tests may all be waiting here.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_hashes = new(StringComparer.Ordinal);
    private static readonly PasswordHashing s_hashing = new(PasswordIterations);

    public static string SecretOf(string client) => $"secret:of {client}+%&ü"; // every letter that form-encoding must carry

    public static JsonObject Create(Action<JsonObject>? change = null)
    {
        var seed = new JsonObject
        {
            ["settings"] = new JsonObject { ["rate_limit_per_ip_per_minute"] = 100_000, ["token_rate_limit_per_client_per_minute"] = 100_000, ["client_auth_max_failures"] = 100_000 },
            ["tenants"] = new JsonArray(Tenant("acme"), Tenant("globex")),
            ["resources"] = new JsonArray(new JsonObject { ["id"] = "orders", ["scopes"] = new JsonArray("orders.read", "orders.write") }),
            ["users"] = new JsonArray(
                User("alice", "acme", "System Manager", "Sales User"),
                User("bob", "acme", "Sales User"),
                User("ada", "acme", "Administrator", "System Manager"),
                User("carol", "globex", "System Manager"),
                Disabled(User("dave", "acme", "Sales User")),
                User("root", "platform", "Platform Administrator", "System Manager"),
                User("porter", "platform", "System Manager")),
            ["clients"] = new JsonArray(
                Client("acme-app", "acme", client => (client["scope"], client["roles"]) = ("orders.read orders.write openid", new JsonArray("Sales User"))),
                Client("globex-app", "globex", _ => { }),
                Client("narrow-app", "acme", client => client["resources"] = new JsonArray("orders", "billing")),
                Client("almighty", "acme", client => client["roles"] = new JsonArray("Administrator")),
                Client("signup", null, client => client["roles"] = new JsonArray("Tenant Provisioner")),
                Client("mixed", null, client => (client["roles"], client["resources"]) = (new JsonArray("Tenant Provisioner", "Helper"), new JsonArray("orders", "central"))),
                Client("orders", null, client =>
                {
                    (client["grant_types"], client["introspects"]) = (new JsonArray(), new JsonArray("orders"));
                    (client["may_introspect_sessions"], client["may_introspect_api_keys"]) = (true, true);
                }),
                Client("globex-orders", "globex", client =>
                {
                    (client["grant_types"], client["introspects"]) = (new JsonArray(), new JsonArray("orders"));
                    (client["may_introspect_sessions"], client["may_introspect_api_keys"]) = (true, true);
                }),
                Client("bystander", null, client => client["grant_types"] = new JsonArray()),
                Client("posting", "acme", client => client["token_endpoint_auth_method"] = "client_secret_post"),
                Signing("signing", AssertionKey.Registered.PublicJwk()),
                Signing("two-keys", AssertionKey.Registered.PublicJwk(), new AssertionKey("key-2").PublicJwk()),
                Signing("bare", Bare(AssertionKey.Registered.PublicJwk())),
                Flow("web", "https://app.example/callback", client => client["post_logout_redirect_uris"] = new JsonArray("https://app.example/bye")),
                Flow("other", "https://other.example/cb?keep=1", _ => { }),
                Flow("acme-web", "https://acme.example/cb", client => client["tenant"] = "acme"),
                Flow("own", "https://own.example/cb", client => (client["first_party"], client["require_consent"]) = (true, false)),
                Flow("spa", "https://spa.example/cb", client =>
                {
                    (client["token_endpoint_auth_method"], client["client_secret"]) = ("none", null);
                    client["allowed_cors_origins"] = new JsonArray("https://spa.example");
                }),
                Device("tv", null),
                Device("acme-tv", "acme"),
                Flow("native", "http://127.0.0.1/cb", client =>
                {
                    (client["token_endpoint_auth_method"], client["client_secret"], client["application_type"]) = ("none", null, "native");
                    client["redirect_uris"] = new JsonArray("http://127.0.0.1/cb", "http://[::1]/cb", "com.example.app:/cb");
                })),
            ["api_keys"] = new JsonArray(
                Key("bob-key", "bob", "acme", _ => { }),
                Key("alice-key", "alice", "acme", _ => { }),
                Key("alice-limited", "alice", "acme", key => key["roles"] = new JsonArray("Sales User", "Administrator")),
                Key("old-key", "bob", "acme", key => key["expires_at"] = "2020-01-01T00:00:00Z")),
        };
        change?.Invoke(seed);
        return seed;
    }

    /// <summary>The same with some of the users only: hashing each one's password takes its time.</summary>
    public static JsonObject Of(params string[] users) => Create(seed =>
    {
        foreach (var user in seed["users"]!.AsArray().Where(user => !users.Contains((string?)user!["username"])).ToList())
        {
            seed["users"]!.AsArray().Remove(user);
        }

        foreach (var key in seed["api_keys"]!.AsArray().Where(key => !users.Contains((string?)key!["user"])).ToList())
        {
            seed["api_keys"]!.AsArray().Remove(key);
        }
    });

    public static string PairOf(string key) => $"{key}:secret-of-{key}";

    private static JsonObject Tenant(string id) => new() { ["id"] = id, ["name"] = id.ToUpperInvariant() };

    public static JsonObject User(string name, string tenant, params string[] roles) => new()
    {
        ["id"] = "u-" + name,
        ["username"] = name,
        ["email"] = $"{name}@{tenant}.example",
        ["password_hash"] = HashOf(name),
        ["full_name"] = $"The {name}",
        ["tenant"] = tenant,
        ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
    };

    private static string HashOf(string user) => s_hashes.GetOrAdd(
        user, static name => new Lazy<string>(() => Task.Run(() => s_hashing.HashAsync(PasswordOf(name), CancellationToken.None)).GetAwaiter().GetResult())).Value;

    private static JsonObject Disabled(JsonObject user)
    {
        user["enabled"] = false;
        return user;
    }

    private static JsonObject Client(string id, string? tenant, Action<JsonObject> change)
    {
        var client = new JsonObject
        {
            ["client_id"] = id,
            ["client_secret"] = SecretOf(id),
            ["grant_types"] = new JsonArray("client_credentials"),
            ["tenant"] = tenant,
        };
        change(client);
        return client;
    }

    /// <summary>A client of users.</summary>
    private static JsonObject Flow(string id, string redirectUri, Action<JsonObject> change) => Client(id, null, client =>
    {
        client["grant_types"] = new JsonArray("authorization_code", "refresh_token");
        client["redirect_uris"] = new JsonArray(redirectUri);
        client["scope"] = "openid profile email roles offline_access orders.read";
        client["resources"] = new JsonArray("orders", "billing");
        change(client);
    });

    /// <summary>A client that signs to prove who it is.</summary>
    private static JsonObject Signing(string id, params JsonNode[] keys) => Client(id, "acme", client =>
    {
        (client["token_endpoint_auth_method"], client["client_secret"]) = ("private_key_jwt", null);
        client["jwks"] = new JsonObject { ["keys"] = new JsonArray(keys) };
        client["grant_types"] = new JsonArray("client_credentials", "urn:ietf:params:oauth:grant-type:device_code");
        client["introspects"] = new JsonArray("https://site.example");
    });

    private static JsonObject Bare(JsonObject jwk)
    {
        foreach (var member in (string[])["use", "alg", "kid"])
        {
            jwk.Remove(member);
        }

        return jwk;
    }

    /// <summary>A client on devices without a browser.</summary>
    private static JsonObject Device(string id, string? tenant) => Flow(id, $"https://{id}.example/cb", client =>
    {
        (client["client_name"], client["tenant"], client["token_endpoint_auth_method"], client["client_secret"]) = ("The TV", tenant, "none", null);
        client["grant_types"] = new JsonArray("urn:ietf:params:oauth:grant-type:device_code", "authorization_code", "refresh_token");
    });

    private static JsonObject Key(string key, string user, string tenant, Action<JsonObject> change)
    {
        var entry = new JsonObject { ["key"] = key, ["secret"] = $"secret-of-{key}", ["user"] = user, ["tenant"] = tenant, ["name"] = key };
        change(entry);
        return entry;
    }
}
