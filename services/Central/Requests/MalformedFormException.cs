namespace Central.Requests;

/// <summary>A body that is no form. The message tells what is wrong, not what was sent.</summary>
internal sealed class MalformedFormException(string message) : Exception(message);
