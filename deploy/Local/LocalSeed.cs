using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Hosting;

namespace Local;

/// <summary>What the central site begins with: a client for each service, and the demo's tenants, users and clients or those of <c>--seed</c>.</summary>
internal static class LocalSeed
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "seed.json";

    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true };

    /// <summary>Writes the seed beside the data, readable by its owner only, and returns its path.</summary>
    /// <exception cref="StartupException">The file of <c>--seed</c> cannot be read, or is no JSON object.</exception>
    public static string Write(LocalOptions options, LocalSecrets secrets, IReadOnlyList<string> services)
    {
        var seed = options.SeedFile is { } file ? Read(file) : Demo(secrets);
        if (seed["clients"] is not (null or JsonArray))
        {
            throw new StartupException($"{options.SeedFile}: clients is a list.");
        }

        var clients = seed["clients"] as JsonArray ?? [];
        seed["clients"] = clients;
        foreach (var service in services)
        {
            clients.Add(Service(service, secrets.ServiceSecret(service)));
        }

        var path = Path.Combine(options.DataFolder, FileName);
        LocalSecrets.WriteOwnerOnly(path, seed.ToJsonString(s_readable));
        return path;
    }

    private static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file), documentOptions: s_lenient) as JsonObject ?? throw new StartupException($"{file}: a seed is a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new StartupException($"{file} is not valid JSON (line {exception.LineNumber + 1}).", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The seed cannot be read: {exception.Message}", exception);
        }
    }

    // Each service may ask about sessions and API keys; only signup may make tenants.
    private static JsonObject Service(string name, string secret) => new()
    {
        ["client_id"] = name,
        ["client_secret"] = secret,
        ["client_name"] = name,
        ["grant_types"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_method"] = "client_secret_basic",
        ["roles"] = name == "signup" ? new JsonArray("Tenant Provisioner") : [],
        ["may_introspect_sessions"] = true,
        ["may_introspect_api_keys"] = true,
    };

    private static JsonObject Demo(LocalSecrets secrets) => new()
    {
        ["settings"] = new JsonObject { ["login_link_enabled"] = true },
        ["tenants"] = new JsonArray(
            new JsonObject { ["id"] = "acme", ["name"] = "Acme" },
            new JsonObject { ["id"] = "globex", ["name"] = "Globex" }),
        ["users"] = new JsonArray(
            User("admin@acme.example", "Ada Admin", "acme", secrets.AcmePassword, "System Manager"),
            User("admin@globex.example", "Gus Admin", "globex", secrets.GlobexPassword, "System Manager")),
        ["clients"] = new JsonArray(
            Client("acme-demo", secrets.AcmeClientSecret, "acme"),
            Client("globex-demo", secrets.GlobexClientSecret, "globex")),
        ["api_keys"] = new JsonArray(
            new JsonObject { ["key"] = "acme-demo-key", ["secret"] = secrets.AcmeApiSecret, ["user"] = "admin@acme.example", ["tenant"] = "acme", ["name"] = "demo" }),
    };

    private static JsonObject User(string email, string fullName, string tenant, string password, string role) => new()
    {
        ["username"] = email,
        ["email"] = email,
        ["full_name"] = fullName,
        ["password"] = password,
        ["tenant"] = tenant,
        ["roles"] = new JsonArray(role),
        ["enabled"] = true,
    };

    private static JsonObject Client(string id, string secret, string tenant) => new()
    {
        ["client_id"] = id,
        ["client_secret"] = secret,
        ["client_name"] = id,
        ["tenant"] = tenant,
        ["grant_types"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_method"] = "client_secret_basic",
        ["roles"] = new JsonArray("Sales Manager"),
    };
}
