using System.Collections.Frozen;
using System.Text.Json;
using Microservices.Central;
using Microservices.Data;
using Microservices.Data.Permissions;
using Microservices.Data.Schema;
using Microservices.Data.Sessions;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Files;
using Microservices.Hosting;
using Microservices.Languages;
using Microservices.Resources;
using Microservices.Resources.Methods;
using Microservices.Resources.Lists;
using Microservices.Resources.OpenApi;
using Microservices.Resources.V2;
using Microservices.Routing;
using Microservices.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microservices;

public sealed partial class Microservice
{
    private readonly List<string> _leftOut = [];

    private string Version => _assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary><c>Docs</c>: whether the service answers its documentation. The default is to do so outside Production.</summary>
    /// <exception cref="StartupException">The setting is neither true nor false.</exception>
    private bool HasDocs => Configuration["Docs"] switch
    {
        null or "" => !_builder.Environment.IsProduction(),
        var text => bool.TryParse(text, out var isOn) ? isOn : throw new StartupException($"Docs is true or false, not '{text}'."),
    };

    private WebApplication BuildApplication()
    {
        AddCore();
        var application = _builder.Build();
        StartupChecks.Services(application.Services.GetRequiredService<IServiceProviderIsService>(), application.Services.GetRequiredService<ControllerRegistry>(), _hooks);
        _hooks.Seal();
        application.Services.GetRequiredService<DocumentMethods>();
        UseCore(application);
        foreach (var table in _leftOut)
        {
            LogLeftOut(application.Logger, table);
        }

        return application;
    }

    private void AddCore()
    {
        BuiltInDocTypes.AddTo(this);
        var definitions = UnknownTables.LeaveOut([.. _definitions.Values], _leftOut.Add);
        DocTypeChecks.Check(definitions);
        var docTypes = new DocTypeRegistry(definitions, typeof(Document));
        StartupChecks.Hooks(_hooks, docTypes, Name);
        StartupChecks.Permissions(_queryConditions.DocTypes.Concat(_permissionChecks.DocTypes), docTypes, Name);
        StartupChecks.Links(_resources, docTypes);

        var services = _builder.Services;
        services.AddSingleton(docTypes);
        services.AddSingleton(_hooks);
        services.AddSingleton(new ControllerRegistry(_controllerAssemblies.Append(_assembly), docTypes));
        services.AddSingleton<DocumentNaming>();
        PasswordKeys.AddTo(services, Configuration, Name);
        services.AddSingleton(_queryConditions);
        services.AddSingleton(_permissionChecks);
        services.AddSingleton<DocumentPermissions>();
        services.AddOptions<PermissionOptions>().BindConfiguration("Permissions").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UserRulesCache>();
        services.AddSingleton(new DeletedDocuments(_resources
            .Where(resource => resource.Value.KeepDeleted && (resource.Value.Verbs & ResourceVerbs.Delete) != 0 && _definitions[resource.Key] is { BuiltInOf: "", IsVirtual: false })
            .Select(resource => resource.Key)));
        services.AddSingleton<DocumentStore>();
        services.TryAddSingleton(TimeProvider.System);

        services.AddOptions<DatabaseOptions>().BindConfiguration("Database").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(DatabaseSettings.Dialect(Configuration, Name, DatabaseDriver));
        services.AddSingleton<SessionPool>();
        services.AddSingleton<SchemaSync>();
        services.AddHostedService<SchemaStartup>();
        services.AddOptions<DeletedDocumentOptions>().BindConfiguration("DeletedDocuments").ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<DeletedDocumentSweeper>();
        services.AddScoped<UnitOfWork>();
        services.AddScoped<RequestScope>();
        services.AddScoped(scope => scope.GetRequiredService<RequestScope>().User);
        services.AddScoped(scope => scope.GetRequiredService<RequestScope>().User.Tenant);
        services.AddScoped(scope => new TenantDb(
            scope.GetRequiredService<UnitOfWork>(), docTypes, scope.GetRequiredService<RequestScope>().User, scope, scope.GetRequiredService<TimeProvider>()));

        services.AddLanguages(Configuration);
        services.AddSingleton<Telemetry.DeprecatedCalls>();
        services.AddFiles(Name, Configuration);
        services.AddOptions<ResourceApiOptions>().BindConfiguration("Resources").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => BuildResources(docTypes, provider));
        services.AddSingleton<DocumentParts>();
        services.AddSingleton<DocumentEndpoints>();
        services.AddSingleton<ListEndpoint>();
        services.AddSingleton<ResourceEndpoints>();
        AddMethods(services);
        services.AddSingleton<BulkOperations>();
        services.AddSingleton<ChildRows>();
        services.AddSingleton<LinkSearch>();
        services.AddSingleton<V2Endpoints>();
        services.AddSingleton<RequestPipeline>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        if (HasDocs)
        {
            ApiDocumentation.Add(services, Name, Version);
        }

        AddClients(services);
        services.AddServiceAuthentication(CentralSiteOptions.FromConfiguration(Configuration));

