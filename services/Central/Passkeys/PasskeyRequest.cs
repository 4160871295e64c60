using System.Text.Json;
using Central.Requests;

namespace Central.Passkeys;

/// <summary>What a browser sends of a passkey: <c>credential</c>, as <c>PublicKeyCredential.toJSON()</c> writes it, and texts beside it.</summary>
internal sealed record PasskeyRequest(string Credential, string Name, string RedirectTo)
{
    /// <exception cref="BadRequestException">It is no JSON object, or has no credential.</exception>
    /// <exception cref="UnsupportedMediaTypeException">It is no JSON.</exception>
    public static async Task<PasskeyRequest> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new UnsupportedMediaTypeException("Send application/json");
        }

        using var body = StrictJson.ParseObject(await LimitedBody.ReadAsync(context)) ?? throw new BadRequestException("The body must be a JSON object");
        var root = body.RootElement;
        return root.TryGetProperty("credential", out var credential) && credential.ValueKind is JsonValueKind.Object
            ? new(credential.GetRawText(), TextOf(root, "name"), TextOf(root, "redirect_to"))
            : throw new BadRequestException("Send the credential as an object");
    }

    private static string TextOf(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.AsText() ?? "" : "";
}
