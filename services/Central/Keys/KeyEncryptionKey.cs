using System.Security.Cryptography;
using Central.Settings;

namespace Central.Keys;

/// <summary>
/// Finds the key-encryption key: <c>CENTRAL_KEK</c> or <c>CENTRAL_KEK_FILE</c>, 32 bytes as base64. Where neither is set, and not in
/// Production, a key file beside the data, made when it is missing.
/// </summary>
internal static class KeyEncryptionKey
{
    private const string FileName = "central.kek";

    /// <summary>Random bytes repeat seldom: fewer different ones are an example, a word or zeros.</summary>
    private const int LeastDistinctBytes = 16;

    /// <exception cref="StartupException">It is missing in Production, malformed, or its file cannot be read or written.</exception>
    public static byte[] Load(IConfiguration configuration, IHostEnvironment environment)
    {
        if (SecretSetting.Read(configuration, "CENTRAL_KEK") is { } given)
        {
            return Parse(given, "CENTRAL_KEK");
        }

        if (environment.IsProduction())
        {
            throw new StartupException("CENTRAL_KEK is missing: it encrypts the signing keys, 32 random bytes as base64, such as `openssl rand -base64 32` prints. Keep it apart from the database.");
        }

        var file = Path.Combine(configuration["DATA_DIRECTORY"] is { Length: > 0 } directory ? directory : "data", FileName);
        try
        {
            if (!File.Exists(file))
            {
                Make(file);
            }

            return Parse(File.ReadAllText(file).Trim(), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The key file {file} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a whole file under another name first, so that a second process never reads half of one; who comes second keeps the first's.</summary>
    private static void Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{RandomNumberGenerator.GetHexString(8)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, options))
        {
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyEncryption.KeyBytes)));
        }

        try
        {
            File.Move(draft, file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }

    private static byte[] Parse(string text, string source)
    {
        var key = new byte[KeyEncryption.KeyBytes];
        if (!Convert.TryFromBase64String(text, key, out var written) || written != key.Length)
        {
            throw new StartupException($"{source} must hold {KeyEncryption.KeyBytes} bytes as base64.");
        }

        return key.Distinct().Count() >= LeastDistinctBytes
            ? key
            : throw new StartupException($"{source} is not random: put what `openssl rand -base64 32` prints there.");
    }
}
