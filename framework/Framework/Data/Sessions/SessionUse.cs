namespace Microservices.Data.Sessions;

/// <summary>What a session is taken for.</summary>
internal enum SessionUse
{
    /// <summary>Statements that read, each for itself.</summary>
    Read,

    /// <summary>A statement that writes and is committed by itself.</summary>
    Write,

    /// <summary>A transaction, which its user commits or rolls back before the session is given back.</summary>
    Transaction,
}
