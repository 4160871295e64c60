#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Framework.Tests.Support;
using Microservices.Resources;
using Microservices.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Framework.Tests.ApiLifecycle;

/// <summary>A service with something deprecated of every kind.</summary>
public sealed class AgingService : IAsyncLifetime
{
    internal static readonly Deprecation Marked = new(new DateOnly(2026, 1, 31), new DateOnly(2026, 7, 31), new Uri("https://example.com/news"));

    internal TestService Service { get; private set; } = null!;

    internal ConcurrentBag<string> Lines { get; } = [];

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync(
        service =>
        {
            service.RegisterResource<OldLetter>();
            service.RegisterResource<Contact>(options => options.DeprecatedFields["pager"] = new Deprecation(new DateOnly(2025, 1, 1)));
            service.RegisterResource<Depot2>(options => options.Deprecation = Marked);
            service.SecureRoute("GET", "/old", () => "still here", route => route.Deprecated(Marked));
            service.SecureRoute("GET", "/new", () => "here");
            service.Whitelist("old.method", () => "still here", options => options.Deprecation = Marked);
            service.Services.AddSingleton<ILoggerProvider>(new Collector(Lines));
        },
        settings => settings["Docs"] = "true");

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private sealed class Collector(ConcurrentBag<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1401)
            {
                lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

[DocType(Naming = "hash")]
[Deprecated("2026-01-31", Sunset = "2026-07-31", Link = "https://example.com/news")]
public sealed class OldLetter : Document
{
    public string? Subject { get; set; }
}

[DocType("Depot2", Naming = "hash")]
public sealed class Depot2 : Document
{
    public string? Place { get; set; }
}

[DocType(Naming = "hash")]
public sealed class Contact : Document
{
    public string? Phone { get; set; }

    [Deprecated("2026-01-31", Sunset = "2026-07-31", Link = "https://example.com/news")]
    public string? Fax { get; set; }

    public string? Pager { get; set; }

    [Table]
    public List<ContactLine> Lines { get; set; } = [];
}

[DocType]
public sealed class ContactLine : Document
{
    [Deprecated("2026-01-31")]
    public string? Telex { get; set; }
}

public sealed class DeprecationTests(AgingService aging) : IClassFixture<AgingService>
{
    private const string Contacts = "/api/resource/Contact";

    private readonly TestCaller _acme = aging.Service.As("acme");

    [Theory]
    [InlineData("/api/resource/Old Letter", 200)]
    [InlineData("/api/v1/resource/old-letter", 200)]
    [InlineData("/api/resource/Old Letter/nothing", 404)]
    [InlineData("/api/resource/Depot2", 200)]
    [InlineData("/old", 200)]
    [InlineData("/api/method/old.method", 200)]
    public async Task DeprecatedPart_SaysSoOnEveryAnswer(string path, int status)
    {
        var answer = await _acme.GetAsync(path);

        Assert.Equal(status, answer.Status);
        AssertTold(answer, "@1769817600", "Fri, 31 Jul 2026 00:00:00 GMT", "<https://example.com/news>; rel=\"deprecation\"");
    }

    [Theory]
    [InlineData("/new")]
    [InlineData("/api/method/ping")]
    [InlineData(Contacts)]
    [InlineData(Contacts + "?fields=[\"*\"]")]
    [InlineData(Contacts + "?fields=[\"phone\"]&order_by=phone asc")]
    public async Task AnythingElse_SaysNothing(string path)
    {
        var answer = await _acme.GetAsync(path);

        Assert.Equal(200, answer.Status);
        AssertTold(answer, null, null, null);
    }

    [Theory]
    [InlineData("?fields=[\"name\",\"fax\"]")]
    [InlineData("?filters={\"fax\":\"1\"}")]
    [InlineData("?or_filters=[[\"fax\",\"=\",\"1\"]]")]
    [InlineData("?fax=1")]
    [InlineData("?order_by=fax desc")]
    [InlineData("?fields=[\"count(fax) as n\"]")]
    public async Task ListThatNamesADeprecatedField_IsTold(string query)
    {
        var answer = await _acme.GetAsync(Contacts + query);

        Assert.True(answer.Status == 200, answer.Text);
        AssertTold(answer, "@1769817600", "Fri, 31 Jul 2026 00:00:00 GMT", "<https://example.com/news>; rel=\"deprecation\"");
    }

    [Fact]
    public async Task BodyThatWritesDeprecatedFields_IsTold()
    {
        var quiet = await _acme.PostAsync(Contacts, new { phone = "1" });
        var path = $"{Contacts}/{quiet.Data.GetProperty("name").GetString()}";

        AssertTold(quiet, null, null, null);
        AssertTold(await _acme.GetAsync(path), null, null, null);
        AssertTold(await _acme.PutAsync(path, new { fax = "2" }), "@1769817600", "Fri, 31 Jul 2026 00:00:00 GMT", "<https://example.com/news>; rel=\"deprecation\"");
        AssertTold(await _acme.PutAsync(path, new { pager = "2" }), "@1735689600", null, null);
        AssertTold(await _acme.PutAsync(path, new { lines = new[] { new { telex = "3" } } }), "@1769817600", null, null);
        AssertTold(await _acme.PostAsync(Contacts, new[] { new { pager = "1", fax = "2" } }), "@1735689600", "Fri, 31 Jul 2026 00:00:00 GMT", "<https://example.com/news>; rel=\"deprecation\"");
    }

    [Fact]
    public async Task Callers_AreCountedByTheirId()
    {
        var counted = new ConcurrentBag<(string What, string Subject, string Kind)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == DeprecatedCalls.CounterName) { self.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            counted.Add((values["api.deprecated"], values["enduser.id"], values["enduser.kind"]));
        });
        listener.Start();
        var caller = aging.Service.With(claims => { claims["tenant"] = "acme"; claims["sub"] = "u-0000000000000042"; claims["username"] = "secret.name@example.com"; });
        await caller.GetAsync("/old");
        await caller.GetAsync("/old");
        await caller.GetAsync($"{Contacts}?fields=[\"fax\"]");

        Assert.Equal(2, counted.Count(call => call is ("HTTP: GET /old", "u-0000000000000042", "Bearer")));
        Assert.DoesNotContain(counted, call => call.Subject.Contains("secret", StringComparison.Ordinal));
        Assert.Single(aging.Lines, line => line.Contains("u-0000000000000042", StringComparison.Ordinal) && line.Contains("/old", StringComparison.Ordinal));
        Assert.DoesNotContain(aging.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Documentation_MarksWhatIsDeprecated()
    {
        var specification = (await aging.Service.Nobody().GetAsync("/apispec_1.json")).Json;
        var paths = specification.GetProperty("paths");

        Assert.True(paths.GetProperty("/api/resource/Old Letter").GetProperty("get").GetProperty("deprecated").GetBoolean());
        Assert.True(paths.GetProperty("/api/resource/Depot2/{name}").GetProperty("delete").GetProperty("deprecated").GetBoolean());
        Assert.True(paths.GetProperty("/old").GetProperty("get").GetProperty("deprecated").GetBoolean());
        Assert.False(paths.GetProperty("/new").GetProperty("get").TryGetProperty("deprecated", out _));
        Assert.False(paths.GetProperty(Contacts).GetProperty("get").TryGetProperty("deprecated", out _));
        foreach (var schema in specification.GetProperty("components").GetProperty("schemas").EnumerateObject().Where(schema => schema.Value.TryGetProperty("title", out var title) && title.GetString() == "Contact"))
        {
            var fields = schema.Value.GetProperty("properties");
            Assert.True(fields.GetProperty("fax").GetProperty("deprecated").GetBoolean());
            Assert.True(fields.GetProperty("pager").GetProperty("deprecated").GetBoolean());
            Assert.False(fields.GetProperty("phone").TryGetProperty("deprecated", out _));
        }
    }

    [Fact]
    public void FieldThatIsNotThere_StopsTheStart()
    {
        var error = Assert.Throws<DocTypeException>(() => Microservice.Create("test").RegisterResource<Contact>(options => options.DeprecatedFields["nothing"] = AgingService.Marked));

        Assert.Contains("'nothing'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(WrongDay))]
    [InlineData(typeof(WrongLink))]
    public void WrongMark_StopsTheStart(Type type)
    {
        Assert.Throws<DocTypeException>(() => ClassDocTypeReader.Read(type));
    }

    [DocType]
    [Deprecated("31.1.2026")]
    public sealed class WrongDay : Document;

    [DocType]
    public sealed class WrongLink : Document
    {
        [Deprecated("2026-01-31", Link = "news")]
        public string? Fax { get; set; }
    }

    private static void AssertTold(Answer answer, string? since, string? sunset, string? link)
    {
        Assert.Equal(since, One(answer, "Deprecation"));
        Assert.Equal(sunset, answer.Headers.TryGetValues("Sunset", out var values) ? values.Single() : null);
        Assert.Equal(link, One(answer, "Link"));
    }

    private static string? One(Answer answer, string header) => answer.Headers.TryGetValues(header, out var values) ? values.Single() : null;
}
