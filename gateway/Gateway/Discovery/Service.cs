namespace Gateway.Discovery;

/// <summary>One configured address and what is known of the service behind it. Read by every request, written by its poll alone.</summary>
internal sealed class Service(string address)
{
    private volatile Manifest? _manifest;
    private volatile bool _isUp;

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Prefix { get; } = address.TrimEnd('/');

    /// <summary>The last good manifest; null until the first one.</summary>
    public Manifest? Manifest
    {
        get => _manifest;
        set => _manifest = value;
    }

    /// <summary>Whether the last question for the manifest was answered.</summary>
    public bool IsUp
    {
        get => _isUp;
        set => _isUp = value;
    }

    /// <summary>The service's own name, or its host and port as long as that is not known.</summary>
    public string Label => Manifest?.Name ?? new Uri(Prefix).Authority;
}
