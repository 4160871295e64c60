using System.Security.Cryptography;
using System.Text.Json;
using Microservices.Hosting;

namespace Local;

/// <summary>
/// Passwords and secrets of this data folder: made at random at the first start, so that no two installations share one. They are kept in
/// <c>secrets.json</c>, which only its owner can read, and shown in <c>demo.env</c> for the requests to paste.
/// </summary>
internal sealed class LocalSecrets
{
    private const int SecretBytes = 32;

    private readonly Dictionary<string, string> _values;
    private readonly string _file;

    private LocalSecrets(string file, Dictionary<string, string> values) => (_file, _values) = (file, values);

    public string AcmeClientSecret => Get("acme_client_secret");

    public string GlobexClientSecret => Get("globex_client_secret");

    public string AcmeApiSecret => Get("acme_api_secret");

    public string AcmePassword => Get("acme_password");

    public string GlobexPassword => Get("globex_password");

    public string ServiceSecret(string service) => Get($"service_{service}");

    /// <exception cref="StartupException">The folder cannot be written, or its secrets cannot be read.</exception>
    public static LocalSecrets LoadOrCreate(string folder)
    {
        var file = Path.Combine(folder, "secrets.json");
        try
        {
            Directory.CreateDirectory(folder);
            var values = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? [] : [];
            var secrets = new LocalSecrets(file, values);
            secrets.Save(); // also tells at once whether the folder can be written
            return secrets;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {folder} cannot be written: choose another with --data. ({exception.Message})", exception);
        }
        catch (JsonException exception)
        {
            throw new StartupException($"{file} is not valid JSON; restore it, or begin anew with another --data.", exception);
        }
    }

    /// <summary>Writes <c>demo.env</c>.</summary>
    public void WriteDemo(LocalOptions options) => WriteOwnerOnly(DemoFile(options), $"""
        export BASE={options.BaseAddress}
        export CLIENT_ID=acme-demo CLIENT_SECRET={AcmeClientSecret}
        export OTHER_CLIENT_ID=globex-demo OTHER_CLIENT_SECRET={GlobexClientSecret}
        export API_KEY=acme-demo-key API_SECRET={AcmeApiSecret}
        export USR=admin@acme.example PASSWORD={AcmePassword}

        """);

    /// <summary>Requests to paste in another shell.</summary>
    public static string Requests(LocalOptions options) => $$"""

        In another shell:
          . "{{DemoFile(options)}}"
          TOKEN=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials $BASE/oauth/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
          curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"customer_name":"Ada"}' $BASE/api/resource/Customer
          curl -s -H "Authorization: token $API_KEY:$API_SECRET" "$BASE/api/resource/customer?fields=*"
        Documentation of every service: {{options.BaseAddress}}/
        Mails are {{(options.MailFolder is { } mails ? $"files in {mails}" : "sent by CENTRAL_SMTP_URL")}}
        """;

    /// <summary>Writes a file that only its owner can read.</summary>
    public static void WriteOwnerOnly(string file, string text)
    {
        var temporary = file + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(text);
        }

        File.Move(temporary, file, overwrite: true);
    }

    private static string DemoFile(LocalOptions options) => Path.Combine(options.DataFolder, "demo.env");

    private string Get(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
            _values.Add(name, value);
            Save();
        }

        return value;
    }

    private void Save() => WriteOwnerOnly(_file, JsonSerializer.Serialize(_values, JsonSerializerOptions.Web));
}
