using System.Text.Json.Nodes;

namespace Microservices.Framework.Tests.Support;

/// <summary>A folder with DocType files that a test writes, one after the other, as a service grows.</summary>
internal sealed class DocTypeFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microservices-doctypes-").FullName;

    /// <summary>A DocType of some fields: name, fieldtype, and what else its field says.</summary>
    public Action<Microservice> Register(string name, params (string Name, string Type, JsonObject? More)[] fields) => Register(name, isTable: false, fields);

    /// <summary>A DocType or child DocType.</summary>
    public Action<Microservice> Register(string name, bool isTable, params (string Name, string Type, JsonObject? More)[] fields)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".json");
        var docType = new JsonObject
        {
            ["doctype"] = "DocType",
            ["name"] = name,
            ["istable"] = isTable ? 1 : 0,
            ["autoname"] = isTable ? "hash" : "prompt",
            ["fields"] = new JsonArray([.. fields.Select(Field)]),
            ["permissions"] = new JsonArray(new JsonObject { ["role"] = "System Manager", ["read"] = 1, ["write"] = 1, ["create"] = 1, ["delete"] = 1 }),
        };
        File.WriteAllText(file, docType.ToJsonString());
        return service => service.RegisterResources(file);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonNode Field((string Name, string Type, JsonObject? More) field)
    {
        var declared = new JsonObject { ["fieldname"] = field.Name, ["fieldtype"] = field.Type };
        foreach (var (key, value) in field.More ?? [])
        {
            declared[key] = value?.DeepClone();
        }

        return declared;
    }
}
