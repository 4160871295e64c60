namespace Central.Pages;

/// <summary>The one stylesheet of the pages.</summary>
internal static class Stylesheet
{
    /// <summary>Where it is.</summary>
    public const string Address = "/central/site.css";

    private static readonly byte[] s_content = Assets.Read("site.css");

    /// <summary>Answers it.</summary>
    public static IResult Answer(HttpContext context) => Assets.Answer(context, s_content, "text/css; charset=utf-8");
}
