using System.Linq.Expressions;
using System.Reflection;

namespace Microservices.Resources.Methods;

/// <summary>The code of a method, ready to be called: where each of its arguments comes from, and how its result is awaited.</summary>
internal sealed class MethodHandler
{
    private readonly Lazy<Func<object?, object?[], object?>> _call;
    private readonly Func<object, ValueTask<object?>>? _await;

    private MethodHandler(Lazy<Func<object?, object?[], object?>> call, MethodInfo method, IReadOnlyList<MethodParameter> parameters)
    {
        _call = call;
        _await = Awaiter(method.ReturnType);
        Parameters = parameters;
        Result = ResultOf(method.ReturnType);
    }

    /// <summary>Its parameters, in order.</summary>
    public IReadOnlyList<MethodParameter> Parameters { get; }

    /// <summary>The type of its result; null when it has none.</summary>
    public Type? Result { get; }

    /// <summary>Compiles a delegate.</summary>
    /// <exception cref="ArgumentException">A parameter is neither a service nor what a request can bring.</exception>
    public static MethodHandler Of(Delegate handler, Func<Type, bool> isService)
    {
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var instance = Expression.Parameter(typeof(object), "instance");
        var invoke = handler.GetType().GetMethod("Invoke")!.GetParameters();
        // The method of a delegate may have one more parameter in front, its closure; names and defaults stand in the others.
        var declared = handler.Method.GetParameters()[^invoke.Length..];
        var body = Expression.Invoke(Expression.Constant(handler), Arguments(arguments, invoke));
        return new MethodHandler(Compile(body, instance, arguments), handler.Method, MethodParameter.All(declared, isService, isOfDocument: false));
    }

    /// <summary>Compiles a method of a class.</summary>
    /// <exception cref="ArgumentException">A parameter is neither a service nor what a request can bring.</exception>
    public static MethodHandler Of(MethodInfo method, Func<Type, bool> isService)
    {
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var instance = Expression.Parameter(typeof(object), "instance");
        var parameters = method.GetParameters();
        var body = Expression.Call(method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!), method, Arguments(arguments, parameters));
        return new MethodHandler(Compile(body, instance, arguments), method, MethodParameter.All(parameters, isService, isOfDocument: !method.IsStatic));
    }

    /// <summary>Calls the code.</summary>
    /// <param name="instance">The document or controller of an instance method; null otherwise.</param>
    /// <param name="call">The request.</param>
    public ValueTask<object?> InvokeAsync(object? instance, MethodCall call)
    {
        var arguments = new object?[Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Parameters[i].Read(call);
        }

        var result = _call.Value(instance, arguments);
        return _await is null || result is null ? ValueTask.FromResult(result) : _await(result);
    }

    private static IEnumerable<Expression> Arguments(Expression array, ParameterInfo[] parameters) =>
        parameters.Select((parameter, index) => Expression.Convert(Expression.ArrayIndex(array, Expression.Constant(index)), parameter.ParameterType));

    // What cannot be called fails here, at the start; compiling waits for the first call, which most methods of a service never see.
    private static Lazy<Func<object?, object?[], object?>> Compile(Expression body, ParameterExpression instance, ParameterExpression arguments) =>
        new(Expression.Lambda<Func<object?, object?[], object?>>(
            body.Type == typeof(void) ? Expression.Block(body, Expression.Constant(null)) : Expression.Convert(body, typeof(object)), instance, arguments).Compile);

    private static Type? ResultOf(Type type) =>
        type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask) ? null
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)) ? type.GetGenericArguments()[0]
        : type;

    private static Func<object, ValueTask<object?>>? Awaiter(Type type)
    {
        if (type == typeof(Task))
        {
            return static async result =>
            {
                await (Task)result;
                return null;
            };
        }

        if (type == typeof(ValueTask))
        {
            return static async result =>
            {
                await (ValueTask)result;
                return null;
            };
        }

        return ResultOf(type) is { } inner && inner != type
            ? typeof(MethodHandler).GetMethod(type.GetGenericTypeDefinition() == typeof(Task<>) ? nameof(FromTask) : nameof(FromValueTask), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(inner).CreateDelegate<Func<object, ValueTask<object?>>>()
            : null;
    }

    private static async ValueTask<object?> FromTask<T>(object result) => await (Task<T>)result;

    private static async ValueTask<object?> FromValueTask<T>(object result) => await (ValueTask<T>)result;
}
