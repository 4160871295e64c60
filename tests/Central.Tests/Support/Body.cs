using System.Net.Http.Headers;
using System.Text;

namespace Microservices.Central.Tests.Support;

/// <summary>Bodies, to the letter.</summary>
public static class Body
{
    public static HttpContent Form(string form) => Text(form, "application/x-www-form-urlencoded");

    public static HttpContent Text(string text, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}

/// <summary>Headers that say who asks.</summary>
public static class Credentials
{
    /// <summary>Client credentials: both parts are form-encoded inside Basic.</summary>
    public static (string Name, string Value) Basic(string id, string secret) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}")));

    public static (string Name, string Value) Bearer(string token) => ("Authorization", "Bearer " + token);

    public static (string Name, string Value) Key(string pair) => ("Authorization", "token " + pair);

    public static (string Name, string Value) Sid(string sid) => ("Cookie", "sid=" + sid);
}
