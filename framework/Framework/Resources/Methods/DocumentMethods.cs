using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>A method of one document, of its class or of its controller.</summary>
/// <param name="Name">What clients call.</param>
/// <param name="Handler">The code.</param>
/// <param name="Verbs">Verbs that it takes; none means those of the way of calling.</param>
/// <param name="Controller">The controller that has it; null when the document's class has.</param>
internal sealed record DocumentMethod(string Name, MethodHandler Handler, ImmutableArray<string> Verbs, Type? Controller);

/// <summary>The whitelisted methods of document classes and controllers, found when the service starts.</summary>
internal sealed class DocumentMethods
{
    private readonly FrozenDictionary<(DocType, string), DocumentMethod> _methods;
    private readonly FrozenSet<(DocType, string)> _others;

    /// <exception cref="ArgumentException">A method cannot be called, or two have one name.</exception>
    public DocumentMethods(DocTypeRegistry docTypes, ControllerRegistry controllers, Func<Type, bool> isService)
    {
        var methods = new Dictionary<(DocType, string), DocumentMethod>();
        var others = new HashSet<(DocType, string)>();
        foreach (var (docType, type) in ClassesOf(docTypes, controllers))
        {
            foreach (var method in MethodsOf(type, BindingFlags.Instance))
            {
                if (method.GetCustomAttribute<WhitelistAttribute>() is not { } attribute)
                {
                    others.Add((docType, NameOf(method, null)));
                }
                else if (!methods.TryAdd((docType, NameOf(method, attribute)), new DocumentMethod(
                    NameOf(method, attribute), MethodHandler.Of(method, isService), VerbsOf(attribute), type == docType.DocumentClass ? null : type)))
                {
                    throw new ArgumentException($"{type.FullName} has two whitelisted methods {NameOf(method, attribute)}.");
                }
            }
        }

        _methods = methods.ToFrozenDictionary();
        _others = others.ToFrozenSet();
    }

    /// <summary>The methods of a DocType's documents, by name, for the documentation.</summary>
    public IEnumerable<DocumentMethod> Of(DocType docType) =>
        _methods.Where(entry => entry.Key.Item1 == docType).Select(entry => entry.Value).OrderBy(method => method.Name, StringComparer.Ordinal);

    /// <summary>Whether a DocType's documents have a method of this name, whitelisted or not.</summary>
    public bool Has(DocType docType, string name) => _methods.ContainsKey((docType, name)) || _others.Contains((docType, name));

    /// <summary>The method of a name.</summary>
    /// <exception cref="DoesNotExistException">There is none.</exception>
    /// <exception cref="PermissionException">There is one, and it is not for the API.</exception>
    public DocumentMethod Get(DocType docType, string name) =>
        _methods.TryGetValue((docType, name), out var method) ? method
        : _others.Contains((docType, name)) ? throw new PermissionException($"Method {name} of {docType.Name} is not whitelisted")
        : throw new DoesNotExistException($"{docType.Name} has no method {name}");

    /// <summary>Runs a method on a document.</summary>
    /// <param name="context">The request; its verb must be one that the method takes.</param>
    /// <param name="method">The method.</param>
    /// <param name="call">The document and the arguments.</param>
    /// <exception cref="PermissionException">The method does not take the verb.</exception>
    public static ValueTask<object?> InvokeAsync(HttpContext context, DocumentMethod method, MethodCall call)
    {
        var verb = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        if (!method.Verbs.IsEmpty && !method.Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase))
        {
            throw new PermissionException($"{method.Name} takes {string.Join(", ", method.Verbs)}, not {verb}");
        }

        var instance = method.Controller is null ? call.Document!.Document : ActivatorUtilities.CreateInstance(context.RequestServices, method.Controller);
        return method.Handler.InvokeAsync(instance, call);
    }

    /// <summary>The static methods of document classes and controllers, called by DocType and name.</summary>
    /// <exception cref="ArgumentException">A method cannot be called.</exception>
    public static IEnumerable<Method> Static(DocTypeRegistry docTypes, ControllerRegistry controllers, Func<Type, bool> isService) =>
        from entry in ClassesOf(docTypes, controllers)
        from method in MethodsOf(entry.Type, BindingFlags.Static)
        let attribute = method.GetCustomAttribute<WhitelistAttribute>()
        where attribute is not null
        select new Method(
            MethodRegistry.NameOf(entry.DocType, NameOf(method, attribute)),
            MethodHandler.Of(method, isService),
            VerbsOf(attribute) is { IsEmpty: false } verbs ? verbs : [.. new MethodOptions().Verbs],
            attribute.AllowGuest,
            Roles: [],
            Summary: "",
            IsShared: false);

    private static IEnumerable<(DocType DocType, Type Type)> ClassesOf(DocTypeRegistry docTypes, ControllerRegistry controllers) =>
        from docType in docTypes.All
        let type = controllers.Find(docType) ?? docType.DocumentClass
        where type != typeof(Document)
        select (docType, type);

    // Events and what every document has are no methods to be called by name, whitelisted or not.
    private static IEnumerable<MethodInfo> MethodsOf(Type type, BindingFlags kind) =>
        type.GetMethods(kind | BindingFlags.Public | BindingFlags.FlattenHierarchy)
            .Where(method => !method.IsSpecialName && !method.IsGenericMethodDefinition && method.DeclaringType != typeof(object) && method.DeclaringType?.Assembly != typeof(Document).Assembly);

    private static string NameOf(MethodInfo method, WhitelistAttribute? attribute) =>
        attribute?.Name ?? Names.ToSnake(method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^"Async".Length] : method.Name);

    private static ImmutableArray<string> VerbsOf(WhitelistAttribute attribute) =>
        [.. (attribute.Methods ?? "").ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
