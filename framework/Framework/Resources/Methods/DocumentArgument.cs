using System.Text.Json;
using Microservices.Errors;

namespace Microservices.Resources.Methods;

/// <summary>Reads what a document that a client sent says about itself.</summary>
internal static class DocumentArgument
{
    /// <summary>The JSON that a text holds, as Frappe's clients send it inside JSON; any other value as it is.</summary>
    /// <exception cref="DataException">The text is not JSON.</exception>
    public static JsonElement Json(JsonElement value, string parameter)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return value;
        }

        using var document = RequestBody.Parse(value.GetString()!, parameter);
        return document.RootElement.Clone();
    }

    /// <summary>Its DocType.</summary>
    /// <exception cref="ParameterTypeException">It is no object, or <c>doctype</c> is no text.</exception>
    /// <exception cref="ValidationException">It does not say.</exception>
    public static string DocTypeOf(JsonElement document, string parameter) => Text(document, "doctype", parameter) is { Length: > 0 } docType
        ? docType
        : throw new ValidationException($"{parameter}.doctype is missing");

    /// <summary>A text or number of it; empty when it has none.</summary>
    /// <exception cref="ParameterTypeException">It is no object, or the value is neither text nor number.</exception>
    public static string Text(JsonElement document, string key, string parameter)
    {
        if (document.ValueKind is not JsonValueKind.Object)
        {
            throw new ParameterTypeException($"{parameter} takes a JSON object");
        }

        return !document.TryGetProperty(key, out var value) || value.ValueKind is JsonValueKind.Null ? ""
            : ArgumentReader.Read(typeof(string), $"{parameter}.{key}", new(null, value)) as string ?? "";
    }

    /// <summary>Whether the client says that it is not stored yet.</summary>
    public static bool IsLocal(JsonElement document) => document.TryGetProperty("__islocal", out var flag)
        && flag.ValueKind is not (JsonValueKind.Null or JsonValueKind.False) && !(flag.ValueKind is JsonValueKind.Number && flag.GetRawText() == "0");
}
