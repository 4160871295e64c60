namespace Central.Commands;

/// <summary>Tells settings of the service, <c>--NAME value</c> or <c>--NAME=value</c>, from the words and options of a command, which are in small letters.</summary>
internal static class CommandSettings
{
    /// <summary>The one setting of the host that is written in small letters.</summary>
    private const string Environment = "--environment";

    /// <summary>The words of the command, and the settings.</summary>
    public static (string[] Command, string[] Settings) Split(string[] args)
    {
        List<string> command = [], settings = [];
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            var isSetting = name == Environment || (name.StartsWith("--", StringComparison.Ordinal) && name.Length > 2 && char.IsAsciiLetterUpper(name[2]));
            (isSetting ? settings : command).Add(args[i]);
            if (isSetting && name.Length == args[i].Length && i + 1 < args.Length)
            {
                settings.Add(args[++i]);
            }
        }

        return ([.. command], [.. settings]);
    }
}
