namespace Central.Pages;

/// <summary>What an error page tells.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">What happened and what to do, in plain words.</param>
/// <param name="RequestId">By which operators find it.</param>
internal sealed record ErrorModel(int Status, string Message, string RequestId);
