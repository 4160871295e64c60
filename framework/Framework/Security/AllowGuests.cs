namespace Microservices.Security;

/// <summary>Metadata of an endpoint that answers callers without credentials too. Whoever sends credentials is signed in by them, or refused.</summary>
internal sealed class AllowGuests
{
    public static readonly AllowGuests Instance = new();
}
