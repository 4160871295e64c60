namespace Gateway.Discovery;

/// <summary>What a service sent is not a manifest; the message says why.</summary>
internal sealed class ManifestException(string message) : Exception(message);
