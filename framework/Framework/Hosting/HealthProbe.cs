using System.Net;
using Microsoft.Extensions.Configuration;

namespace Microservices.Hosting;

/// <summary>Asks the service in this container whether it is up; images hold no curl.</summary>
internal static class HealthProbe
{
    /// <summary>0 when it answers, 1 when it does not.</summary>
    public static int Run(IConfiguration configuration)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{ListenAddress.Port(configuration)}/readyz"));
            return answer.StatusCode is HttpStatusCode.OK ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}
