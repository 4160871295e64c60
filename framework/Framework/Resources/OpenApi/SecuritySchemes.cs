using Microsoft.OpenApi;

namespace Microservices.Resources.OpenApi;

/// <summary>The credentials that a service takes.</summary>
internal static class SecuritySchemes
{
    private const string Bearer = "bearer";
    private const string ApiKey = "api_key";
    private const string Session = "session";

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token of the central site.",
        });
        document.AddComponent(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "`token <api_key>:<api_secret>`",
        });
        document.AddComponent(Session, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "sid",
            Description = "The session of a browser that signed in at the central site. What changes something must come from a page of the site itself.",
        });
    }

    /// <summary>One of the credentials is needed.</summary>
    public static List<OpenApiSecurityRequirement> Required(OpenApiDocument document) =>
        [.. new[] { Bearer, ApiKey, Session }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
}
