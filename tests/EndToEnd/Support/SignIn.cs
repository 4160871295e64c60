using System.Text;

namespace Microservices.EndToEnd.Support;

/// <summary>The ways to sign in.</summary>
internal static class SignIn
{
    /// <summary>An access token for a client's own credentials.</summary>
    public static async Task<string> TokenAsync(Uri address, string clientId, string clientSecret)
    {
        using var client = new ApiClient(address, "Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{clientSecret}"))}");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        var answer = await client.SendAsync(HttpMethod.Post, "/oauth/token", form);
        return answer.Expect(200).Json.GetProperty("access_token").GetString()!;
    }

    /// <summary>The answer to a login with user name and password.</summary>
    public static async Task<Answer> LoginAsync(Uri address, string user, string password)
    {
        using var guest = new ApiClient(address);
        using var form = new FormUrlEncodedContent([new("usr", user), new("pwd", password)]);
        return await guest.SendAsync(HttpMethod.Post, "/api/method/login", form);
    }

    /// <summary>The <c>sid</c> that a browser would send after a login.</summary>
    public static async Task<string> SessionAsync(Uri address, string user, string password)
    {
        var answer = await LoginAsync(address, user, password);
        var cookie = answer.Expect(200).Headers["Set-Cookie"].Split('\n').Single(line => line.StartsWith("sid=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        return cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
    }
}
