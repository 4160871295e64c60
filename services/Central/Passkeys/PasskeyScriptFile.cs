using Central.Pages;

namespace Central.Passkeys;

/// <summary>The script of the pages that use passkeys: the one thing that a form alone cannot do.</summary>
internal static class PasskeyScriptFile
{
    /// <summary>Where it is.</summary>
    public const string Address = "/central/passkeys.js";

    private static readonly byte[] s_content = Assets.Read("passkeys.js");

    /// <summary>Answers it.</summary>
    public static IResult Answer(HttpContext context) => Assets.Answer(context, s_content, "text/javascript; charset=utf-8");
}
