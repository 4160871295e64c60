using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microservices.Errors;

namespace Microservices.Resources.Methods;

/// <summary>Makes an argument of a method's type from what the request sent, be it text or JSON.</summary>
internal static class ArgumentReader
{
    private static readonly string[] s_dateTimes =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private static readonly string[] s_times = ["h\\:m\\:s", "h\\:m\\:s\\.FFFFFFF", "h\\:m"];

    /// <summary>The argument; null for a JSON null, and for an empty text where the type is no text.</summary>
    /// <exception cref="ParameterTypeException">The value does not fit; the message names the argument and what it takes.</exception>
    public static object? Read(Type type, string name, ParameterValue value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(ParameterValue))
        {
            return value;
        }

        if (value.IsNull)
        {
            return null;
        }

        if (type == typeof(string))
        {
            return value.Text ?? value.Json.ValueKind switch
            {
                JsonValueKind.String => value.Json.GetString(),
                JsonValueKind.Number => value.Json.GetRawText(), // the name of a document may be a number
                _ => throw Unfit(name, "text"),
            };
        }

        if (TakesOf(type) is not { } takes)
        {
            return ReadJson(type, name, value);
        }

        var text = value.Text ?? value.Json.ValueKind switch
        {
            JsonValueKind.String => value.Json.GetString()!,
            JsonValueKind.Number => value.Json.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw Unfit(name, takes),
        };
        return text.AsSpan().Trim().IsEmpty ? null : Parse(type, text.Trim()) ?? throw Unfit(name, takes);
    }

    /// <summary>What one value of a simple type looks like, in words; null for types that come as JSON.</summary>
    private static string? TakesOf(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) ? "a whole number"
        : type == typeof(decimal) || type == typeof(double) || type == typeof(float) ? "a number"
        : type == typeof(DateOnly) ? "a date, YYYY-MM-DD"
        : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? "a time, YYYY-MM-DD HH:MM:SS"
        : type == typeof(TimeOnly) || type == typeof(TimeSpan) ? "a time of day, HH:MM:SS"
        : type == typeof(Guid) ? "a UUID"
        : null;

    private static object? Parse(Type type, string text)
    {
        if (type.IsEnum)
        {
            // By name only: Enum.Parse also takes numbers and lists of names.
            return Array.Find(Enum.GetNames(type), member => member.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } member ? Enum.Parse(type, member) : null;
        }

        if (type == typeof(bool))
        {
            return text.ToLowerInvariant() switch
            {
                "true" or "1" or "yes" or "y" or "on" or "t" => true,
                "false" or "0" or "no" or "n" or "off" or "f" => false,
                _ => null,
            };
        }

        if (type == typeof(double) || type == typeof(float))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) && (type == typeof(double) || float.IsFinite((float)real))
                ? Convert.ChangeType(real, type, CultureInfo.InvariantCulture)
                : null;
        }

        if (type == typeof(DateOnly) || type == typeof(DateTime) || type == typeof(DateTimeOffset))
        {
            return !DateTime.TryParseExact(text, s_dateTimes, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? null
                : type == typeof(DateOnly) ? DateOnly.FromDateTime(time)
                : type == typeof(DateTime) ? DateTime.SpecifyKind(time, DateTimeKind.Utc)
                : (object)new DateTimeOffset(time, TimeSpan.Zero);
        }

        if (type == typeof(TimeOnly) || type == typeof(TimeSpan))
        {
            return !TimeSpan.TryParseExact(text, s_times, CultureInfo.InvariantCulture, out var time) ? null
                : type == typeof(TimeSpan) ? time
                : (object)TimeOnly.FromTimeSpan(time);
        }

        return type == typeof(Guid) ? (Guid.TryParse(text, out var id) ? id : null) : Number(type, text);
    }

    private static object? Number(Type type, string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        if (type == typeof(decimal))
        {
            return number;
        }

        try
        {
            return decimal.Truncate(number) == number ? Convert.ChangeType(number, type, CultureInfo.InvariantCulture) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static object? ReadJson(Type type, string name, ParameterValue value)
    {
        var isAnyJson = type == typeof(JsonElement) || type == typeof(JsonNode) || type == typeof(object);
        if (value.Text is not { } text)
        {
            return Deserialize(type, name, value.Json);
        }

        if (text.AsSpan().Trim().IsEmpty && !isAnyJson)
        {
            return null;
        }

        JsonElement json;
        try
        {
            using var document = RequestBody.Parse(text, name);
            json = document.RootElement.Clone();
        }
        catch (DataException) when (isAnyJson)
        {
            json = JsonSerializer.SerializeToElement(text); // what is no JSON is text
        }
        catch (DataException)
        {
            throw Unfit(name, TakesJson(type));
        }

        return Deserialize(type, name, json);
    }

    private static object? Deserialize(Type type, string name, JsonElement json)
    {
        // Frappe's clients send lists and objects inside JSON as JSON text, too.
        if (json.ValueKind is JsonValueKind.String && type != typeof(JsonElement) && type != typeof(JsonNode) && type != typeof(object) && type != typeof(byte[]))
        {
            return ReadJson(type, name, new(json.GetString(), default));
        }

        try
        {
            return json.Deserialize(type, MethodJson.Options);
        }
        catch (JsonException exception)
        {
            throw exception.Path is null or "$" ? Unfit(name, TakesJson(type)) : new ParameterTypeException($"{name} does not take this value at {exception.Path[..Math.Min(exception.Path.Length, 140)]}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException or NotSupportedException or ArgumentException)
        {
            throw Unfit(name, TakesJson(type));
        }
    }

    private static string TakesJson(Type type) =>
        type == typeof(JsonArray) || (type != typeof(JsonObject) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) && !IsMap(type)) ? "a JSON list" : "a JSON object";

    private static bool IsMap(Type type) =>
        typeof(System.Collections.IDictionary).IsAssignableFrom(type) || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IDictionary<,>) || definition == typeof(IReadOnlyDictionary<,>)));

    private static ParameterTypeException Unfit(string name, string takes) => new($"{name} takes {takes}");
}
