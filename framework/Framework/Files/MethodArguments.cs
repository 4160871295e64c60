using System.Text.Json;
using Microservices.Errors;

namespace Microservices.Files;

/// <summary>Named arguments of a method in the body of a request.</summary>
internal readonly struct MethodArguments(JsonElement body)
{
    /// <summary>An argument as text; empty when it did not come.</summary>
    public string Text(string name) =>
        body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            JsonValueKind.String or JsonValueKind.Number => value.ToString(),
            _ => throw new ValidationException($"{name} does not take this value"),
        };

    /// <summary>An argument that is 0 or 1; false when it did not come.</summary>
    public bool Flag(string name) => FileEndpoints.Flag(name, Text(name));
}
