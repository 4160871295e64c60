using System.Text.Json;

namespace Central.Seed;

/// <summary>The file that <c>CENTRAL_SEED</c> names: settings, tenants, users, clients and API keys for development and tests. Refused in Production.</summary>
internal sealed class SeedFile
{
    /// <exception cref="StartupException">It cannot be read, is not JSON of the right shape, or the environment is Production.</exception>
    public SeedFile(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["CENTRAL_SEED"] is not { Length: > 0 } path)
        {
            return;
        }

        if (environment.IsProduction())
        {
            throw new StartupException("CENTRAL_SEED is for development and tests and is refused in Production, which is also the environment when none is set: unset it, or set ASPNETCORE_ENVIRONMENT.");
        }

        Path = path;
        Content = Parse(path);
    }

    /// <summary>Where it is; null when there is none.</summary>
    public string? Path { get; }

    /// <summary>What it holds; empty when there is none.</summary>
    public SeedDocument Content { get; } = new();

    /// <summary>Its settings by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Settings => Content.Settings ?? [];

    private static SeedDocument Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SeedJsonContext.Default.SeedDocument)
                ?? throw new StartupException($"The seed {path} must be a JSON object.");
        }
        catch (JsonException exception)
        {
            // The exception's own message may quote a value, and values here may be passwords.
            var place = exception.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new StartupException($"The seed {path} is not JSON of the right shape: at {exception.Path ?? "$"}{place}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The seed {path} cannot be read: {exception.Message}", exception);
        }
    }
}
