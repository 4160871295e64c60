using System.Globalization;

namespace Microservices.Data.Sessions;

/// <summary>The names @p0, @p1, ... made once.</summary>
internal static class ParameterNames
{
    private static readonly string[] s_names = [.. Enumerable.Range(0, 512).Select(Make)];

    public static string At(int index) => index < s_names.Length ? s_names[index] : Make(index);

    private static string Make(int index) => "@p" + index.ToString(CultureInfo.InvariantCulture);
}
