using System.Text.RegularExpressions;
using Microservices.Errors;
using Microsoft.AspNetCore.Http;

namespace Microservices.Hosting;

/// <summary>
/// Tells callers which argument of a route does not fit, in place of ASP.NET Core's text, which shows the .NET type of the parameter.
/// What a user could have typed into a form is 417, as everywhere in Frappe's API; a body that is not what the route reads is 400.
/// </summary>
internal static partial class ParameterErrors
{
    public static FrameworkException Of(BadHttpRequestException exception) => Text().Match(exception.Message) switch
    {
        { Success: true } match when match.Groups["bound"].Success => new ValidationException($"{match.Groups["name"].Value} does not take this value"),
        { Success: true } match when match.Groups["source"].Value.Contains("body", StringComparison.Ordinal) => new BadRequestException("The body must not be empty"),
        { Success: true } match => new ValidationException($"{match.Groups["name"].Value} is missing"),
        _ when exception.Message.StartsWith("Failed to read parameter", StringComparison.Ordinal) => new BadRequestException("The body is not what this endpoint reads"),
        _ => new BadRequestException(exception.Message),
    };

    [GeneratedRegex("^(?:(?<bound>Failed to bind) parameter|Required parameter) \"[^\"]*?(?<name>[^ \"]+)\"(?<source>.*)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Text();
}
