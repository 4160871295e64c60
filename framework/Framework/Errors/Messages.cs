namespace Microservices.Errors;

/// <summary>What a request tells its user beside its answer; Frappe's clients show it.</summary>
/// <param name="Text">The text; answered in the language of the request.</param>
/// <param name="Title">Its heading. Null: <c>Message</c>.</param>
/// <param name="Indicator">Frappe's colour, such as <c>green</c>, <c>orange</c> or <c>red</c>. Null: none.</param>
/// <param name="IsAlert">Whether it is shown for a moment only, and not in a window.</param>
public sealed record UserMessage(Message Text, Message? Title = null, string? Indicator = null, bool IsAlert = false);

/// <summary>
/// The messages of one request, for handlers and hooks to add to. They are answered as <c>_server_messages</c>, in API v2 as <c>messages</c>, whether
/// the request succeeds or not.
/// </summary>
public sealed class Messages
{
    private readonly List<UserMessage> _all = [];

    /// <summary>The messages so far, in order.</summary>
    public IReadOnlyList<UserMessage> All => _all;

    /// <summary>Adds a message.</summary>
    public void Add(UserMessage message) => _all.Add(message);

    /// <summary>Adds a message.</summary>
    /// <param name="text">The text.</param>
    /// <param name="indicator">Frappe's colour. Null: none.</param>
    /// <param name="isAlert">Whether it is shown for a moment only.</param>
    public void Add(Message text, string? indicator = null, bool isAlert = false) => Add(new UserMessage(text, Indicator: indicator, IsAlert: isAlert));
}
