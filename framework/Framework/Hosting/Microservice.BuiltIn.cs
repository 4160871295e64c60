using Microservices.DocTypes;
using Microservices.Documents;
using Microservices.Resources;

namespace Microservices;

public sealed partial class Microservice
{
    /// <summary>
    /// Adds a DocType that every service has. Its documents are named after the service and a hash, unless its rule says otherwise.
    /// </summary>
    /// <param name="configure">Options of its API.</param>
    /// <param name="isServed">Whether the API answers it; otherwise code alone reads and writes it.</param>
    /// <exception cref="DocTypeException">The service declares a DocType of that name itself.</exception>
    internal Microservice RegisterBuiltIn<T>(Action<ResourceOptions>? configure = null, bool isServed = true)
        where T : Document
    {
        var definition = ClassDocTypeReader.Read(typeof(T)) with { BuiltInOf = Name };
        Declare(definition);
        foreach (var child in ClassDocTypeReader.ChildTypes(typeof(T)))
        {
            Declare(ClassDocTypeReader.Read(child) with { IsTable = true, BuiltInOf = Name });
        }

        return isServed ? Serve(definition, configure) : this;
    }
}
