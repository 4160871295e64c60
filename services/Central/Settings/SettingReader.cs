using System.Globalization;
using System.Text.Json;

namespace Central.Settings;

/// <summary>
/// Reads settings by one name from two places: <c>login_lockout_s</c> of the seed's <c>settings</c>, else the environment's
/// <c>CENTRAL_LOGIN_LOCKOUT_S</c>. What is wrong is gathered and told together.
/// </summary>
internal sealed class SettingReader(IConfiguration configuration, IReadOnlyDictionary<string, JsonElement> seed)
{
    private readonly List<string> _failures = [];

    /// <summary>A whole number within a range, or the default when it is not set.</summary>
    public int Number(string name, int fallback, int min, int max)
    {
        var (text, source) = Find(name);
        if (text is null)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _failures.Add($"{source} must be a whole number from {min} to {max}.");
        return fallback;
    }

    /// <summary>A number of seconds.</summary>
    public TimeSpan Seconds(string name, int fallback, int min, int max) => TimeSpan.FromSeconds(Number(name, fallback, min, max));

    /// <summary>True or false, or the default when it is not set.</summary>
    public bool Switch(string name, bool fallback)
    {
        var (text, source) = Find(name);
        if (text is null)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var isOn))
        {
            return isOn;
        }

        _failures.Add($"{source} must be true or false.");
        return fallback;
    }

    /// <summary>Whether a setting is given at all.</summary>
    public bool Has(string name) => Find(name).Text is not null;

    /// <summary>A text, or null when it is not set.</summary>
    public string? Text(string name) => Find(name).Text;

    /// <summary>Says that a setting is wrong.</summary>
    public void Refuse(string failure) => _failures.Add(failure);

    /// <exception cref="StartupException">A setting was wrong.</exception>
    public void ThrowIfAnyIsWrong()
    {
        if (_failures.Count > 0)
        {
            throw new StartupException(string.Join(' ', _failures));
        }
    }

    private (string? Text, string Source) Find(string name)
    {
        if (seed.TryGetValue(name, out var value))
        {
            return (value.ToString(), $"settings.{name} of the seed");
        }

        var variable = "CENTRAL_" + name.ToUpperInvariant();
        return (configuration[variable] is { Length: > 0 } text ? text.Trim() : null, variable);
    }
}
