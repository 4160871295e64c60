namespace Microservices.DocTypes;

/// <summary>A DocType that cannot be served as it is declared. It stops the start of the service: the message is for its developer.</summary>
public sealed class DocTypeException : Exception
{
    /// <summary>Creates the error of one declaration.</summary>
    /// <param name="origin">Where the declaration stands: a file or a class.</param>
    /// <param name="reason">What is wrong, and what to write instead.</param>
    /// <param name="line">Line of the file, from 1. Null: none is known.</param>
    /// <param name="innerException">The cause.</param>
    public DocTypeException(string origin, string reason, int? line = null, Exception? innerException = null)
        : base(line is null ? $"{origin}: {reason}" : $"{origin}, line {line}: {reason}", innerException)
    {
        Origin = origin;
        Line = line;
        Findings = [reason];
    }

    /// <summary>Creates the error of several declarations.</summary>
    /// <param name="findings">What is wrong, one entry for each place; at least one.</param>
    public DocTypeException(IReadOnlyList<string> findings)
        : base(findings.Count == 1 ? findings[0] : $"{findings.Count} problems in the DocTypes:\n- {string.Join("\n- ", findings)}")
    {
        Origin = "";
        Findings = findings;
    }

    /// <summary>The file or class. Empty when several are concerned.</summary>
    public string Origin { get; }

    /// <summary>Line of the file, from 1. Null: none is known.</summary>
    public int? Line { get; }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Findings { get; }
}
