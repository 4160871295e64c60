namespace Central.OAuth.Consents;

/// <summary>What a user allowed a client in one tenant for one audience. Served to nobody but on the user's account page.</summary>
[DocType("OAuth Consent", Naming = "prompt")]
public sealed class Consent : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";

    [Field(Required = true, Index = true)]
    public string ClientId { get; set; } = "";

    [Field(Required = true, Length = 64)]
    public string Tenant { get; set; } = "";

    [Text]
    public string Resource { get; set; } = "";

    /// <summary>Every scope allowed so far, separated by spaces.</summary>
    [Text]
    public string Scope { get; set; } = "";
}
