using System.Reflection;
using System.Security.Claims;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Resources.Methods;

/// <summary>One request for a method: where its arguments are found.</summary>
/// <param name="Context">The request.</param>
/// <param name="Parameters">What it sent.</param>
/// <param name="Files">Files of a multipart form.</param>
/// <param name="Document">The document that a method of a controller or document class runs on, with its event context; null otherwise.</param>
internal sealed record MethodCall(HttpContext Context, IReadOnlyDictionary<string, ParameterValue> Parameters, IFormFileCollection Files, DocumentContext? Document = null);

/// <summary>One parameter of a method's code: a service, or an argument that the request brings.</summary>
internal sealed class MethodParameter
{
    private static readonly NullabilityInfoContext s_nullability = new();

    private readonly Func<MethodCall, object?>? _service;
    private readonly object? _default;
    private readonly bool _hasDefault;

    private MethodParameter(ParameterInfo parameter, Func<Type, bool> isService, bool isOfDocument)
    {
        Type = parameter.ParameterType;
        Name = Names.ToSnake(parameter.Name!);
        Alias = parameter.Name!;
        _hasDefault = parameter.HasDefaultValue;
        _default = _hasDefault ? DefaultOf(parameter) : Type.IsValueType && Nullable.GetUnderlyingType(Type) is null ? Activator.CreateInstance(Type) : null;
        IsNullable = Nullable.GetUnderlyingType(Type) is not null || (!Type.IsValueType && IsDeclaredNullable(parameter));
        _service = isOfDocument ? OfDocument(Type) ?? ServiceOf(Type, IsNullable, isService) : ServiceOf(Type, IsNullable, isService);
        if (_service is null && (Type.IsByRef || Type.IsPointer || typeof(Delegate).IsAssignableFrom(Type) || typeof(Document).IsAssignableFrom(Type)))
        {
            throw new ArgumentException($"{parameter.Member.DeclaringType?.Name}.{parameter.Member.Name}: {Alias} is a {Type.Name}, which is neither a registered service nor what a request can bring.");
        }
    }

    /// <summary>The .NET type.</summary>
    public Type Type { get; }

    /// <summary>The name in a request: snake case.</summary>
    public string Name { get; }

    /// <summary>Whether the request brings it.</summary>
    public bool IsArgument => _service is null;

    /// <summary>Whether a request without it is refused.</summary>
    public bool IsRequired => IsArgument && !_hasDefault && !IsNullable;

    private string Alias { get; }

    private bool IsNullable { get; }

    /// <summary>The parameters of a method's code.</summary>
    /// <exception cref="ArgumentException">One is neither a service nor what a request can bring.</exception>
    /// <param name="parameters">As declared.</param>
    /// <param name="isService">Whether a type is a registered service.</param>
    /// <param name="isOfDocument">Whether the code runs on one document, which it may take.</param>
    public static IReadOnlyList<MethodParameter> All(ParameterInfo[] parameters, Func<Type, bool> isService, bool isOfDocument) =>
        [.. parameters.Select(parameter => new MethodParameter(parameter, isService, isOfDocument))];

    /// <summary>The argument of one call.</summary>
    /// <exception cref="ValidationException">It is missing, or is not what the parameter takes.</exception>
    public object? Read(MethodCall call)
    {
        if (_service is not null)
        {
            return _service(call);
        }

        if (Type == typeof(IFormFile))
        {
            return call.Files.GetFile(Name) ?? call.Files.GetFile(Alias) ?? (IsRequired ? throw Missing() : _default);
        }

        return (call.Parameters.TryGetValue(Name, out var value) || call.Parameters.TryGetValue(Alias, out value)) && ArgumentReader.Read(Type, Name, value) is { } argument ? argument
            : IsRequired ? throw Missing()
            : IsNullable && value.IsNull && value.Json.ValueKind is System.Text.Json.JsonValueKind.Null ? null
            : _default;
    }

    private ValidationException Missing() => new($"{Name} is missing");

    private static object? DefaultOf(ParameterInfo parameter) =>
        parameter.DefaultValue is { } value && Nullable.GetUnderlyingType(parameter.ParameterType) is { IsEnum: true } type ? Enum.ToObject(type, value)
        : parameter.DefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? Activator.CreateInstance(parameter.ParameterType)
        : parameter.DefaultValue;

    private static bool IsDeclaredNullable(ParameterInfo parameter)
    {
        lock (s_nullability)
        {
            return s_nullability.Create(parameter).WriteState is NullabilityState.Nullable;
        }
    }

    private static Func<MethodCall, object?>? OfDocument(Type type) =>
        type == typeof(DocumentContext) ? call => call.Document
        : typeof(Document).IsAssignableFrom(type) ? call => call.Document!.Document
        : null;

    private static Func<MethodCall, object?>? ServiceOf(Type type, bool isNullable, Func<Type, bool> isService) =>
        type == typeof(HttpContext) ? call => call.Context
        : type == typeof(HttpRequest) ? call => call.Context.Request
        : type == typeof(HttpResponse) ? call => call.Context.Response
        : type == typeof(CancellationToken) ? call => call.Context.RequestAborted
        : type == typeof(ClaimsPrincipal) ? call => call.Context.User
        : type == typeof(IFormFileCollection) ? call => call.Files
        : type == typeof(MethodCall) ? call => call
        : type == typeof(CurrentUser) && isNullable ? call => call.Context.Features.Get<CurrentUserFeature>()?.User
        // Every list of services is one, also the empty one; a list in a method is data.
        : isService(type) && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) ? call => call.Context.RequestServices.GetRequiredService(type)
        : null;
}
