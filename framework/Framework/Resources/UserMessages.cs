using System.Text.Encodings.Web;
using System.Text.Json;
using Microservices.Errors;
using Microservices.Languages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources;

/// <summary>Writes the messages of a request as Frappe does: in v1 a text with a JSON list of texts with JSON objects, in v2 a list of objects.</summary>
internal static class UserMessages
{
    private static readonly JsonSerializerOptions s_inner = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The messages of a request, in the caller's language.</summary>
    public static IReadOnlyList<Dictionary<string, object>> Of(HttpContext context)
    {
        var messages = context.RequestServices.GetRequiredService<Messages>().All;
        if (messages.Count == 0)
        {
            return [];
        }

        var translator = Translator.Of(context);
        return [.. messages.Select(message => Shape(message, translator))];
    }

    /// <summary>Adds the messages of a request to its answer, when there are any.</summary>
    public static void Append(HttpContext context, Utf8JsonWriter writer)
    {
        var messages = Of(context);
        if (ApiVersion.IsV2(context))
        {
            WriteV2(writer, messages);
        }
        else
        {
            WriteV1(writer, messages);
        }
    }

    /// <summary>Writes <c>_server_messages</c>, when there are messages.</summary>
    public static void WriteV1(Utf8JsonWriter writer, IEnumerable<Dictionary<string, object>> messages)
    {
        string[] texts = [.. messages.Select(message => JsonSerializer.Serialize(message, s_inner))];
        if (texts.Length > 0)
        {
            writer.WriteString("_server_messages", JsonSerializer.Serialize(texts, s_inner));
        }
    }

    /// <summary>Writes <c>messages</c>, when there are any.</summary>
    public static void WriteV2(Utf8JsonWriter writer, IReadOnlyList<Dictionary<string, object>> messages)
    {
        if (messages.Count > 0)
        {
            writer.WritePropertyName("messages");
            JsonSerializer.Serialize(writer, messages, s_inner);
        }
    }

    private static Dictionary<string, object> Shape(UserMessage message, Translator translator)
    {
        var shape = new Dictionary<string, object> { ["message"] = translator.Say(message.Text), ["title"] = translator.Say(message.Title ?? "Message") };
        if (message.Indicator is not null)
        {
            shape["indicator"] = message.Indicator;
        }

        if (message.IsAlert)
        {
            shape["alert"] = 1;
        }

        return shape;
    }
}
