using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Languages;

namespace Microservices.Resources.OpenApi;

/// <summary>
/// Tells the labels and explanations of fields in a language. Names, types and the values of selects stay what they are; how those values read
/// stands beside them, as <c>x-enum-labels</c>.
/// </summary>
internal static class SpecificationTranslation
{
    private const string EnumLabels = "x-enum-labels";

    public static byte[] Apply(byte[] specification, TextCatalog catalog, string language)
    {
        var document = JsonNode.Parse(specification)!;
        foreach (var (_, schema) in document["components"]?["schemas"]?.AsObject() ?? [])
        {
            if (schema is JsonObject type)
            {
                Translate(type, catalog, language);
                foreach (var (_, property) in type["properties"] as JsonObject ?? [])
                {
                    Translate(property as JsonObject, catalog, language);
                }
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    private static void Translate(JsonObject? schema, TextCatalog catalog, string language)
    {
        foreach (var key in (string[])["title", "description"])
        {
            if (TextOf(schema?[key]) is { } text && catalog.Find(language, text) is { } translation)
            {
                schema![key] = translation;
            }
        }

        if (schema?["enum"] is JsonArray values && values.Any(value => TextOf(value) is { } text && catalog.Find(language, text) is not null))
        {
            schema[EnumLabels] = new JsonArray([.. values.Select(value => TextOf(value) is { } text ? JsonValue.Create(catalog.Find(language, text) ?? text) : null)]);
        }
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
