namespace Microservices.Central.Tests;

/// <summary>A browser in which a user has signed in before has a count of failures of its own.</summary>
public sealed class DeviceCookieTests : IAsyncLifetime
{
    private readonly SiteStorage _storage = new();
    private readonly ManualTimeProvider _clock = new();
    private TestSite? _site;

    private TestSite Site => _site!;

    public async ValueTask InitializeAsync() => _site = await _storage.StartAsync(new SiteOptions { Clock = _clock, Seed = TestSeed.Of("alice", "bob") });

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task StrangersWhoGuess_DoNotLockTheUserOutOnAKnownDevice()
    {
        var device = await DeviceOfAsync("alice");
        await FailAsync("alice", 5);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await TryAsync("alice", TestSeed.PasswordOf("alice"), device)).Status);
        // The login there gives the strangers no new guesses.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync("alice", TestSeed.PasswordOf("alice"))).Status);
    }

    [Fact]
    public async Task KnownDevice_IsLockedToo_AndLocksNobodyElse()
    {
        var device = await DeviceOfAsync("alice");
        var other = await DeviceOfAsync("alice");
        await FailAsync("alice", 5, device);

        var locked = await TryAsync("alice", TestSeed.PasswordOf("alice"), device);
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (locked.Status, locked.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, (await TryAsync("alice", TestSeed.PasswordOf("alice"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await TryAsync("alice", TestSeed.PasswordOf("alice"), other)).Status);

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await TryAsync("alice", TestSeed.PasswordOf("alice"), device)).Status);
    }

    [Fact]
    public async Task DeviceOfAnotherUserOrAForgedOne_IsNone()
    {
        var alices = await DeviceOfAsync("alice");
        var bobs = await DeviceOfAsync("bob");
        string[] forged = [bobs, alices[..^1] + (alices[^1] == '0' ? '1' : '0'), new string('0', 32) + alices[32..], alices[..32], "", "x", string.Concat(Enumerable.Repeat("%C3%A9", 96)), alices + "0"];
        await FailAsync("alice", 5);

        foreach (var device in forged)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync("alice", TestSeed.PasswordOf("alice"), device)).Status);
        }
    }

    [Fact]
    public async Task DeviceAtAnUnknownName_GivesNoMoreGuesses()
    {
        var device = await DeviceOfAsync("alice");
        await FailAsync("nobody", 5);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync("nobody", "wrong", device)).Status);
    }

    [Fact]
    public async Task Cookie_IsKeptFromScriptsAndLastsLong_AndStaysTheSameInOneBrowser()
    {
        var answer = await TryAsync("alice", TestSeed.PasswordOf("alice"));
        var line = answer.CookieLine("device")!;
        foreach (var part in (string[])["httponly", "secure", "samesite=lax", "path=/", "max-age=31536000"])
        {
            Assert.Contains(part, line, StringComparison.OrdinalIgnoreCase);
        }

        var device = answer.Cookie("device")!;
        Assert.Equal(device, (await TryAsync("alice", TestSeed.PasswordOf("alice"), device)).Cookie("device"));
        Assert.NotEqual(device, await DeviceOfAsync("alice"));
        Assert.Null((await TryAsync("alice", "wrong", device)).Cookie("device"));
        Assert.Equal(HttpStatusCode.Forbidden, (await Site.GetAsync("/api/method/frappe.auth.get_logged_user", ("Cookie", "device=" + device))).Status);
    }

    private async Task<string> DeviceOfAsync(string user) => (await TryAsync(user, TestSeed.PasswordOf(user))).Cookie("device")!;

    private Task<Answer> TryAsync(string user, string password, string? device = null) =>
        Site.TryLoginAsync(user, password, device is null ? [] : [("Cookie", "device=" + device)]);

    private async Task FailAsync(string user, int times, string? device = null)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(user, "wrong", device)).Status);
        }
    }
}
