using System.Security.Cryptography;
using Central.ApiKeys;
using Central.Platform;
using Central.Sessions;

namespace Central.Users;

/// <summary>Finds and makes accounts. Works in the platform tenant.</summary>
internal static class AccountStore
{
    private const string DocType = "Account";
    private const int IdBytes = 10;

    /// <summary>A new user id.</summary>
    public static string NewId() => Account.IdPrefix + RandomNumberGenerator.GetHexString(IdBytes * 2, lowercase: true);

    /// <summary>The account of a user name or e-mail address, or null.</summary>
    public static async Task<Account?> FindByLoginAsync(TenantDb platform, string login, CancellationToken cancellationToken)
    {
        if (LoginName.Normalize(login) is not { } name)
        {
            return null;
        }

        var rows = await platform.GetAllAsync(
            DocType,
            new() { Fields = ["name", "username", "email"], OrFilters = [new("username", name), new("email", name)], Limit = 10 },
            cancellationToken);

        // Databases take letters with and without accents for the same; an account is found by its exact name.
        var row = rows.FirstOrDefault(row => row.Get<string>("username") == name) ?? rows.FirstOrDefault(row => row.Get<string>("email") == name);
        return row is null ? null : await platform.FindDocAsync<Account>(row.Get<string>("name")!, cancellationToken);
    }

    /// <summary>Keeps a new account.</summary>
    /// <exception cref="DuplicateEntryException">Its user name or address is that of another account.</exception>
    public static async Task InsertAsync(TenantDb platform, Account account, CancellationToken cancellationToken)
    {
        string[] names = [account.Username, account.Email];
        var taken = await platform.CountAsync(DocType, new() { OrFilters = [new("username", "in", names), new("email", "in", names)] }, cancellationToken);
        if (taken > 0)
        {
            throw Taken();
        }

        try
        {
            await platform.InsertAsync(account, ignorePermissions: true, cancellationToken);
        }
        catch (UniqueValidationException)
        {
            throw Taken();
        }
    }

    /// <summary>Enables an account, or disables it, which signs its user out everywhere and revokes the API keys.</summary>
    public static async Task SetEnabledAsync(TenantDb platform, string userId, bool isEnabled, CancellationToken cancellationToken)
    {
        await platform.UpdateAsync<Account>(userId, stored => stored.Enabled = isEnabled, ignorePermissions: true, cancellationToken);
        if (!isEnabled)
        {
            await SignIns.EndAllAsync(platform, userId, tenant: null, cancellationToken);
            await ApiKeyStore.RevokeAllAsync(platform, userId, tenant: null, cancellationToken);
        }
    }

    private static DuplicateEntryException Taken() => new("A user with this user name or e-mail address is there already");
}
