using Microservices.Documents;
using Microservices.Security;

namespace Microservices.Resources.Methods.Client;

/// <summary>A document as <c>frappe.client</c> answers it: with its empty values.</summary>
/// <param name="Document">The document.</param>
/// <param name="Access">What the caller may read of it.</param>
internal sealed record WholeDocument(Document Document, Access Access);
