using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Microservices.EndToEnd.Support;

/// <summary>The whole product with clients for every way to sign in.</summary>
public sealed class SignInProduct : RunningProduct
{
    /// <summary>A user of Acme, for programs.</summary>
    public const string Username = "erin@acme.example";

    /// <summary>A user of Acme, for pages.</summary>
    public const string Visitor = "frank@acme.example";

    private const string Callback = "https://app.example/callback";

    /// <summary>The password of both.</summary>
    public string Password { get; } = "seven quiet harbours " + RandomNumberGenerator.GetHexString(8);

    /// <summary>Secret of the client <c>e2e-web</c>.</summary>
    public string WebSecret { get; } = RandomNumberGenerator.GetHexString(32) + ":%+&ü";

    /// <summary>The private key of the client <c>e2e-signing</c>, a JWK.</summary>
    public JsonObject SigningKey { get; } = MakeKey();

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Arguments => ["--seed", WriteSeed(), "--address", $"http://{Host}:{Port}"];

    /// <inheritdoc/>
    /// <remarks>Browsers have no passkeys for a bare IP address.</remarks>
    protected override string Host => "localhost";

    private string WriteSeed()
    {
        var publicKey = SigningKey.DeepClone().AsObject();
        publicKey.Remove("d");
        var seed = new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["rate_limit_per_ip_per_minute"] = 10_000,
                ["token_rate_limit_per_client_per_minute"] = 10_000,
                ["password_grant_enabled"] = true,
                ["device_poll_interval_s"] = 1,
            },
            ["tenants"] = new JsonArray(new JsonObject { ["id"] = "acme", ["name"] = "Acme" }),
            ["users"] = new JsonArray(User(Username, "Erin Example"), User(Visitor, "Frank Example")),
            ["clients"] = new JsonArray(
                Client("e2e-web", client => (client["client_secret"], client["first_party"], client["password_grant"]) = (WebSecret, true, true)),
                Client("e2e-public", client =>
                {
                    (client["token_endpoint_auth_method"], client["application_type"]) = ("none", "native");
                    client["redirect_uris"] = new JsonArray(Callback, "http://127.0.0.1/callback");
                }),
                Client("e2e-signing", client => (client["token_endpoint_auth_method"], client["jwks"]) = ("private_key_jwt", new JsonObject { ["keys"] = new JsonArray(publicKey) }))),
        };
        var file = Path.Combine(Folder, "sign-in.json");
        File.WriteAllText(file, seed.ToJsonString());
        return file;
    }

    private JsonObject User(string name, string fullName) => new()
    {
        ["username"] = name,
        ["email"] = name,
        ["full_name"] = fullName,
        ["password"] = Password,
        ["tenant"] = "acme",
        ["roles"] = new JsonArray("System Manager", "Sales Manager"),
    };

    private static JsonObject Client(string id, Action<JsonObject> change)
    {
        var client = new JsonObject
        {
            ["client_id"] = id,
            ["client_name"] = id,
            ["redirect_uris"] = new JsonArray(Callback),
            ["post_logout_redirect_uris"] = new JsonArray("https://app.example/bye"),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "password"),
            ["scope"] = "openid profile email roles offline_access orders.read",
            ["tenant"] = "acme",
        };
        change(client);
        return client;
    }

    private static JsonObject MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
            ["d"] = Base64Url.EncodeToString(parameters.D),
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["kid"] = "e2e",
        };
    }
}
