using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>Handlers of document events, by DocType. Filled before the service starts, frozen after.</summary>
public sealed class Hooks
{
    /// <summary>Stands for every DocType.</summary>
    public const string AnyDocType = "*";

    private readonly List<(string DocType, DocumentEvent Moment, Func<DocumentContext, ValueTask> Handler)> _registered = [];
    private readonly List<(string DocType, DocumentEvent Moment, Type Service)> _needs = [];
    private FrozenDictionary<(string, DocumentEvent), ImmutableArray<Func<DocumentContext, ValueTask>>>? _frozen;

    /// <summary>The registered pairs of DocType and event, in order, for start-up checks and diagnostics.</summary>
    public IEnumerable<(string DocType, DocumentEvent Moment)> Registered => _registered.Select(hook => (hook.DocType, hook.Moment));

    /// <summary>The services that handlers take, for start-up checks.</summary>
    internal IEnumerable<(string DocType, DocumentEvent Moment, Type Service)> Needs => _needs;

    /// <summary>
    /// Adds a handler. Its parameters may be the document (<see cref="Document"/> or the DocType's class), the <see cref="DocumentContext"/>, its
    /// <see cref="CancellationToken"/>, database, user and tenant, and any registered service. A <see cref="Task"/> or <see cref="ValueTask"/> it returns is awaited; any other value is ignored, as that of an assignment.
    /// </summary>
    /// <exception cref="ArgumentException">The handler returns <see cref="ValueTask{TResult}"/>.</exception>
    /// <exception cref="InvalidOperationException">The service has started.</exception>
    public void On(string docType, DocumentEvent moment, Delegate handler)
    {
        if (_frozen is not null)
        {
            throw new InvalidOperationException("Hooks are registered before the service starts.");
        }

        _registered.Add((docType, moment, Compile(handler)));
        _needs.AddRange(from parameter in handler.Method.GetParameters() where IsService(parameter.ParameterType) select (docType, moment, parameter.ParameterType));
    }

    /// <summary>Takes no handler from now on.</summary>
    internal void Seal() => _frozen ??= Freeze();

    /// <summary>The handlers of an event: those for every DocType first, then those of this one, each in the order of registration.</summary>
    internal ImmutableArray<Func<DocumentContext, ValueTask>> For(string docType, DocumentEvent moment)
    {
        Seal();
        return _frozen!.TryGetValue((docType, moment), out var own) ? own
            : _frozen.GetValueOrDefault((AnyDocType, moment), []);
    }

    private FrozenDictionary<(string, DocumentEvent), ImmutableArray<Func<DocumentContext, ValueTask>>> Freeze() =>
        _registered
            .Select(hook => (hook.DocType, hook.Moment))
            .Distinct()
            .ToFrozenDictionary(
                key => key,
                key => _registered
                    .Where(hook => hook.Moment == key.Moment && (hook.DocType == AnyDocType || hook.DocType == key.DocType))
                    .OrderBy(hook => hook.DocType == AnyDocType ? 0 : 1)
                    .Select(hook => hook.Handler)
                    .ToImmutableArray());

    private static Func<DocumentContext, ValueTask> Compile(Delegate handler)
    {
        var context = Expression.Parameter(typeof(DocumentContext), "context");
        var arguments = handler.Method.GetParameters().Select(parameter => Argument(context, parameter.ParameterType));
        Expression call = Expression.Invoke(Expression.Constant(handler), arguments);
        var result = handler.Method.ReturnType;
        call = result == typeof(ValueTask) ? call
            : typeof(Task).IsAssignableFrom(result) ? Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, call)
            : result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>) ? throw new ArgumentException($"A hook returns nothing, Task or ValueTask; {handler.Method.Name} returns {result.Name}.", nameof(handler))
            : Expression.Block(call, Expression.Default(typeof(ValueTask))); // the value of an assignment is nobody's
        return Expression.Lambda<Func<DocumentContext, ValueTask>>(call, context).Compile();
    }

    private static bool IsService(Type type) =>
        type != typeof(DocumentContext) && type != typeof(CancellationToken) && type != typeof(Data.TenantDb) && type != typeof(Security.CurrentUser)
        && type != typeof(Security.Tenant) && !typeof(Document).IsAssignableFrom(type);

    private static Expression Argument(ParameterExpression context, Type type)
    {
        if (type == typeof(DocumentContext))
        {
            return context;
        }

        if (type == typeof(CancellationToken) || type == typeof(Data.TenantDb) || type == typeof(Security.CurrentUser))
        {
            return Expression.Property(context, typeof(DocumentContext).GetProperties(BindingFlags.Public | BindingFlags.Instance).First(property => property.PropertyType == type));
        }

        if (type == typeof(Security.Tenant))
        {
            return Expression.Property(Expression.Property(context, nameof(DocumentContext.Db)), nameof(Data.TenantDb.Tenant));
        }

        if (typeof(Document).IsAssignableFrom(type))
        {
            return Expression.Convert(Expression.Property(context, nameof(DocumentContext.Document)), type);
        }

        var services = Expression.Property(context, nameof(DocumentContext.Services));
        return Expression.Call(typeof(ServiceProviderServiceExtensions), nameof(ServiceProviderServiceExtensions.GetRequiredService), [type], services);
    }
}
