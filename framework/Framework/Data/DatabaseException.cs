using Microservices.Data.Dialects;

namespace Microservices.Data;

/// <summary>A database error that has been classified. It never reaches a client as it is.</summary>
internal sealed class DatabaseException(DatabaseFault fault, Exception innerException)
    : Exception($"The database refused a statement: {fault.Kind} {fault.Key}".TrimEnd(), innerException)
{
    /// <summary>What it means.</summary>
    public DatabaseFault Fault { get; } = fault;
}
