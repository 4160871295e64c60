using Central.Pages;
using Central.Users;

namespace Central.AccountPages;

/// <summary>What the page shows.</summary>
internal sealed record ProfileModel(string FullName, string GivenName, string FamilyName, string Language, string? Error);

/// <summary><c>/account/profile</c>: the user's own name and language, in the tenant of the session.</summary>
internal sealed class ProfileEndpoint(VisitorDatabase database) : IPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/account/profile";

    /// <inheritdoc/>
    public Task<IResult> ShowAsync(PageContext page)
    {
        var member = page.RequireVisitor().Member;
        return FormAsync(page, new ProfileModel(member.FullName, member.GivenName, member.FamilyName, member.Locale, Error: null), StatusCodes.Status200OK);
    }

    /// <inheritdoc/>
    public async Task<IResult> SubmitAsync(PageContext page)
    {
        var member = page.RequireVisitor().Member;
        var wanted = new ProfileModel(page.Field("full_name").Trim(), page.Field("given_name").Trim(), page.Field("family_name").Trim(), page.Field("language"), Error: null);
        if (!Languages.IsKnown(wanted.Language))
        {
            return await FormAsync(page, wanted with { Error = "Choose a language of the list." }, StatusCodes.Status400BadRequest);
        }

        var refusal = await FormRefusal.CatchAsync(() => database.RunAsync(page, db => db.UpdateAsync<User>(
            member.Username,
            user => (user.FullName, user.GivenName, user.FamilyName, user.Language) = (wanted.FullName, wanted.GivenName, wanted.FamilyName, wanted.Language),
            ignorePermissions: true, // one's own name is not a matter of roles
            page.Cancelled)));
        return refusal is null ? page.SeeOther(Notice.After(Path, "saved")) : await FormAsync(page, wanted with { Error = refusal.Message }, refusal.Status);
    }

    private static Task<IResult> FormAsync(PageContext page, ProfileModel model, int status) => page.RenderAsync<ProfilePage>(model, status);
}
