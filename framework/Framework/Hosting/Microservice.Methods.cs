using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Hosting;
using Microservices.Resources.Methods;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices;

public sealed partial class Microservice
{
    private readonly Dictionary<string, (Delegate Handler, MethodOptions Options)> _methods = new(StringComparer.Ordinal);

    /// <summary>
    /// Lets the API call a method by its name: at <c>/api/method/&lt;name&gt;</c>, the same under <c>/api/v1</c> and <c>/api/v2</c>, and with the parameter
    /// <c>cmd</c>. What the handler returns is answered as <c>{"message": ...}</c>, in v2 as <c>{"data": ...}</c>; null leaves the key out, and an
    /// <see cref="Microsoft.AspNetCore.Http.IResult"/> is the whole answer. What it writes is one transaction, kept when it answers success; GET writes nothing.
    /// </summary>
    /// <param name="name">Such as <c>orders.api.close</c>.</param>
    /// <param name="handler">
    /// The handler. It takes services, such as <see cref="Data.TenantDb"/>, <see cref="Security.CurrentUser"/>, <see cref="Errors.Messages"/> and <see cref="MethodResponse"/>, and
    /// arguments of the request by their names in snake case: from JSON, a form or the query. An argument with a default, or a nullable one, may be missing.
    /// </param>
    /// <param name="configure">Verbs, roles, guests.</param>
    /// <exception cref="ArgumentException">There is a method of this name already.</exception>
    public Microservice Whitelist(string name, Delegate handler, Action<MethodOptions>? configure = null)
    {
        var options = new MethodOptions();
        configure?.Invoke(options);
        if (!_methods.TryAdd(name, (handler, options)))
        {
            throw new ArgumentException($"There is a method {name} already.", nameof(name));
        }

        return this;
    }

    private void AddMethods(IServiceCollection services)
    {
        services.AddSingleton(BuildMethods);
        services.AddSingleton(provider => OrStop(() => new DocumentMethods(
            provider.GetRequiredService<DocTypeRegistry>(), provider.GetRequiredService<ControllerRegistry>(), provider.GetRequiredService<IServiceProviderIsService>().IsService)));
        SharedMethods.AddTo(services);
        services.AddSingleton<MethodRouting>();
        services.AddScoped<MethodResponse>();
        services.AddScoped<Messages>();
    }

    private MethodRegistry BuildMethods(IServiceProvider services)
    {
        Func<Type, bool> isService = services.GetRequiredService<IServiceProviderIsService>().IsService;
        return OrStop(() => new MethodRegistry(
            _methods.Select(method => Method.Of(method.Key, MethodHandler.Of(method.Value.Handler, isService), method.Value.Options, isShared: false))
                .Concat(DocumentMethods.Static(services.GetRequiredService<DocTypeRegistry>(), services.GetRequiredService<ControllerRegistry>(), isService)),
            SharedMethods.All(services, new ServiceFacts(Name, Version)).Select(method => Method.Of(method.Name, MethodHandler.Of(method.Handler, isService), method.Options, isShared: true))));
    }

    private static T OrStop<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException exception)
        {
            throw new StartupException(exception.Message);
        }
    }
}
