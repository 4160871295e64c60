namespace Central.Settings;

/// <summary>A secret of the configuration: given by itself, or in the file that <c>NAME_FILE</c> names.</summary>
internal static class SecretSetting
{
    /// <summary>The secret, or null when it is not set.</summary>
    /// <exception cref="StartupException">Both are set, or the file cannot be read or is empty.</exception>
    public static string? Read(IConfiguration configuration, string name)
    {
        var value = configuration[name] is { Length: > 0 } given ? given : null;
        if (configuration[name + "_FILE"] is not { Length: > 0 } file)
        {
            return value;
        }

        if (value is not null)
        {
            throw new StartupException($"{name} and {name}_FILE are both set: keep one.");
        }

        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } text ? text : throw new StartupException($"{name}_FILE names an empty file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{name}_FILE cannot be read: {exception.Message}", exception);
        }
    }
}
