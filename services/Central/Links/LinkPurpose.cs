namespace Central.Links;

/// <summary>What links of one kind are for.</summary>
/// <param name="Name">What keys, limits and logs call it.</param>
/// <param name="Path">The page that they lead to.</param>
/// <param name="Lifetime">For how long they are good.</param>
/// <param name="PerHour">How many an address may ask for, and a user gets, in an hour.</param>
/// <param name="Subject">The subject of the mail, after the site's name.</param>
/// <param name="Invitation">What the mail says before the link.</param>
internal sealed record LinkPurpose(string Name, string Path, TimeSpan Lifetime, int PerHour, string Subject, string Invitation)
{
    /// <summary>What who comes with a key that is not good is told, whatever is wrong with it.</summary>
    public static PermissionException Worthless() => new("This link has expired or was used before: ask for a new one");
}
