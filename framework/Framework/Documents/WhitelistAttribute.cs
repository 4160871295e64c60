namespace Microservices.Documents;

/// <summary>
/// Lets the API call a method of a document class or of a controller. An instance method runs on one stored document: GET needs the right to read
/// it, POST to write it. A static method of a document class is answered at <c>/api/v2/method/&lt;DocType&gt;/&lt;name&gt;</c>, the name in snake case.
/// Parameters are services and arguments of the request, as those of <c>Microservice.Whitelist</c>; a controller takes the document as one of them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WhitelistAttribute : Attribute
{
    /// <summary>The name that clients call. Null: the method's name in snake case, without <c>Async</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Verbs, such as <c>POST</c> or <c>GET,POST</c>. Null: every verb that the way of calling takes.</summary>
    public string? Methods { get; set; }

    /// <summary>Whether callers who are not signed in may call it; static methods only.</summary>
    public bool AllowGuest { get; set; }
}
