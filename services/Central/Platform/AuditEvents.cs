namespace Central.Platform;

/// <summary>The names of all audit events. They are searched for: a name that is in use stays as it is.</summary>
internal static class AuditEvents
{
    public const string Login = "login";
    public const string AccountLocked = "login, account locked";
    public const string SecondFactor = "second factor";
    public const string PasskeyLogin = "passkey login";
    public const string Logout = "logout";
    public const string AllSessionsEnded = "all sessions ended";
    public const string AllSessionsEndedByManager = "all sessions ended by a manager";
    public const string SessionRevoked = "session revoked";
    public const string LinkAskedFor = "link asked for";
    public const string LoginLink = "login link";
    public const string PasswordReset = "password reset";

    public const string ClientAuthentication = "client authentication";
    public const string TokenRequest = "token";
    public const string TokenIssued = "token issued";
    public const string TokenRevoked = "token revoked";
    public const string GrantRevoked = "grant revoked";
    public const string AuthorizationCodeReuse = "authorization code reuse";
    public const string RefreshTokenReuse = "refresh token reuse";
    public const string Authorization = "authorization";
    public const string Consent = "consent";
    public const string ConsentWithdrawn = "consent withdrawn";
    public const string DeviceAuthorization = "device authorization";
    public const string Introspection = "introspection";

    public const string AppSetUp = "authenticator app set up";
    public const string AppRemoved = "authenticator app removed";
    public const string RecoveryCodesMade = "recovery codes made";
    public const string PasskeyAdded = "passkey added";
    public const string PasskeyRemoved = "passkey removed";
    public const string FactorsRemoved = "second factors removed";

    public const string ApiKeyCreated = "API key created";
    public const string ApiKeyFirstUsed = "API key used first time";
    public const string ApiKeyRotated = "API key rotated";
    public const string ApiKeyRevoked = "API key revoked";
    public const string ClientSecretCreated = "client secret created";
    public const string TenantProvisioning = "tenant provisioning";

    public const string KeyMade = "signing key made";
    public const string KeyCompromised = "signing key compromised";

    public const string AdministratorCreated = "administrator created";
    public const string PasswordSet = "password set";
    public const string PasswordChanged = "password changed";
    public const string UserCreated = "user created";
    public const string UserChanged = "user changed";
    public const string MembershipCreated = "membership created";
    public const string MembershipEnded = "membership ended";
    public const string UserDisabled = "user disabled";
    public const string UserEnabled = "user enabled";

    /// <summary>A document of the site was made, changed or deleted by a person; the reference names it.</summary>
    public const string RecordCreated = "record created";

    /// <inheritdoc cref="RecordCreated"/>
    public const string RecordChanged = "record changed";

    /// <inheritdoc cref="RecordCreated"/>
    public const string RecordDeleted = "record deleted";
}
