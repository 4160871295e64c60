using System.Text.Json;
using System.Text.Json.Serialization;
using Microservices.Benchmarks.Data;

namespace Microservices.Benchmarks.Handwritten;

internal sealed record Answer<T>(T Data);

internal sealed class ItemSummary
{
    public required string Name { get; init; }
    public string? Customer { get; init; }
    public string? Status { get; init; }
    public int Quantity { get; init; }
    public decimal Amount { get; init; }

    [JsonConverter(typeof(FrappeDatetimeConverter))]
    public DateTime Modified { get; init; }
}

internal sealed class Item
{
    public required string Name { get; init; }
    public string? Owner { get; init; }

    [JsonConverter(typeof(FrappeDatetimeConverter))]
    public DateTime Creation { get; init; }

    [JsonConverter(typeof(FrappeDatetimeConverter))]
    public DateTime Modified { get; init; }

    public string? ModifiedBy { get; init; }
    public int Docstatus { get; init; }
    public int Idx { get; init; }
    public string? Customer { get; init; }
    public string? Status { get; init; }
    public int Quantity { get; init; }
    public decimal Amount { get; init; }

    [JsonConverter(typeof(FrappeDateConverter))]
    public DateTime? Due { get; init; }

    public string Doctype { get; } = BenchItem.DocType;
}

internal sealed class ItemInput
{
    public string? Customer { get; init; }
    public string? Status { get; init; }
    public int Quantity { get; init; }
    public decimal Amount { get; init; }

    [JsonConverter(typeof(FrappeDateConverter))]
    public DateTime? Due { get; init; }
}

internal sealed record ItemChange(
    string Name,
    string? Status,
    int Quantity,
    decimal Amount,
    [property: JsonConverter(typeof(FrappeDatetimeConverter))] DateTime Modified,
    string ModifiedBy);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Answer<IEnumerable<ItemSummary>>))]
[JsonSerializable(typeof(Answer<Item>))]
[JsonSerializable(typeof(Answer<ItemChange>))]
[JsonSerializable(typeof(ItemInput))]
internal sealed partial class ItemJson : JsonSerializerContext;

/// <summary><c>2026-01-31 12:00:00.123456</c></summary>
internal sealed class FrappeDatetimeConverter() : ExactTimeConverter("yyyy-MM-dd HH:mm:ss.ffffff");

/// <summary><c>2026-01-31</c></summary>
internal sealed class FrappeDateConverter() : ExactTimeConverter("yyyy-MM-dd");

internal abstract class ExactTimeConverter(string format) : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTime.ParseExact(reader.GetString()!, format, System.Globalization.CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out int length, format, System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
