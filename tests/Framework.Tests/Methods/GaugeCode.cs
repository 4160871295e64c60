using Microservices.Documents;

namespace Microservices.Framework.Tests.Methods;

/// <summary>Code of a DocType from JSON; the controller that the service finds derives from it.</summary>
public abstract class GaugeCode(TimeProvider time) : DocumentController
{
    [Whitelist]
    public string Read(Document document, DocumentContext context, string unit) => $"{document.Name}:{document["reading"]}{unit}:{context.User.Name}:{time.GetUtcNow().Year > 2000}";
}
