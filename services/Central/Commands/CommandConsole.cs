using System.Text;

namespace Central.Commands;

/// <summary>Where a command reads and writes.</summary>
internal sealed record CommandConsole(TextReader Input, TextWriter Output, TextWriter Error)
{
    /// <summary>Reads a password: the first line of the input, or what a person types, unseen.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public string ReadPassword()
    {
        var password = Input == Console.In && !Console.IsInputRedirected ? Ask() : Input.ReadLine();
        return string.IsNullOrEmpty(password) ? throw new CommandException("The password comes on standard input, and nothing came.") : password;
    }

    private string Ask()
    {
        Error.Write("Password: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key is ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(typed.Length - 1, 0);
            }
            else if (pressed.KeyChar != '\0')
            {
                typed.Append(pressed.KeyChar);
            }
        }

        Error.WriteLine();
        return typed.ToString();
    }
}
