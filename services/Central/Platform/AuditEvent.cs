using System.Globalization;
using System.Security.Cryptography;

namespace Central.Platform;

/// <summary>
/// One thing that somebody did or was refused. Kept by the platform; its administrators read it, and nobody changes or deletes it by the API.
/// Never a password, token, code, secret or <c>sid</c>.
/// </summary>
[DocType("Audit Event", Naming = "prompt", AllowRename = false, AllowCustomPermissions = false, Description = "What somebody did on the central site, or was refused.")]
[Permission(RoleNames.PlatformAdministrator, Rights.Read | Rights.Select | Rights.Report | Rights.Export)]
public sealed class AuditEvent : Document
{
    private const int RandomDigits = 16;

    /// <summary>The DocType's name.</summary>
    internal const string DocTypeName = "Audit Event";

    /// <summary>Outcome of what went as asked.</summary>
    internal const string Ok = "ok";

    /// <summary>Outcome of what was refused.</summary>
    internal const string Refused = "refused";

    [Field(Index = true, Description = "UTC.")]
    public DateTime Time { get; set; }

    [Field(Required = true, Index = true)]
    public string Event { get; set; } = "";

    [Field(Required = true), Select(Ok, Refused)]
    public string Outcome { get; set; } = "";

    [Field(Index = true, Description = "The user's id.")]
    public string UserId { get; set; } = "";

    public string Tenant { get; set; } = "";

    [Field(Description = "The client's id, as it was sent.")]
    public string Client { get; set; } = "";

    [Field(Description = "A jti, the hash of a sid, the public id of a key, the name of a record, or a reason.")]
    public string Reference { get; set; } = "";

    public string Address { get; set; } = "";

    [Field(Length = AuditLog.MaxUserAgent)]
    public string UserAgent { get; set; } = "";

    public string RequestId { get; set; } = "";

    /// <summary>A new name: events stand in the table in the order of their time, and no two have the same name.</summary>
    internal static string NewName(DateTime now) =>
        now.ToString("yyyyMMddHHmmssffffff", CultureInfo.InvariantCulture) + "-" + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
}
