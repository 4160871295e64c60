using System.Text.Json.Nodes;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;

namespace Microservices.Framework.Tests.Documents;

/// <summary>A default stands in for what was not said, not for a zero that was.</summary>
public sealed class ZeroDefaultTests
{
    [Theory]
    [InlineData("{}", 3, 1, 1.5)]
    [InlineData("""{"count":0,"on":0,"rate":0}""", 0, 0, 0.0)]
    [InlineData("""{"count":"0","on":false,"rate":"0"}""", 0, 0, 0.0)]
    [InlineData("""{"count":null,"on":null,"rate":null}""", 3, 1, 1.5)]
    [InlineData("""{"count":7,"on":1,"rate":2}""", 7, 1, 2.0)]
    public async Task Zero_IsKeptWhenItIsSent(string body, int count, int on, double rate)
    {
        await using var service = await TestService.StartAsync(service => service.RegisterResource<Dial>());
        var sent = JsonNode.Parse(body)!.AsObject();
        sent["parts"] = new JsonArray(sent.DeepClone());
        var created = await Isolation.Bank.Created(service.As("acme").PostAsync("/api/resource/Dial", sent));

        foreach (var document in new[] { created.Data, created.Data.GetProperty("parts")[0] })
        {
            Assert.Equal((count, on, rate), (document.GetProperty("count").GetInt32(), document.GetProperty("on").GetInt32(), document.GetProperty("rate").GetDouble()));
        }
    }

    [DocType]
    [Permission("System Manager", Rights.All)]
    public sealed class Dial : Document
    {
        [Field(Default = "3")]
        public int Count { get; set; }

        [Field(Default = "1")]
        public bool On { get; set; }

        [Field(Default = "1.5")]
        public decimal Rate { get; set; }

        [Table]
        public List<DialRow> Parts { get; set; } = [];
    }

    [DocType("Dial Row")]
    public sealed class DialRow : Document
    {
        [Field(Default = "3")]
        public int Count { get; set; }

        [Field(Default = "1")]
        public bool On { get; set; }

        [Field(Default = "1.5")]
        public decimal Rate { get; set; }
    }
}
