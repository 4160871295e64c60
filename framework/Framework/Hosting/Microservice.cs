using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Microservices.Data.Schema;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Hosting;
using Microservices.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices;

/// <summary>
/// A service: DocTypes with their REST API, routes, hooks, and the host that runs them. The host is plain ASP.NET Core:
/// <see cref="Services"/>, <see cref="Configuration"/> and the built application are yours to add to.
/// </summary>
public sealed partial class Microservice
{
    private readonly WebApplicationBuilder _builder;
    private readonly Assembly _assembly;
    private readonly Dictionary<string, DocTypeDefinition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceOptions> _resources = new(StringComparer.Ordinal);
    private readonly List<RouteRegistration> _routes = [];
    private readonly HashSet<Assembly> _controllerAssemblies = [];
    private readonly Hooks _hooks = new();
    private readonly List<string> _announced = [];
    private WebApplication? _application;

    private Microservice(string name, string[] args, Assembly assembly)
    {
        Name = name;
        _assembly = assembly;
        _builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ApplicationName = assembly.GetName().Name });
        LogDefaults.AddTo(_builder.Configuration);
    }

    /// <summary>The service's name: of its manifest, its database file and its log lines.</summary>
    public string Name { get; }

    /// <summary>Services to register, before the service is built.</summary>
    public IServiceCollection Services => _builder.Services;

    /// <summary>Settings: appsettings.json, the environment, the command line.</summary>
    public IConfigurationManager Configuration => _builder.Configuration;

    /// <summary>The ADO.NET driver for MariaDB. Null: MySql.Data.</summary>
    public DbProviderFactory? DatabaseDriver { get; set; }

    /// <summary>Starts the description of a service.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="args">Command line, such as <c>--PORT 8001</c>.</param>
    /// <exception cref="ArgumentException">The name holds something else.</exception>
    public static Microservice Create(string name, string[]? args = null)
    {
        if (!Regex.IsMatch(name, "^[a-z0-9-]+$"))
        {
            throw new ArgumentException("A service name is lower-case letters, digits and hyphens.", nameof(name));
        }

        return new Microservice(name, args ?? [], Assembly.GetCallingAssembly());
    }

    /// <summary>Serves a DocType that a class declares, with its child tables: table, REST API, permissions, hooks and documentation.</summary>
    /// <exception cref="DocTypeException">The class cannot be a DocType; the message says why.</exception>
    public Microservice RegisterResource<T>(Action<ResourceOptions>? configure = null)
        where T : Document
    {
        var definition = ClassDocTypeReader.Read(typeof(T));
        Declare(definition);
        foreach (var child in ClassDocTypeReader.ChildTypes(typeof(T)))
        {
            var row = ClassDocTypeReader.Read(child) with { IsTable = true };
            if (!_definitions.TryGetValue(row.Name, out var known) || known.DocumentClass != child)
            {
                Declare(row);
            }
        }

        return Serve(definition, configure);
    }

    /// <summary>Keeps a DocType of the service's own that no API serves, such as credentials: table, hooks and <see cref="Data.TenantDb"/> only.</summary>
    /// <exception cref="DocTypeException">The class cannot be a DocType.</exception>
    public Microservice RegisterDocType<T>()
        where T : Document
    {
        Declare(ClassDocTypeReader.Read(typeof(T)));
        return this;
    }

    /// <summary>Serves DocTypes from Frappe's JSON files: one file, or all in a folder and its subfolders.</summary>
    /// <param name="path">File or folder; a relative one is looked for beside the program, then in the working folder.</param>
    /// <param name="configure">Options of all of them.</param>
    /// <exception cref="DocTypeException">A file cannot be read; the message names file, line and reason.</exception>
    public Microservice RegisterResources(string path, Action<ResourceOptions>? configure = null)
    {
        var found = Path.IsPathRooted(path) || Path.Exists(path) ? path : Path.Combine(AppContext.BaseDirectory, path);
        var definitions = File.Exists(found) ? [JsonDocTypeReader.Read(File.ReadAllText(found), found)]
            : Directory.Exists(found) ? JsonDocTypeReader.ReadFolder(found)
            : throw new DocTypeException(path, "There is no such file or folder.");
        foreach (var definition in definitions)
        {
            Declare(definition);
            if (!definition.IsTable)
            {
                Serve(definition, configure);
            }
        }

        return this;
    }

    /// <summary>
    /// Lets a class answer for a DocType in place of a table, registered by its class or its JSON file before. What it takes in its constructor are services.
    /// </summary>
    /// <exception cref="DocTypeException">The service has no such DocType.</exception>
    public Microservice UseVirtual<THandler>(string docType)
        where THandler : VirtualDocuments
    {
        _definitions[docType] = _definitions.TryGetValue(docType, out var definition)
            ? definition with { IsVirtual = true, VirtualClass = typeof(THandler) }
            : throw new DocTypeException(typeof(THandler).FullName!, $"There is no DocType {docType} to answer for: register it first.");
        return this;
    }

    /// <summary>Runs code at an event of a DocType, or of every DocType with <see cref="Hooks.AnyDocType"/>. See <see cref="Hooks.On"/> for the handler.</summary>
    public Microservice On(string docType, DocumentEvent moment, Delegate handler)
    {
        _hooks.On(docType, moment, handler);
        return this;
    }

    /// <summary>Looks for document controllers in another assembly than the service's own.</summary>
    public Microservice AddControllersFrom(Assembly assembly)
    {
        _controllerAssemblies.Add(assembly);
        return this;
    }

    /// <summary>
    /// Answers a path for signed-in callers. The handler is that of a minimal API: its parameters are route values, query, body and services such as
    /// <see cref="Data.TenantDb"/>, <see cref="Security.CurrentUser"/> and <see cref="Security.Tenant"/>. What it writes is one transaction, kept when it answers success.
    /// </summary>
    /// <param name="methods">Verbs, such as <c>GET</c> or <c>GET,POST</c>.</param>
    /// <param name="pattern">Path. Under <c>/api/method/</c> the result is wrapped as <c>{"message": ...}</c>, as Frappe does.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="configure">Adds to the endpoint, such as a summary for the documentation.</param>
    public Microservice SecureRoute(string methods, string pattern, Delegate handler, Action<RouteHandlerBuilder>? configure = null) =>
        AddRoute(methods, pattern, handler, isOpen: false, configure);

    /// <summary>Answers a path for everybody, signed in or not: there is no tenant and no caller.</summary>
    /// <inheritdoc cref="SecureRoute"/>
    public Microservice Route(string methods, string pattern, Delegate handler, Action<RouteHandlerBuilder>? configure = null) =>
        AddRoute(methods, pattern, handler, isOpen: true, configure);

    /// <summary>
    /// Lists a method of this service in its manifest that the framework itself answers, such as <c>auth.whoami</c>. Every service has that one; behind a
    /// gateway one of them, the central site, speaks for all.
    /// </summary>
    public Microservice Announce(string method)
    {
        _announced.Add(method);
        return this;
    }

    /// <summary>Builds the host, with everything that was registered. Called once.</summary>
    /// <exception cref="StartupException">A setting is missing or wrong.</exception>
    /// <exception cref="DocTypeException">The DocTypes do not fit together.</exception>
    public WebApplication Build() => _application ??= BuildApplication();

    /// <summary>
    /// Brings the database up to the DocTypes, then serves until the process is asked to stop. What keeps the service from starting is one
    /// line on standard error and exit code 1. With <c>--health</c> it asks the running service instead, for container health checks.
    /// </summary>
    public void Run()
    {
        if (Environment.GetCommandLineArgs().Contains("--health"))
        {
            Environment.ExitCode = HealthProbe.Run(Configuration);
            return;
        }

        try
        {
            Build().Run();
        }
        catch (Exception exception) when (exception is StartupException or DocTypeException or SchemaException or Languages.TranslationException or Security.CentralSiteException or Microsoft.Extensions.Options.OptionsValidationException or IOException)
        {
            Console.Error.WriteLine($"{Name} cannot start: {exception.Message}");
            Environment.ExitCode = 1;
        }
    }

    private Microservice AddRoute(string methods, string pattern, Delegate handler, bool isOpen, Action<RouteHandlerBuilder>? configure)
    {
        _routes.Add(new RouteRegistration(pattern, methods.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries), handler, isOpen, configure));
        return this;
    }

    private void Declare(DocTypeDefinition definition)
    {
        if (!_definitions.TryAdd(definition.Name, definition))
        {
            throw new DocTypeException(definition.Source, $"{definition.Name} is declared already, by {_definitions[definition.Name].Source}.");
        }
    }

    /// <exception cref="DocTypeException">The options name a field that the DocType does not have.</exception>
    private static DocTypeDefinition Deprecate(DocTypeDefinition definition, ResourceOptions options)
    {
        if (options.DeprecatedFields.Keys.FirstOrDefault(name => !definition.Fields.Any(field => field.Name == name)) is { } unknown)
        {
            throw new DocTypeException(definition.Source, $"{definition.Name} has no field '{unknown}' that could be deprecated.");
        }

        return definition with
        {
            Deprecation = options.Deprecation ?? definition.Deprecation,
            Fields = [.. definition.Fields.Select(field => options.DeprecatedFields.TryGetValue(field.Name, out var deprecation) ? field with { Deprecation = deprecation } : field)],
        };
    }

    private Microservice Serve(DocTypeDefinition definition, Action<ResourceOptions>? configure)
    {
        var options = new ResourceOptions();
        configure?.Invoke(options);
        _resources.Add(definition.Name, options);
        _definitions[definition.Name] = Deprecate(definition, options);
        return this;
    }
}
