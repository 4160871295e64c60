using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>Raises events of one operation on one document: its class or controller first, then the hooks.</summary>
internal readonly struct Lifecycle(Hooks hooks, DocumentEvents code, DocumentContext context)
{
    /// <summary>Makes the events of an operation, with the controller of the DocType when it has one.</summary>
    public static Lifecycle Of(Hooks hooks, ControllerRegistry controllers, DocumentContext context)
    {
        var controller = controllers.Find(context.DocType);
        var code = controller is null ? context.Document : (DocumentEvents)ActivatorUtilities.CreateInstance(context.Services, controller);
        return new Lifecycle(hooks, code, context);
    }

    public async ValueTask RaiseAsync(DocumentEvent moment)
    {
        await code.RaiseAsync(moment, context);
        foreach (var handler in hooks.For(context.DocType.Name, moment))
        {
            await handler(context);
        }
    }
}
