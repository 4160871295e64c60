using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microservices.Data;
using Microservices.Documents;
using Microservices.Errors;
using Microservices.Resources.Methods.Client;
using Microservices.Security;

namespace Microservices.Resources.Methods;

/// <summary>
/// JSON of arguments and results. Names are in snake case, times as everywhere in Frappe's API, and a document shows a caller what that caller may read.
/// </summary>
internal static class MethodJson
{
    /// <summary>The rules of arguments and results.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    // Writing is synchronous, so what belongs to one thread meanwhile belongs to one result.
    [ThreadStatic]
    private static CurrentUser? t_reader;

    /// <summary>Writes a result.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The result.</param>
    /// <param name="reader">Who reads documents in it; null when nobody is signed in.</param>
    public static void Write(Utf8JsonWriter writer, object? value, CurrentUser? reader)
    {
        t_reader = reader;
        try
        {
            JsonSerializer.Serialize(writer, value, value?.GetType() ?? typeof(object), Options);
        }
        finally
        {
            t_reader = null;
        }
    }

    private static JsonSerializerOptions Create() => new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Converters = { new DocStatusConverter(), new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new DocumentConverter(), new WholeDocumentConverter(), new RowConverter(), new DateTimeConverter(), new TimeSpanConverter() },
    };

    private sealed class DocumentConverter : JsonConverter<Document>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(Document).IsAssignableFrom(typeToConvert);

        public override Document Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A document is not an argument: take a JsonObject, and insert or update with it.");

        public override void Write(Utf8JsonWriter writer, Document value, JsonSerializerOptions options) =>
            DocumentJson.Write(writer, value, Access.Of(t_reader ?? throw new PermissionException("Documents are for callers who are signed in"), value.DocType
                ?? throw new InvalidOperationException("A document in a result is made by TenantDb, or has met it.")));
    }

    private sealed class WholeDocumentConverter : JsonConverter<WholeDocument>
    {
        public override WholeDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, WholeDocument value, JsonSerializerOptions options) =>
            DocumentJson.Write(writer, value.Document, value.Access, withNulls: true);
    }

    private sealed class RowConverter : JsonConverter<Row>
    {
        public override Row Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("A row is not an argument.");

        public override void Write(Utf8JsonWriter writer, Row value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (name, cell) in value)
            {
                writer.WritePropertyName(name);
                FrappeJson.Write(writer, cell);
            }

            writer.WriteEndObject();
        }
    }

    private sealed class DocStatusConverter : JsonConverter<DocStatus>
    {
        public override DocStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var number) && number is >= 0 and <= 2 ? (DocStatus)number : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DocStatus value, JsonSerializerOptions options) => writer.WriteNumberValue((int)value);
    }

    private sealed class DateTimeConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && ArgumentReader.Read(typeof(DateTime), "", new(reader.GetString(), default)) is DateTime time ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            FrappeJson.Write(writer, (object)(value.Kind is DateTimeKind.Local ? value.ToUniversalTime() : value));
    }

    private sealed class TimeSpanConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && TimeSpan.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var time) ? time : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => FrappeJson.Write(writer, (object)value);
    }
}
