using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Discovery;

/// <summary>Reads and checks one manifest: bounded in size and time, never following a redirect.</summary>
internal sealed class ManifestReader(ServiceClient client, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxNameLength = 140;
    private const string ManifestPath = "/.well-known/microservice";

    /// <exception cref="ManifestException">The service answers, but not with a manifest.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or the gateway stops.</exception>
    public async Task<Manifest> ReadAsync(Service service, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.ManifestTimeoutSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, service.Prefix + ManifestPath);
        using var response = await client.Invoker.SendAsync(request, both.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new ManifestException($"{ManifestPath} answered {(int)response.StatusCode}, not 200");
        }

        return Parse(await ReadBodyAsync(response.Content, both.Token));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
            {
                throw new ManifestException($"the manifest is larger than {MaxBytes} bytes");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static Manifest Parse(ReadOnlyMemory<byte> json)
    {
        Manifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json.Span, ManifestJson.Default.Manifest);
        }
        catch (JsonException exception)
        {
            throw new ManifestException($"the manifest does not parse at {exception.Path ?? "$"}, line {exception.LineNumber + 1}");
        }

        return manifest is null ? throw new ManifestException("the manifest is null") : Check(manifest);
    }

    private static Manifest Check(Manifest manifest)
    {
        Require(IsName(manifest.Name), "name");
        Require(manifest.Version.Length <= MaxNameLength && !manifest.Version.Any(char.IsControl), "version");
        Require(manifest.DocTypes.All(item => item is not null && IsName(item.Name) && (item.Slug is null || IsName(item.Slug))), "docTypes");
        Require(manifest.Methods.All(IsName), "methods");
        Require(manifest.Routes.All(item => item is { Path.Length: > 0 } && (item.Methods is null || item.Methods.All(IsName))), "routes");
        Require(manifest.SharedMethods.All(item => item is not null && IsName(item.Name)), "sharedMethods");
        Require(manifest.Rows.All(IsName), "rows");
        Require(manifest.Docs is null || IsLocalPath(manifest.Docs), "docs");
        Require(manifest.Spec is null || IsLocalPath(manifest.Spec), "spec");
        return manifest;
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
        {
            throw new ManifestException($"the manifest's {member} is empty, too long or holds what it may not");
        }
    }

    // No control characters: these names go into logs.
    private static bool IsName(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxNameLength && !text.Any(char.IsControl);

    private static bool IsLocalPath(string path) =>
        path.Length is > 1 and <= MaxNameLength && path[0] == '/' && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal)
        && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && !path.Split('/').Any(part => part is "." or "..");
}
