namespace Central.Commands;

/// <summary>A command cannot be done; the message is for the operator.</summary>
internal sealed class CommandException(string message) : Exception(message);