        _builder.WebHost.UseUrls(ListenAddress.Url(Configuration));
        _builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = context.Configuration.GetValue("Resources:MaxBodyBytes", new ResourceApiOptions().MaxBodyBytes);
        });
    }

    private static void AddClients(IServiceCollection services)
    {
        services.AddHttpClient(ServiceClients.HttpClientName, http => http.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(DirectHandler);
        services.AddScoped(scope => new ServiceClients(
            scope.GetRequiredService<IHttpClientFactory>(), scope.GetRequiredService<IConfiguration>(), scope.GetRequiredService<RequestScope>(),
            scope.GetRequiredService<ClientAddress>()));
        services.AddSingleton(provider => new CentralSiteClient(new HttpClient(
            new ServiceTokenHandler(provider.GetRequiredService<ServiceTokenProvider>()) { InnerHandler = DirectHandler() })
        {
            BaseAddress = new Uri(provider.GetRequiredService<CentralSiteOptions>().Url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(15), // making a tenant hashes a password, which takes its time on purpose
        }));
    }

    // No redirects and no proxy: a credential goes where it was sent and nowhere else.
    private static SocketsHttpHandler DirectHandler() => new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };

    private void UseCore(WebApplication application)
    {
        var pipeline = application.Services.GetRequiredService<RequestPipeline>();
        // The host would put an authentication of its own in front of everything: outside the handling of errors, and for open endpoints too.
        ((IApplicationBuilder)application).Properties["__AuthenticationMiddlewareSet"] = true;
        application.Use(pipeline.HandleErrorsAsync);
        if (CrossOrigin.From(Configuration, application.Services.GetRequiredService<CentralSiteOptions>(), application.Services.GetRequiredService<ICredentialLookup>()) is { } crossOrigin)
        {
            application.Use(crossOrigin.InvokeAsync);
        }

        application.UseRouting();
        application.Use(application.Services.GetRequiredService<MethodRouting>().SelectAsync);
        application.Use(pipeline.AuthenticateAsync);
        application.UseAuthorization();

        ResourceEndpoints.Map(application);
        MethodRouting.Map(application);
        DocumentMethodEndpoints.Map(application);
        V2Endpoints.Map(application);
        FileEndpoints.Map(application);
        application.MapWhoAmI();
        HealthEndpoints.Map(application);
        application.MapDeferred(ServiceManifest.Path, [HttpMethods.Get], () => TypedResults.Json(Manifest(application.Services), JsonSerializerOptions.Web)).AllowAnonymous().ExcludeFromDescription();
        if (HasDocs)
        {
            ApiDocumentation.Map(application, Name);
        }

        foreach (var route in _routes)
        {
            var endpoint = application.MapDeferred(route.Pattern, route.Methods, route.Handler).AddEndpointFilter(new RouteTransactions());
            if (route.MethodName is not null)
            {
                endpoint.AddEndpointFilter(new MethodResults());
            }

            if (route.IsOpen)
            {
                endpoint.AllowAnonymous();
            }

            route.Configure?.Invoke(endpoint);
        }
    }

    private ResourceRegistry BuildResources(DocTypeRegistry docTypes, IServiceProvider services) =>
        new(docTypes, _resources.ToDictionary(
            entry => entry.Key,
            entry => new Resource(
                docTypes.Get(entry.Key),
                entry.Value.Verbs,
                entry.Value.Strict,
                entry.Value.CustomHandlers.ToFrozenDictionary(handler => handler.Key, handler => CustomHandler.Compile(handler.Value, services)))));

    private ServiceManifest Manifest(IServiceProvider services) => new(
        Name,
        Version,
        [.. services.GetRequiredService<ResourceRegistry>().All.Select(resource => new ServiceManifest.DocTypeEntry(
            resource.DocType.Name, resource.DocType.Slug, resource.DocType.Definition.BuiltInOf.Length > 0))],
        [.. services.GetRequiredService<MethodRegistry>().Announced.Concat(_routes.Select(route => route.MethodName).OfType<string>()).Concat(_announced).Distinct(StringComparer.Ordinal)],
        [
            .. _routes.Where(route => route.MethodName is null).Select(route => new ServiceManifest.RouteEntry(route.Pattern, route.Methods)),
            .. FileDownloads.Patterns(Name).Select(pattern => new ServiceManifest.RouteEntry(pattern, FileDownloads.Verbs)),
        ],
        HasDocs ? ApiDocumentation.PagePath : null,
        HasDocs ? ApiDocumentation.SpecificationPath : null,
        [.. services.GetRequiredService<MethodRegistry>().Shared.Select(method => new ServiceManifest.SharedMethodEntry(method.Name, method.IsByDocType)),
            .. FileEndpoints.Methods.Select(method => new ServiceManifest.SharedMethodEntry(method, ByDocType: true))],
        [.. services.GetRequiredService<ResourceRegistry>().All.SelectMany(resource => resource.DocType.Tables).Select(table => table.Child.Name).Distinct(StringComparer.Ordinal)]);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "{Table}")]
    private static partial void LogLeftOut(ILogger logger, string table);
}
