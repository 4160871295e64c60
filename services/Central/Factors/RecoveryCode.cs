namespace Central.Factors;

/// <summary>A recovery code that was not used yet. Never served. The name is a keyed hash of the user's id and the code.</summary>
[DocType("Recovery Code", Naming = "prompt")]
public sealed class RecoveryCode : Document
{
    [Field(Required = true, Index = true)]
    public string UserId { get; set; } = "";
}
