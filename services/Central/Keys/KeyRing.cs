using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Central.Platform;

namespace Central.Keys;

/// <summary>The site's signing keys, as the database has them: made when due, published, used and dropped by <see cref="RotationSchedule"/>.</summary>
internal sealed class KeyRing(PlatformDatabase platform, KeyEncryption encryption, TimeProvider time, AuditLog audit) : ISigningKeySource, IDisposable
{
    private const string DocType = "Signing Key";

    private static readonly TimeSpan s_leastBetweenRefetches = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1);
    private DateTimeOffset _refetchedAt;
    private volatile Published? _published;

    /// <summary>The key that signs now.</summary>
    /// <exception cref="AuthServiceUnavailableException">The keys are not loaded yet.</exception>
    public PrivateSigningKey Signing => Current(time.GetUtcNow()).Signing;

    /// <summary>The JWKS document.</summary>
    /// <inheritdoc cref="Signing"/>
    public ReadOnlyMemory<byte> Jwks => Current(time.GetUtcNow()).Jwks;

    /// <inheritdoc/>
    public SigningKeySet? Find(DateTimeOffset now) => _published is null ? null : Current(now).Verification;

    /// <inheritdoc/>
    public async ValueTask<SigningKeySet> RefetchAsync(CancellationToken cancellationToken)
    {
        // Another process may have made a key; a flood of invented key ids must not become a flood of queries.
        if (time.GetUtcNow() - _refetchedAt >= s_leastBetweenRefetches)
        {
            _refetchedAt = time.GetUtcNow();
            await RefreshAsync(cancellationToken);
        }

        return Current(time.GetUtcNow()).Verification;
    }

    /// <summary>The keys as they were last loaded, in the order in which they were made.</summary>
    public IReadOnlyList<ScheduledKey> All => _published?.All ?? [];

    /// <summary>Makes a key that signs as soon as every process and service can know it.</summary>
    public async Task<ScheduledKey> RotateAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var key = await MakeNextAsync(time.GetUtcNow() + RotationSchedule.PublishedAheadByCommand, cancellationToken);
            Use(await LoadAsync(cancellationToken));
            return key;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>
    /// Withdraws a key at once, and with it everything that it signed; when it is the one that signs, another signs from now on. Other
    /// processes follow when they next look. Returns whether there was such a key.
    /// </summary>
    public async Task<bool> CompromiseAsync(string kid, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var keys = await LoadAsync(cancellationToken);
            if (keys.FirstOrDefault(key => key.Key.Kid == kid) is not { } compromised)
            {
                return false;
            }

            var now = time.GetUtcNow();
            if (RotationSchedule.Signing(keys, now) == compromised)
            {
                await MakeNextAsync(now, cancellationToken);
            }

            await platform.RunAsync(db => db.TryDeleteAsync(DocType, Name(compromised.Number), cancellationToken));
            Use(await LoadAsync(cancellationToken));
            await audit.DoneAsync(AuditEvents.KeyCompromised, new(Reference: kid));
            return true;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Loads the keys, makes one when it is due and deletes what is retired.</summary>
    /// <exception cref="StartupException">A key cannot be decrypted.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var keys = await LoadAsync(cancellationToken);
            if (RotationSchedule.NextSignsFrom(keys, now) is { } signsFrom)
            {
                // When another process makes the key of this number first, its key counts.
                await TryMakeAsync(NextNumber(keys), signsFrom, cancellationToken);
                keys = await LoadAsync(cancellationToken);
            }

            foreach (var retired in keys.Where(key => RotationSchedule.IsRetired(keys, key, now)))
            {
                await platform.RunAsync(db => db.TryDeleteAsync(DocType, Name(retired.Number), cancellationToken));
            }

            Use(keys);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();

    private Published Current(DateTimeOffset now)
    {
        var published = _published ?? throw new AuthServiceUnavailableException("The signing keys are not loaded yet", TimeSpan.FromSeconds(1));
        return published.Until is { } until && now >= until ? _published = Publish(published.All, now) : published;
    }

    /// <summary>The same keys stay the same instance: caches of verified tokens are bound to it.</summary>
    private void Use(List<ScheduledKey> keys)
    {
        if (_published is not { } known || !known.All.Select(key => key.Key.Kid).SequenceEqual(keys.Select(key => key.Key.Kid), StringComparer.Ordinal))
        {
            _published = Publish(keys, time.GetUtcNow());
        }
    }

    private async Task<List<ScheduledKey>> LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await platform.RunAsync(db => db.GetAllAsync(
            DocType, new() { Fields = ["name", "kid", "encrypted_private_key", "signs_from"], Limit = 1000 }, cancellationToken));
        return [.. rows.Select(Read).OrderBy(key => key.Number)];
    }

    private ScheduledKey Read(Row row)
    {
        var known = _published?.All.FirstOrDefault(key => key.Key.Kid == row.Get<string>("kid"));
        if (known is not null)
        {
            return known;
        }

        try
        {
            var key = PrivateSigningKey.Import(encryption.Decrypt(row.Get<string>("encrypted_private_key")!, row.Get<string>("kid")!));
            return new ScheduledKey(
                int.Parse(row.Get<string>("name")!, CultureInfo.InvariantCulture), new DateTimeOffset(row.Get<DateTime>("signs_from"), TimeSpan.Zero), key);
        }
        catch (CryptographicException exception)
        {
            throw new StartupException("The signing keys in the database were encrypted with another key: set CENTRAL_KEK (or DATA_DIRECTORY, with its central.kek) as it was when they were made.", exception);
        }
    }

    private static int NextNumber(List<ScheduledKey> keys) => keys.Count == 0 ? 1 : keys[^1].Number + 1;

    /// <summary>Makes a key, of the next number that no other process takes meanwhile.</summary>
    private async Task<ScheduledKey> MakeNextAsync(DateTimeOffset signsFrom, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryMakeAsync(NextNumber(await LoadAsync(cancellationToken)), signsFrom, cancellationToken) is { } made)
            {
                return made;
            }
        }
    }

    /// <summary>Makes the key of a number; null when there is one.</summary>
    private async Task<ScheduledKey?> TryMakeAsync(int number, DateTimeOffset signsFrom, CancellationToken cancellationToken)
    {
        var (key, pkcs8) = PrivateSigningKey.Create();
        var record = new SigningKeyRecord
        {
            Name = Name(number),
            Kid = key.Kid,
            EncryptedPrivateKey = encryption.Encrypt(pkcs8, key.Kid),
            SignsFrom = signsFrom.UtcDateTime,
        };
        CryptographicOperations.ZeroMemory(pkcs8);
        try
        {
            await platform.RunAsync(db => db.InsertAsync(record, ignorePermissions: true, cancellationToken));
            await audit.DoneAsync(AuditEvents.KeyMade, new(Reference: key.Kid));
            return new ScheduledKey(number, signsFrom, key);
        }
        catch (DuplicateEntryException)
        {
            return null;
        }
    }

    private static Published Publish(IReadOnlyList<ScheduledKey> keys, DateTimeOffset now)
    {
        var published = keys.Where(key => !RotationSchedule.IsRetired(keys, key, now)).ToList();
        var jwks = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["keys"] = new JsonArray([.. published.Select(key => key.Key.PublicJwk())]) });
        return new Published(
            keys, jwks, SigningKeySet.TryRead(jwks)!, RotationSchedule.Signing(keys, now).Key, RotationSchedule.NextChange(keys, now));
    }

    private static string Name(int number) => number.ToString("D6", CultureInfo.InvariantCulture);

    private sealed record Published(
        IReadOnlyList<ScheduledKey> All, byte[] Jwks, SigningKeySet Verification, PrivateSigningKey Signing, DateTimeOffset? Until);
}
