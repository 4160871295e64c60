namespace Central.Sessions;

/// <summary>What the logout page keeps.</summary>
/// <param name="Target">A client's address to go to then, which was checked; null for the login.</param>
internal sealed record LogoutModel(string? Target);
